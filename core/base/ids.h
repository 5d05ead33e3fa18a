// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tokenscope {

/// 64 random bits. Unpredictable enough for identifiers, not for secrets. Thread-safe: each thread has its own generator,
/// seeded by the system.
std::uint64_t random_word();
/// Some of them at once, which costs less than one by one.
void fill_random(std::span<std::uint64_t> words);
template <std::size_t Count>
std::array<std::uint64_t, Count> random_words()
{
    std::array<std::uint64_t, Count> words;
    fill_random(words);
    return words;
}

/// `bytes` random bytes as lower-case hex. Unpredictable enough for identifiers, not for secrets. Thread-safe.
std::string random_hex(std::size_t bytes);

/// A client-supplied request id is kept only if it is 1 to 128 printable ASCII characters without spaces, quotes or
/// backslashes: it goes into headers and logs.
bool is_usable_request_id(std::string_view id);

} // namespace tokenscope

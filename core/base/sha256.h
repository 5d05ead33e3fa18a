// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace tokenscope {

using Sha256 = std::array<std::uint8_t, 32>;

/// SHA-256 (FIPS 180-4) of the bytes, by OpenSSL. Throws std::runtime_error only where OpenSSL was built or configured
/// without it, so that no caller can go on with a digest that is none. Thread-safe.
Sha256 sha256(std::string_view bytes);

/// Takes the same time wherever the two differ.
bool same_digest(const Sha256& a, const Sha256& b);

/// 64 lower-case hex digits.
std::string to_hex(const Sha256& digest);

} // namespace tokenscope

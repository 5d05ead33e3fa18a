// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tokenscope::providers::demo {

/// The longest reply, in tokens of count_tokens().
inline constexpr std::uint64_t longest_reply = 220;

/// A plausible reply of 60 to 220 tokens in Markdown, now and then with a list, a table or a code block. Its first sentence
/// says that it is a "demo (simulated)" one. It picks up words of `prompt`, whatever bytes that holds, and is valid UTF-8.
/// The same for the same seed and prompt.
std::string reply_text(std::uint64_t seed, std::string_view prompt);

} // namespace tokenscope::providers::demo

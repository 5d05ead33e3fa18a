// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::providers::demo {

// The demo engine's own tokenizer. Like the byte-pair ones of real models, it makes a short English word with the space
// before it one token, cuts long words, groups digits by three, and spends about a token on each CJK character or emoji.
// Its tokens are pieces of the text and no byte is lost, whatever the text: in valid UTF-8 every token is valid UTF-8, and
// a byte that is not becomes a token of its own.

/// The tokens, in order; views into `text`.
std::vector<std::string_view> tokenise(std::string_view text);

/// The inverse: detokenise(tokenise(text)) == text.
std::string detokenise(std::span<const std::string_view> tokens);

/// tokenise(text).size() without the memory.
std::uint64_t count_tokens(std::string_view text);

} // namespace tokenscope::providers::demo

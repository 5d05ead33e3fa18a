// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/anthropic_model.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace tokenscope::llm {

namespace {

/// 4.6 is 406. Dates, which stand in the same places, have more than two digits.
std::optional<unsigned> generation(std::string_view words)
{
    constexpr std::size_t most_digits = 2;
    std::optional<unsigned> major;
    while (!words.empty()) {
        const std::size_t end = std::min(words.find_first_of("-.@_:"), words.size());
        const std::string_view word = words.substr(0, end);
        unsigned number = 0;
        const auto [rest, error] = std::from_chars(word.data(), word.data() + word.size(), number);
        const bool is_number =
            !word.empty() && word.size() <= most_digits && error == std::errc{} && rest == word.data() + word.size();
        if (major)
            return *major * 100 + (is_number ? number : 0);
        if (is_number)
            major = number;
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return major ? std::optional(*major * 100) : std::nullopt;
}

} // namespace

AnthropicModel anthropic_model(std::string_view name)
{
    constexpr std::string_view family = "claude";
    const std::size_t at = name.find(family);
    if (at == std::string_view::npos)
        return {.thinking = AnthropicThinking::budget, .knows_xhigh = false, .default_max_tokens = 8'192};
    const auto version = generation(name.substr(at + family.size()));
    AnthropicModel model;
    if (!version)
        return model;
    model.knows_xhigh = *version >= 407;
    if (*version < 307)
        model.thinking = AnthropicThinking::none;
    else if (*version < 406)
        model.thinking = AnthropicThinking::budget;
    if (*version < 305)
        model.default_max_tokens = 4'096;
    else if (*version < 307)
        model.default_max_tokens = 8'192;
    return model;
}

} // namespace tokenscope::llm

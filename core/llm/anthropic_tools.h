// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::llm {

/// A chat request's tools as Anthropic has them. Used inside this folder.
struct AnthropicTools {
    std::string tools;   ///< of "tools"; empty for none
    std::string choice;  ///< of "tool_choice"; empty for none
    bool forced = false; ///< the model must call one
};

/// From a request's `tools`, `tool_choice` and `parallel_tool_calls`, each raw JSON. Errors: invalid_request, with param.
Result<AnthropicTools> anthropic_tools(std::optional<std::string_view> tools, std::optional<std::string_view> choice,
                                       std::optional<std::string_view> parallel);

} // namespace tokenscope::llm

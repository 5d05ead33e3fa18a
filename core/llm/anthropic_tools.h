// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>

namespace tokenscope::llm {

/// A chat request's tools as Anthropic has them. Used inside this folder.
struct AnthropicTools {
    std::string tools;   ///< of "tools"; empty for none
    std::string choice;  ///< of "tool_choice"; empty for none
    bool forced = false; ///< the model must call one
};

/// Reads tools, tool_choice and parallel_tool_calls of `request`, which is raw JSON. Errors: invalid_request, with param.
Result<AnthropicTools> anthropic_tools(std::string_view request);

} // namespace tokenscope::llm

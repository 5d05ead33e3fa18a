// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>

namespace tokenscope::llm {

/// What a Responses request offers its model, in the words of a chat.
struct ResponsesTools {
    std::string tools;  ///< JSON array; empty: none are offered
    std::string choice; ///< JSON; empty: nothing was said, or nothing is offered
};

/// Flat functions become nested ones. A choice of allowed_tools, which only OpenAI's own chats know, offers no other tools
/// and chooses its mode. Errors: invalid_request with `param`, for custom tools and those that OpenAI runs itself
/// (web_search, file_search, mcp, ...), and for a choice of a function that is not offered.
Result<ResponsesTools> read_responses_tools(std::string_view body);

} // namespace tokenscope::llm

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "llm/messages_parts.h"

#include <string>
#include <string_view>

namespace tokenscope::llm {

/// What the content of a Responses item comes to in a chat: a string, or an array of input_text, output_text, refusal,
/// input_image, input_file and input_audio. Errors: invalid_request, naming the part below `where`.
Result<void> read_response_content(std::string_view content, const std::string& where, ChatParts& parts);

} // namespace tokenscope::llm

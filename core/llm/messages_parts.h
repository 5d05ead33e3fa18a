// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::llm {

/// A piece of a chat message's content.
struct ChatPart {
    bool text = true;
    std::string json; ///< of a text the quoted string, else a whole content part
};
using ChatParts = std::vector<ChatPart>;

/// The string in which a member is required, still quoted. Error: invalid_request, naming `where` and `key`.
Result<std::string_view> required_string(std::string_view object, std::string_view key, const std::string& where);

/// The `type` of a block, unescaped. Error: invalid_request, `where` is no object or has no type.
Result<std::string> block_type(std::string_view block, const std::string& where);

/// Adds what one of Anthropic's content blocks comes to in a chat. `where` names it in errors (invalid_request).
///
/// - text -> text. image: base64 -> a data URL, url -> that URL, as `image_url` part.
/// - document: base64 PDF -> a `file` part with a data URL; text -> its text; content -> its blocks. Title and context,
///   which Anthropic shows the model too, stand before it as text. A chat fetches no documents, so a URL is an error.
/// - search_result -> title, source and texts as text.
///
/// Other types, files of Anthropic's storage (file_id), and the blocks of Anthropic's own tools are errors.
/// cache_control and citations settings have no counterpart and are left out.
Result<void> read_content_block(std::string_view block, const std::string& where, ChatParts& parts);

/// A string, or an array of blocks as above. Null or absent (empty `content`) comes to nothing.
Result<void> read_content(std::string_view content, const std::string& where, ChatParts& parts);

/// The parts' JSON: a plain string if all are text, joined by line breaks, because many servers take no more; else an
/// array.
std::string chat_content(const ChatParts& parts);

} // namespace tokenscope::llm

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/messages_parts.h"

#include "llm/chat_fields.h"
#include "llm/json_scan.h"
#include "llm/json_text.h"
#include "llm/json_object_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tokenscope::llm {

namespace {

// The request has been checked to be JSON, so the raw text between the quotes of its strings can be put together anew
// without being unescaped: images are long.

using Raw = std::string_view;

Raw inside(Raw quoted)
{
    return quoted.substr(1, quoted.size() - 2);
}

Result<Raw> source_of(Raw block, const std::string& where)
{
    const auto source = find_json_value(block, "source");
    if (!source || !is_json_object(*source))
        return bad_field(where + ".source", fmt::format("'{}.source' must be an object.", where));
    return *source;
}

tl::unexpected<Error> bad_source(const std::string& where, std::string_view what, std::string_view takes)
{
    const auto param = where + ".source.type";
    return bad_field(
        param, fmt::format("'{}' is not one that the model's provider can take: send {} as {}.", param, what, takes));
}

/// "data:<media type>;base64,<data>", quoted.
Result<std::string> data_url(Raw source, const std::string& where)
{
    const auto type = required_string(source, "media_type", where);
    if (!type)
        return failure(type.error());
    const auto data = required_string(source, "data", where);
    if (!data)
        return failure(data.error());
    return fmt::format("\"data:{};base64,{}\"", inside(*type), inside(*data));
}

void add_part(ChatParts& parts, std::string_view type, std::string_view inner_key, Raw inner_value,
              std::string_view filename = {})
{
    std::string json;
    ObjectWriter part(json);
    part.text("type", type);
    part.begin(type);
    ObjectWriter inner(json);
    if (!filename.empty())
        inner.raw("filename", filename);
    inner.raw(inner_key, inner_value);
    inner.end();
    part.end();
    parts.push_back({.text = false, .json = std::move(json)});
}

Result<void> add_text(Raw object, std::string_view key, const std::string& where, ChatParts& parts)
{
    const auto text = required_string(object, key, where);
    if (!text)
        return failure(text.error());
    parts.push_back({.text = true, .json = std::string(*text)});
    return {};
}

void add_if_string(Raw object, std::string_view key, ChatParts& parts)
{
    if (const auto text = find_json_value(object, key); text && is_json_string(*text) && *text != "\"\"")
        parts.push_back({.text = true, .json = std::string(*text)});
}

Result<void> read_image(Raw block, const std::string& where, ChatParts& parts)
{
    const auto source = source_of(block, where);
    if (!source)
        return failure(source.error());
    const auto type = block_type(*source, where + ".source");
    if (!type)
        return failure(type.error());
    if (*type == "base64") {
        const auto url = data_url(*source, where + ".source");
        if (!url)
            return failure(url.error());
        add_part(parts, "image_url", "url", *url);
        return {};
    }
    if (*type != "url")
        return bad_source(where, "images", "'base64' or 'url'");
    const auto url = required_string(*source, "url", where + ".source");
    if (!url)
        return failure(url.error());
    add_part(parts, "image_url", "url", *url);
    return {};
}

Result<void> read_document(Raw block, const std::string& where, ChatParts& parts)
{
    const auto source = source_of(block, where);
    if (!source)
        return failure(source.error());
    const std::string inner = where + ".source";
    const auto type = block_type(*source, inner);
    if (!type)
        return failure(type.error());
    const auto title = find_json_value(block, "title");
    const bool titled = title && is_json_string(*title) && *title != "\"\"";
    if (*type == "base64") {
        const auto url = data_url(*source, inner);
        if (!url)
            return failure(url.error());
        add_if_string(block, "context", parts);
        add_part(parts, "file", "file_data", *url, titled ? *title : Raw(R"("document.pdf")"));
        return {};
    }
    if (*type != "text" && *type != "content")
        return bad_source(where, "documents", "'base64', 'text' or 'content'");
    add_if_string(block, "title", parts);
    add_if_string(block, "context", parts);
    if (*type == "text")
        return add_text(*source, "data", inner, parts);
    return read_content(find_json_value(*source, "content").value_or(Raw()), inner + ".content", parts);
}

} // namespace

Result<Raw> required_string(Raw object, std::string_view key, const std::string& where)
{
    const auto value = find_json_value(object, key);
    if (value && is_json_string(*value))
        return *value;
    auto param = fmt::format("{}.{}", where, key);
    auto message = fmt::format("'{}' must be a string.", param);
    return bad_field(std::move(param), std::move(message));
}

Result<std::string> block_type(Raw block, const std::string& where)
{
    if (!is_json_object(block))
        return bad_field(where, fmt::format("'{}' must be an object.", where));
    const auto type = required_string(block, "type", where);
    if (!type)
        return failure(type.error());
    return unescape_json(*type);
}

Result<void> read_content_block(Raw block, const std::string& where, ChatParts& parts)
{
    const auto type = block_type(block, where);
    if (!type)
        return failure(type.error());
    if (*type == "text")
        return add_text(block, "text", where, parts);
    if (*type == "image")
        return read_image(block, where, parts);
    if (*type == "document")
        return read_document(block, where, parts);
    if (*type == "search_result") {
        add_if_string(block, "title", parts);
        add_if_string(block, "source", parts);
        return read_content(find_json_value(block, "content").value_or(Raw()), where + ".content", parts);
    }
    return bad_field(where + ".type",
                     fmt::format("'{}' is a block of type '{}', which the model's provider cannot take here: it only "
                                 "chats, and has none of Anthropic's own tools and storage.",
                                 where, utf8_prefix(*type, 64)));
}

Result<void> read_content(Raw content, const std::string& where, ChatParts& parts)
{
    if (content.empty() || content == "null")
        return {};
    if (is_json_string(content)) {
        parts.push_back({.text = true, .json = std::string(content)});
        return {};
    }
    if (!is_json_array(content))
        return bad_field(where, fmt::format("'{}' must be a string or an array of blocks.", where));
    Raw block;
    JsonElements blocks(content);
    for (std::size_t i = 0; blocks.next(block); ++i) {
        if (auto read = read_content_block(block, fmt::format("{}[{}]", where, i), parts); !read)
            return read;
    }
    return {};
}

std::string chat_content(const ChatParts& parts)
{
    std::string out;
    if (std::all_of(parts.begin(), parts.end(), [](const ChatPart& part) { return part.text; })) {
        out = '"';
        for (const ChatPart& part : parts) {
            if (&part != &parts.front())
                out += "\\n";
            out += inside(part.json);
        }
        return out + '"';
    }
    out = '[';
    for (const ChatPart& part : parts) {
        if (part.text)
            out.append(R"({"type":"text","text":)").append(part.json).append("},");
        else
            out.append(part.json).append(",");
    }
    out.back() = ']';
    return out;
}

} // namespace tokenscope::llm

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/anthropic_blocks.h"

#include "llm/chat_fields.h"
#include "llm/json_object_writer.h"
#include "llm/json_scan.h"

#include <fmt/format.h>

#include <utility>

namespace tokenscope::llm {

namespace {

using Raw = std::string_view;

constexpr std::string_view pdf = "application/pdf";

bool is_blank(Raw text)
{
    constexpr std::string_view spaces = " \t\r\n";
    if (text.size() > 2 && text[1] != '\\' && spaces.find(text[1]) == std::string_view::npos)
        return false; // without unescaping a long text
    return unescape_json(text).find_first_not_of(spaces) == std::string::npos;
}

void copy(ObjectWriter& out, Raw from, std::string_view key)
{
    if (const auto value = find_json_value(from, key))
        out.raw(key, *value);
}

/// {"type":"base64",...} or {"type":"url",...} for where an image or a document is to be had from; the media type goes to
/// `media_type`. Nothing for other kinds of URL.
std::optional<std::string> source_of(std::string_view url, std::string& media_type)
{
    std::string out;
    ObjectWriter source(out);
    if (const auto data = split_data_url(url); data && !data->media_type.empty()) {
        media_type = data->media_type == "image/jpg" ? "image/jpeg" : data->media_type;
        source.text("type", "base64");
        source.text("media_type", media_type);
        source.text("data", data->data);
    } else if (url.starts_with("https://") || url.starts_with("http://")) {
        source.text("type", "url");
        source.text("url", url);
    } else {
        return std::nullopt;
    }
    source.end();
    return out;
}

} // namespace

void AnthropicBlocks::add(std::string_view block)
{
    if (!m_json.empty())
        m_json += ',';
    m_json += block;
}

void AnthropicBlocks::add_text(Raw text, std::optional<Raw> cache_control)
{
    if (is_blank(text))
        return;
    std::string block;
    ObjectWriter out(block);
    out.text("type", "text");
    out.raw("text", text);
    if (cache_control)
        out.raw("cache_control", *cache_control);
    out.end();
    add(block);
}

Result<void> AnthropicBlocks::add_content(std::optional<Raw> content, std::optional<Raw> cache_control,
                                          const std::string& where, Allowed allowed)
{
    if (!content)
        return {};
    if (is_json_string(*content)) {
        add_text(*content, cache_control);
        return {};
    }
    if (!is_json_array(*content))
        return bad_field(where, fmt::format("'{}' must be a string or an array of parts.", where));
    Raw part;
    JsonElements parts(*content);
    for (std::size_t i = 0; parts.next(part); ++i) {
        if (auto added = add_part(part, fmt::format("{}[{}]", where, i), allowed); !added)
            return added;
    }
    return {};
}

Result<void> AnthropicBlocks::add_part(Raw part, const std::string& where, Allowed allowed)
{
    const Raw type = find_json_member(part, "type").value_or(Raw());
    if (!is_json_string(type))
        return bad_field(where + ".type", fmt::format("'{}' must be an object with a 'type'.", where));
    const bool refusal = json_string_is(type, "refusal");
    if (refusal || json_string_is(type, "text")) {
        const std::string_view key = refusal ? "refusal" : "text";
        const Raw words = find_json_member(part, key).value_or(Raw());
        if (!is_json_string(words))
            return bad_field(fmt::format("{}.{}", where, key), fmt::format("'{}.{}' must be a string.", where, key));
        add_text(words, find_json_value(part, "cache_control"));
        return {};
    }
    if (allowed == Allowed::text)
        return bad_field(where + ".type", fmt::format("'{}' must be of type 'text': Anthropic's system prompt takes "
                                                      "nothing else.",
                                                      where));
    if (json_string_is(type, "image_url"))
        return add_image(part, where);
    if (json_string_is(type, "file"))
        return add_file(part, where);
    if (json_string_is(type, "input_audio"))
        return bad_field(where + ".type", fmt::format("'{}' is audio, which Anthropic does not take.", where));
    add(part); // a block of Anthropic's own, e.g. a document; of what it does not know it will say so
    return {};
}

Result<void> AnthropicBlocks::add_image(Raw part, const std::string& where)
{
    const Raw image = find_json_member(part, "image_url").value_or(Raw());
    const Raw url = is_json_object(image) ? find_json_member(image, "url").value_or(Raw()) : image;
    if (!is_json_string(url))
        return bad_field(where + ".image_url", fmt::format("'{}.image_url.url' must be a string.", where));
    std::string media_type;
    const auto source = source_of(unescape_json(url), media_type);
    if (!source)
        return bad_field(where + ".image_url", fmt::format("'{}.image_url.url' must be a data URL "
                                                           "(data:image/png;base64,...), or begin with https://.",
                                                           where));
    std::string block;
    ObjectWriter out(block);
    out.text("type", media_type == pdf ? "document" : "image");
    out.raw("source", *source);
    copy(out, part, "cache_control");
    out.end();
    add(block);
    return {};
}

Result<void> AnthropicBlocks::add_file(Raw part, const std::string& where)
{
    const Raw file = find_json_member(part, "file").value_or(Raw());
    const Raw data = find_json_member(file, "file_data").value_or(Raw());
    std::string media_type;
    const auto source = is_json_string(data) ? source_of(unescape_json(data), media_type) : std::nullopt;
    if (!source || (!media_type.empty() && media_type != pdf))
        return bad_field(
            where + ".file.file_data",
            fmt::format("'{}.file.file_data' must be a PDF as a data URL (data:application/pdf;base64,...): "
                        "send the file's content, not an id of OpenAI's, and other text as a text part.",
                        where));
    std::string block;
    ObjectWriter out(block);
    out.text("type", "document");
    out.raw("source", *source);
    if (const auto name = find_json_value(file, "filename"))
        out.raw("title", *name);
    for (const std::string_view key : {"cache_control", "citations", "context"})
        copy(out, part, key);
    out.end();
    add(block);
    return {};
}

} // namespace tokenscope::llm

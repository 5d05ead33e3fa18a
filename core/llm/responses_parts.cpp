// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/responses_parts.h"

#include "llm/chat_fields.h"
#include "llm/json_object_writer.h"
#include "llm/json_scan.h"

#include <fmt/format.h>

#include <utility>

namespace tokenscope::llm {

namespace {

using Raw = std::string_view;

Result<void> add_text(Raw part, std::string_view key, const std::string& where, ChatParts& parts)
{
    const auto text = required_string(part, key, where);
    if (!text)
        return failure(text.error());
    parts.push_back({.text = true, .json = std::string(*text)});
    return {};
}

tl::unexpected<Error> no_files(const std::string& where, std::string_view member, std::string_view instead)
{
    return bad_field(fmt::format("{}.{}", where, member),
                     fmt::format("'{}.{}' cannot be followed: the model's provider has no such file. Send {}.", where,
                                 member, instead));
}

/// `{"type":<type>,<type>:{...}}`, whose inner object `fill` writes.
template <typename Fill>
void add_part(ChatParts& parts, std::string_view type, Fill fill)
{
    std::string json;
    ObjectWriter part(json);
    part.text("type", type);
    part.begin(type);
    ObjectWriter inner(json);
    fill(inner);
    inner.end();
    part.end();
    parts.push_back({.text = false, .json = std::move(json)});
}

Result<void> add_image(Raw part, const std::string& where, ChatParts& parts)
{
    const auto given = find_json_value(part, "image_url");
    if (!given && find_json_value(part, "file_id"))
        return no_files(where, "file_id", "the image as a data URL in 'image_url'");
    const auto url = required_string(part, "image_url", where);
    if (!url)
        return failure(url.error());
    const auto detail = find_json_value(part, "detail");
    add_part(parts, "image_url", [&](ObjectWriter& inner) {
        inner.raw("url", *url);
        if (detail && json_string_is(*detail, "original"))
            inner.text("detail", "high");
        else if (detail)
            inner.raw("detail", *detail);
    });
    return {};
}

Result<void> add_file(Raw part, const std::string& where, ChatParts& parts)
{
    const auto data = find_json_value(part, "file_data");
    for (const std::string_view member : {"file_id", "file_url"})
        if (!data && find_json_value(part, member))
            return no_files(where, member, "its content in 'file_data'");
    const auto content = required_string(part, "file_data", where);
    if (!content)
        return failure(content.error());
    const auto name = find_json_value(part, "filename");
    add_part(parts, "file", [&](ObjectWriter& inner) {
        if (name)
            inner.raw("filename", *name);
        inner.raw("file_data", *content);
    });
    return {};
}

Result<void> add_audio(Raw part, const std::string& where, ChatParts& parts)
{
    const auto audio = find_json_value(part, "input_audio");
    if (!audio || !is_json_object(*audio))
        return bad_field(where + ".input_audio", fmt::format("'{}.input_audio' must be an object.", where));
    std::string json;
    ObjectWriter out(json);
    out.text("type", "input_audio");
    out.raw("input_audio", *audio);
    out.end();
    parts.push_back({.text = false, .json = std::move(json)});
    return {};
}

Result<void> add(Raw part, const std::string& where, ChatParts& parts)
{
    const auto type = block_type(part, where);
    if (!type)
        return failure(type.error());
    if (*type == "input_text" || *type == "output_text" || *type == "text")
        return add_text(part, "text", where, parts);
    if (*type == "refusal")
        return add_text(part, "refusal", where, parts);
    if (*type == "input_image")
        return add_image(part, where, parts);
    if (*type == "input_file")
        return add_file(part, where, parts);
    if (*type == "input_audio")
        return add_audio(part, where, parts);
    return bad_field(where + ".type",
                     fmt::format("'{}' is of type '{}', which the model's provider cannot take: use input_text, "
                                 "input_image, input_file, input_audio, output_text or refusal.",
                                 where, *type));
}

} // namespace

Result<void> read_response_content(Raw content, const std::string& where, ChatParts& parts)
{
    if (is_json_string(content)) {
        parts.push_back({.text = true, .json = std::string(content)});
        return {};
    }
    Raw part;
    JsonElements elements(content);
    for (std::size_t i = 0; elements.next(part); ++i)
        if (auto read = add(part, fmt::format("{}[{}]", where, i), parts); !read)
            return read;
    return {};
}

} // namespace tokenscope::llm

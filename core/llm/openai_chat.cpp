// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/openai_chat.h"

#include "llm/json_scan.h"
#include "llm/json_text.h"
#include "llm/openai_facts.h"

#include <algorithm>
#include <utility>

namespace tokenscope::llm {

namespace {

using simdjson::ondemand::value;

struct Edit {
    Span span;
    std::string text;
};

/// Adds a member behind the last one, so that it also wins over an earlier one of that name (which was null).
Edit append_to_object(std::string_view body, Span object, std::string_view member)
{
    const std::size_t brace = object.end - 1;
    std::string_view key;
    std::string_view ignored;
    const bool empty = !JsonMembers(body.substr(object.begin, object.end - object.begin)).next(key, ignored);
    return {{brace, brace}, empty ? std::string(member) : "," + std::string(member)};
}

Edit usage_edit(const ModelRequest& request)
{
    constexpr std::string_view include = R"("include_usage":true)";
    const std::string_view body = request.body;
    if (!request.stream_options_value) {
        const Span whole{body.find('{'), body.rfind('}') + 1};
        return append_to_object(body, whole, R"("stream_options":{"include_usage":true})");
    }
    const Span options = *request.stream_options_value;
    const auto object = body.substr(options.begin, options.end - options.begin);
    if (!is_json_object(object))
        return {options, R"({"include_usage":true})"};
    if (const auto said = find_json_member(object, "include_usage")) {
        const auto at = static_cast<std::size_t>(said->data() - body.data());
        return {{at, at + said->size()}, "true"};
    }
    return append_to_object(body, options, include);
}

} // namespace

bool adds_usage(const ModelRequest& request)
{
    return request.stream && !request.include_usage.value_or(false);
}

std::string openai_upstream_body(const ModelRequest& request, std::string_view upstream_model, bool want_usage)
{
    std::vector<Edit> edits;
    if (request.model != upstream_model) {
        std::string name;
        append_json_string(name, upstream_model);
        edits.push_back({request.model_value, std::move(name)});
    }
    if (want_usage && adds_usage(request))
        edits.push_back(usage_edit(request));
    std::sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) { return a.span.begin < b.span.begin; });

    std::string body;
    body.reserve(request.body.size() + upstream_model.size() + 64);
    std::size_t at = 0;
    for (const Edit& edit : edits) {
        body.append(request.body, at, edit.span.begin - at);
        body += edit.text;
        at = edit.span.end;
    }
    body.append(request.body, at);
    return body;
}

Result<ReplyFacts> read_openai_reply(std::string_view body)
{
    ReplyFacts facts;
    if (!read_openai_facts(body, facts))
        return failure(ErrorCode::upstream_bad_reply, "The upstream's reply is not a JSON object: check its base URL.");
    return facts;
}

Result<std::vector<ModelEntry>> read_openai_models(std::string_view body)
{
    JsonScratch scratch;
    std::vector<ModelEntry> models;
    bool listed = false;
    const auto read_entry = [&](value item) {
        ModelEntry entry;
        const bool whole = visit_value(item, [&](std::string_view key, value member) {
            if (key == "id")
                entry.id = text_or(member);
            else if (std::int64_t created = 0; key == "created" && member.get_int64().get(created) == simdjson::SUCCESS)
                entry.created = created;
            return true;
        });
        if (!entry.id.empty())
            models.push_back(std::move(entry));
        return whole;
    };
    const bool whole = visit_text(scratch, body, [&](std::string_view key, value item) {
        simdjson::ondemand::json_type type{};
        if (key != "data" || item.type().get(type) != simdjson::SUCCESS || type != simdjson::ondemand::json_type::array)
            return true;
        listed = true;
        return visit_elements(item, read_entry);
    });
    if (!whole || !listed)
        return failure(ErrorCode::upstream_bad_reply,
                       "The upstream's list of models is not in OpenAI's format: check its base URL.");
    return models;
}

} // namespace tokenscope::llm

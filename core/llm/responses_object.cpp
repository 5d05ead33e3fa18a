// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/responses_object.h"

#include "llm/json_object_writer.h"
#include "llm/json_scan.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>

namespace tokenscope::llm {

namespace {

using Raw = std::string_view;

struct Setting {
    std::string_view key;
    std::string_view otherwise; ///< JSON
};

constexpr Setting settings[] = {{"background", "false"},
                                {"instructions", "null"},
                                {"max_output_tokens", "null"},
                                {"max_tool_calls", "null"},
                                {"parallel_tool_calls", "true"},
                                {"previous_response_id", "null"},
                                {"prompt_cache_key", "null"},
                                {"safety_identifier", "null"},
                                {"service_tier", "null"},
                                {"store", "true"},
                                {"temperature", "null"},
                                {"tool_choice", "\"auto\""},
                                {"tools", "[]"},
                                {"top_logprobs", "0"},
                                {"top_p", "null"},
                                {"truncation", "\"disabled\""}};

/// The client's object, in which `defaults` stand where it has nothing.
std::string merged(Raw given, std::initializer_list<Setting> defaults)
{
    std::string out;
    ObjectWriter object(out);
    for (const auto& [key, otherwise] : defaults)
        object.raw(key, find_json_value(given, key).value_or(otherwise));
    Raw key;
    Raw value;
    for (JsonMembers members(given); members.next(key, value);) {
        bool written = false;
        for (const auto& one : defaults)
            written = written || json_string_is(key, one.key);
        if (!written)
            object.member(key, value);
    }
    object.end();
    return out;
}

struct Counts {
    std::uint64_t input = 0;
    std::uint64_t output = 0;
    std::uint64_t total = 0;
};

std::optional<Counts> counts_of(const Usage& usage)
{
    auto input = usage.prompt;
    auto output = usage.completion;
    if (!input && output && usage.total && *usage.total >= *output)
        input = *usage.total - *output;
    if (!output && input && usage.total && *usage.total >= *input)
        output = *usage.total - *input;
    if (!input || !output)
        return std::nullopt;
    return Counts{.input = *input, .output = *output, .total = usage.total.value_or(*input + *output)};
}

std::string usage_json(const Usage& usage)
{
    const auto counts = counts_of(usage);
    if (!counts)
        return "null";
    return fmt::format(R"({{"input_tokens":{},"input_tokens_details":{{"cached_tokens":{}}},"output_tokens":{},)"
                       R"("output_tokens_details":{{"reasoning_tokens":{}}},"total_tokens":{}}})",
                       counts->input, usage.cached.value_or(0), counts->output, usage.reasoning.value_or(0),
                       counts->total);
}

void nullable(ObjectWriter& object, std::string_view key, std::string_view inner_key, std::string_view text,
              std::string& out)
{
    if (text.empty())
        return object.raw(key, "null");
    object.begin(key);
    ObjectWriter inner(out);
    if (key == "error")
        inner.text("code", "server_error");
    inner.text(inner_key, text);
    inner.end();
}

} // namespace

ResponseObject::ResponseObject(const ModelRequest& request, std::string id, WallTime created)
    : m_id(std::move(id)),
      m_created(std::to_string(std::chrono::duration_cast<std::chrono::seconds>(created.time_since_epoch()).count())),
      m_model(request.model)
{
    const Raw body = Raw(request.body).substr(request.body.find('{'));
    const auto add = [](std::string& out, std::string_view key, std::string_view value) {
        out.append(",\"").append(key).append("\":").append(value);
    };
    for (const auto& [key, otherwise] : settings)
        add(m_settings, key, find_json_value(body, key).value_or(otherwise));
    add(m_settings, "reasoning",
        merged(find_json_value(body, "reasoning").value_or("{}"), {{"effort", "null"}, {"summary", "null"}}));
    add(m_settings, "text", merged(find_json_value(body, "text").value_or("{}"), {{"format", R"({"type":"text"})"}}));
    add(m_late_settings, "user", find_json_value(body, "user").value_or("null"));
    add(m_late_settings, "metadata", find_json_value(body, "metadata").value_or("{}"));
}

std::string ResponseObject::write(const ResponseState& state) const
{
    std::string out;
    ObjectWriter object(out);
    object.text("id", m_id);
    object.text("object", "response");
    object.raw("created_at", m_created);
    object.text("status", state.status);
    nullable(object, "error", "message", state.error, out);
    nullable(object, "incomplete_details", "reason", state.incomplete_reason, out);
    object.text("model", m_model);
    object.begin("output");
    out += '[';
    if (state.output)
        for (const std::string& item : *state.output)
            out.append(out.back() == '[' ? "" : ",").append(item);
    out += ']';
    out += m_settings;
    object.raw("usage", usage_json(state.usage));
    out += m_late_settings;
    object.end();
    return out;
}

} // namespace tokenscope::llm

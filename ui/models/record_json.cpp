// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/record_json.h"

#include "telemetry/text.h"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace tokenscope::ui {

namespace {

using Json = nlohmann::ordered_json;
using telemetry::RequestRecord;

/// Sets what is there, in order.
struct Writer {
    Json& json;
    void text(const char* key, std::string_view value) const
    {
        if (!value.empty())
            json[key] = std::string(value);
    }
    void count(const char* key, const std::optional<std::uint64_t>& value) const
    {
        if (value)
            json[key] = *value;
    }
};

Json identity(const RequestRecord& record)
{
    auto json = Json::object();
    const Writer out{json};
    out.text("request_id", record.request_id);
    out.text("trace_id", record.trace_id.view());
    json["sampled"] = record.sampled;
    json["started"] = telemetry::rfc3339(record.started);
    out.text("route", record.route);
    out.text("operation", record.operation);
    out.text("client", record.client);
    out.text("provider", record.target.backend);
    out.text("model", record.target.model);
    out.text("requested_model", record.requested_model);
    out.text("response_model", record.response_model);
    out.text("gen_ai_provider", record.genai_provider);
    json["streamed"] = record.streamed;
    if (record.http_status != 0)
        json["http_status"] = record.http_status;
    json["status"] = record.status == telemetry::RequestStatus::success ? "success" : "error";
    out.text("end_reason", telemetry::to_string(record.end_reason));
    out.text("error", record.error);
    out.text("error_type", record.error_type);
    out.text("finish_reason", record.finish_reason);
    json["attempts"] = record.attempts;
    return json;
}

Json instants(const RequestRecord& record)
{
    const std::pair<const char*, std::optional<Instant>> all[] = {
        {"parsed", record.parsed},
        {"queued", record.queued},
        {"dequeued", record.dequeued},
        {"connected", record.connected},
        {"sent", record.sent},
        {"first_byte", record.first_byte},
        {"first_event", record.first_event},
        {"first_token", record.first_token},
        {"first_visible_token", record.first_visible_token},
        {"last_token", record.last_token},
        {"usage_seen", record.usage_seen},
        {"last_event", record.last_event},
        {"provider_ended", record.provider_ended},
        {"ended", record.ended},
    };
    auto json = Json::object();
    for (const auto& [name, at] : all) {
        if (at)
            json[name] = seconds(*at - record.accepted);
    }
    return json;
}

Json usage(const RequestRecord& record)
{
    auto json = Json::object();
    const Writer out{json};
    out.count("prompt_tokens", record.usage.prompt);
    out.count("completion_tokens", record.usage.completion);
    out.count("total_tokens", record.usage.total);
    out.count("cached_tokens", record.usage.cached);
    out.count("cache_creation_tokens", record.usage.cache_creation);
    out.count("reasoning_tokens", record.usage.reasoning);
    json["estimated"] = record.usage.estimated;
    return json;
}

Json chunks(const RequestRecord& record)
{
    auto rows = Json::array();
    const auto marks = record.chunks.marks();
    for (const auto& chunk : *marks)
        rows.push_back({seconds(chunk.at - record.accepted), chunk.bytes, chunk.tokens});
    return rows;
}

} // namespace

QString recordJson(const RequestRecord& record)
{
    auto json = identity(record);
    json["seconds_since_accept"] = instants(record);
    json["usage"] = usage(record);
    if (record.cost)
        json["cost"] = {{"amount", record.cost->amount}, {"currency", record.cost->currency}};
    json["chunk_count"] = record.chunk_count;
    json["stream_tokens"] = record.stream_tokens;
    json["chunks"] = chunks(record);
    return QString::fromStdString(json.dump(2, ' ', false, Json::error_handler_t::replace));
}

} // namespace tokenscope::ui

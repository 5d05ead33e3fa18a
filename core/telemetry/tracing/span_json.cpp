// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/tracing/span_json.h"

#include "llm/json_object_writer.h"
#include "telemetry/text.h"
#include "telemetry/tracing/trace_ids.h"

#include <cmath>

namespace tokenscope::telemetry {

namespace {

std::string_view name_of(SpanKind kind)
{
    switch (kind) {
    case SpanKind::server: return "server";
    case SpanKind::client: return "client";
    default: return "internal";
    }
}

std::string_view name_of(SpanStatus status)
{
    switch (status) {
    case SpanStatus::ok: return "ok";
    case SpanStatus::error: return "error";
    default: return "unset";
    }
}

struct ValueWriter {
    std::string& out;
    void operator()(const std::string& text) const { llm::append_json_string(out, text); }
    void operator()(std::int64_t number) const { out += std::to_string(number); }
    void operator()(double number) const { out += std::isfinite(number) ? number_text(number) : "null"; }
    void operator()(bool yes) const { out += yes ? "true" : "false"; }
    void operator()(const std::vector<std::string>& texts) const
    {
        out += '[';
        for (const auto& text : texts) {
            if (&text != &texts.front())
                out += ',';
            llm::append_json_string(out, text);
        }
        out += ']';
    }
};

void append_attributes(std::string& out, const std::vector<Attribute>& attributes)
{
    llm::ObjectWriter object(out);
    for (const auto& attribute : attributes) {
        object.begin(attribute.key);
        std::visit(ValueWriter{out}, attribute.value);
    }
    object.end();
}

void append_events(std::string& out, const std::vector<SpanEvent>& events)
{
    out += '[';
    for (const auto& event : events) {
        if (&event != &events.front())
            out += ',';
        llm::ObjectWriter object(out);
        object.text("name", event.name);
        object.text("time_unix_nano", std::to_string(event.at.count()));
        object.begin("attributes");
        append_attributes(out, event.attributes);
        object.end();
    }
    out += ']';
}

std::string start_of(const SpanData& span)
{
    return rfc3339(WallTime(std::chrono::floor<std::chrono::milliseconds>(span.start)));
}

} // namespace

void append_span_json(std::string& out, const SpanData& span, const Resource& resource)
{
    llm::ObjectWriter object(out);
    object.text("trace_id", HexId(span.trace_id).view());
    object.text("span_id", HexId(span.span_id).view());
    if (is_set(span.parent_id))
        object.text("parent_span_id", HexId(span.parent_id).view());
    if (!span.trace_state.empty())
        object.text("trace_state", span.trace_state);
    object.text("name", span.name);
    object.text("kind", name_of(span.kind));
    object.text("start", start_of(span));
    object.text("start_unix_nano", std::to_string(span.start.count()));
    object.text("end_unix_nano", std::to_string(span.end.count()));
    object.raw("duration_ms", number_text(static_cast<double>((span.end - span.start).count()) / 1e6));
    object.text("status", name_of(span.status));
    if (!span.status_message.empty())
        object.text("status_message", span.status_message);
    object.begin("attributes");
    append_attributes(out, span.attributes);
    object.begin("events");
    append_events(out, span.events);
    object.begin("resource");
    llm::ObjectWriter from(out);
    for (const auto& [key, value] : resource.attributes)
        from.text(key, value);
    from.end();
    object.end();
}

} // namespace tokenscope::telemetry

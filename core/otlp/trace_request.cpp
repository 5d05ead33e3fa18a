// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "otlp/trace_request.h"

#include "otlp/wire_writer.h"

#include <algorithm>
#include <string_view>
#include <variant>

namespace tokenscope::otlp {

namespace {

using telemetry::SpanData;

// SpanFlags of trace.proto; the lowest eight bits are W3C's.
constexpr std::uint32_t context_has_is_remote = 0x100; ///< the next bit means something
constexpr std::uint32_t context_is_remote = 0x200;     ///< the parent's context came from another process

std::uint64_t nanos(telemetry::UnixNanos time)
{
    return static_cast<std::uint64_t>(std::max<telemetry::UnixNanos::rep>(time.count(), 0));
}

template <class Id>
std::string_view bytes_of(const Id& id)
{
    return {reinterpret_cast<const char*>(id.data()), id.size()};
}

struct AnyValue {
    WireWriter& out;

    // A oneof says by its presence which type it is: "", 0 and false are written, too.
    void operator()(const std::string& value) const { out.write_string(1, value); }
    void operator()(bool value) const { out.write_bool(2, value); }
    void operator()(std::int64_t value) const { out.write_int(3, value); }
    void operator()(double value) const { out.write_double(4, value); }
    void operator()(const std::vector<std::string>& values) const
    {
        out.write_message(5, [&] { // ArrayValue
            for (const auto& value : values)
                out.write_message(1, [&] { out.write_string(1, value); });
        });
    }
};

void write_attribute(WireWriter& out, std::uint32_t field, std::string_view key, const telemetry::AttributeValue& value)
{
    out.write_message(field, [&] {
        out.write_string(1, key);
        out.write_message(2, [&] { std::visit(AnyValue{out}, value); });
    });
}

void write_event(WireWriter& out, const telemetry::SpanEvent& event)
{
    out.write_fixed64(1, nanos(event.at));
    out.write_string(2, event.name);
    for (const auto& attribute : event.attributes)
        write_attribute(out, 3, attribute.key, attribute.value);
}

void write_status(WireWriter& out, const SpanData& span)
{
    if (!span.status_message.empty())
        out.write_string(2, span.status_message);
    out.write_int(3, static_cast<std::int64_t>(span.status));
}

void write_span(WireWriter& out, const SpanData& span)
{
    out.write_bytes(1, bytes_of(span.trace_id));
    out.write_bytes(2, bytes_of(span.span_id));
    if (!span.trace_state.empty())
        out.write_string(3, span.trace_state);
    if (span.parent_id != telemetry::SpanId{})
        out.write_bytes(4, bytes_of(span.parent_id));
    out.write_string(5, span.name);
    out.write_int(6, static_cast<std::int64_t>(span.kind));
    out.write_fixed64(7, nanos(span.start));
    out.write_fixed64(8, nanos(span.end));
    for (const auto& attribute : span.attributes)
        write_attribute(out, 9, attribute.key, attribute.value);
    for (const auto& event : span.events)
        out.write_message(11, [&] { write_event(out, event); });
    if (span.status != telemetry::SpanStatus::unset || !span.status_message.empty())
        out.write_message(15, [&] { write_status(out, span); });
    out.write_fixed32(16, span.flags | context_has_is_remote | (span.parent_is_remote ? context_is_remote : 0));
}

void write_scope(WireWriter& out, const telemetry::Resource& resource)
{
    if (!resource.scope_name.empty())
        out.write_string(1, resource.scope_name);
    if (!resource.scope_version.empty())
        out.write_string(2, resource.scope_version);
}

} // namespace

std::string encode_trace_request(const telemetry::Resource& resource, std::span<const SpanData> spans)
{
    WireWriter out;
    out.write_message(1, [&] { // ResourceSpans
        out.write_message(1, [&] {
            for (const auto& [key, value] : resource.attributes)
                write_attribute(out, 1, key, value);
        });
        out.write_message(2, [&] { // ScopeSpans
            out.write_message(1, [&] { write_scope(out, resource); });
            for (const auto& span : spans)
                out.write_message(2, [&] { write_span(out, span); });
        });
    });
    return out.take();
}

} // namespace tokenscope::otlp

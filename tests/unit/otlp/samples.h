// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/tracing/span_data.h"

#include <chrono>
#include <string>
#include <vector>

namespace tokenscope::test {

inline telemetry::Resource sample_resource()
{
    return {.attributes = {{"service.name", "tokenscope"}, {"service.version", "1.2.3"}},
            .scope_name = "tokenscope",
            .scope_version = "1.2.3"};
}

inline telemetry::SpanData sample_span(std::string name = "HTTP POST /v1/responses")
{
    telemetry::SpanData span;
    for (std::size_t i = 0; i < span.trace_id.size(); ++i)
        span.trace_id[i] = static_cast<std::uint8_t>(i + 1);
    for (std::size_t i = 0; i < span.span_id.size(); ++i)
        span.span_id[i] = static_cast<std::uint8_t>(0xA0 + i);
    span.flags = 1;
    span.name = std::move(name);
    span.kind = telemetry::SpanKind::server;
    span.start = std::chrono::nanoseconds(1'700'000'000'123'456'789);
    span.end = std::chrono::nanoseconds(1'700'000'001'000'000'001);
    return span;
}

/// Spans whose encoding is about `bytes` long.
inline std::vector<telemetry::SpanData> many_bytes(std::size_t bytes)
{
    std::vector<telemetry::SpanData> spans(8, sample_span());
    for (auto& span : spans)
        span.attributes.push_back({"filler", std::string(bytes / spans.size(), 'x')});
    return spans;
}

} // namespace tokenscope::test

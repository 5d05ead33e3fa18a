// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/tracing/span_data.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::telemetry {

/// Where a request stands in a distributed trace (https://www.w3.org/TR/trace-context/).
struct TraceContext {
    TraceId trace_id{};
    SpanId span_id{}; ///< the caller's span, or ours once child_of() made one
    std::uint8_t flags = 0;
    std::string tracestate; ///< other vendors' state, passed on unchanged; may be empty

    static constexpr std::uint8_t sampled_flag = 0x01;
    bool sampled() const { return (flags & sampled_flag) != 0; }
    bool operator==(const TraceContext&) const = default;
};

/// Reads the two headers. Nothing where `traceparent` is invalid: it is then as if none had come, tracestate included. A
/// version above 00 is read as far as 00 goes, and only its sampled flag is kept. An invalid `tracestate` is dropped alone.
std::optional<TraceContext> parse_trace_context(std::string_view traceparent, std::string_view tracestate = {});

/// The root of a new trace, not sampled yet.
TraceContext new_trace();

/// A new span under `parent`: same trace, flags and tracestate.
TraceContext child_of(const TraceContext& parent);

/// The `traceparent` header (version 00) that makes `context` the parent of what receives it.
std::string traceparent(const TraceContext& context);

/// Puts another span in the place of the one that `header`, made by traceparent(), names as the parent.
void set_parent(std::string& header, const SpanId& span);

} // namespace tokenscope::telemetry

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/tracing/span_data.h"

#include <array>
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

/// The `traceparent` field (version 00) that makes a context's span the parent of what receives it. Written once, without an
/// allocation: every request that is traced has one, sampled or not.
class TraceParent {
public:
    TraceParent() = default; ///< none
    explicit TraceParent(const TraceContext& context);

    /// Puts another span in the parent's place, where there is one.
    void set_span(const SpanId& span);

    /// "00-<trace>-<span>-01", or empty.
    std::string_view value() const;
    /// The whole line of a header: "traceparent: " and the value, with its line end; or empty.
    std::string_view field() const { return {m_line.data(), m_set ? m_line.size() : 0}; }

private:
    std::array<char, 70> m_line;
    bool m_set = false;
};

} // namespace tokenscope::telemetry

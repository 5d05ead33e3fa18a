// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace tokenscope::telemetry {

using TraceId = std::array<std::uint8_t, 16>; ///< all 0: none
using SpanId = std::array<std::uint8_t, 8>;   ///< all 0: none
/// Nanoseconds since 1970, as OTLP counts.
using UnixNanos = std::chrono::nanoseconds;

using AttributeValue = std::variant<std::string, std::int64_t, double, bool, std::vector<std::string>>;
struct Attribute {
    std::string_view key; ///< a literal: it is not copied
    AttributeValue value{};
};

struct SpanEvent {
    std::string_view name; ///< a literal
    UnixNanos at{};
    std::vector<Attribute> attributes;
};

/// As in OTLP's trace.proto: its numbers are the enumerators'.
enum class SpanKind { internal = 1, server = 2, client = 3 };
enum class SpanStatus { unset = 0, ok = 1, error = 2 };

/// A finished span: a plain value, immutable once handed on.
struct SpanData {
    TraceId trace_id{};
    SpanId span_id{};
    SpanId parent_id{};
    bool parent_is_remote = false;
    std::uint8_t flags = 0; ///< W3C trace flags
    std::string trace_state;
    std::string name;
    SpanKind kind = SpanKind::internal;
    UnixNanos start{};
    UnixNanos end{};
    std::vector<Attribute> attributes;
    std::vector<SpanEvent> events;
    SpanStatus status = SpanStatus::unset;
    std::string status_message; ///< of an error
};

/// What made the spans: attributes of the process, e.g. service.name.
struct Resource {
    std::vector<std::pair<std::string, std::string>> attributes;
    std::string scope_name; ///< the instrumentation's: "tokenscope"
    std::string scope_version;
};

} // namespace tokenscope::telemetry

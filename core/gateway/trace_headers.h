// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/headers.h"
#include "telemetry/trace_context.h"

#include <optional>
#include <string_view>

namespace tokenscope::gateway {

inline constexpr std::string_view parent_header = "traceparent";
inline constexpr std::string_view state_header = "tracestate";

/// The parent that a request names (https://www.w3.org/TR/trace-context/). Nothing where it names none, an invalid one or
/// more than one. Several tracestate fields are one list.
std::optional<telemetry::TraceContext> trace_parent(const net::Headers& headers);

/// Whether a header field belongs to a trace and is replaced by ours.
inline bool is_trace_header(std::string_view name)
{
    return net::same_header(name, parent_header) || net::same_header(name, state_header);
}

/// The method, or "_OTHER" where it is none of HTTP's own: a client's inventions must not become names of spans.
std::string_view known_method(std::string_view method);

} // namespace tokenscope::gateway

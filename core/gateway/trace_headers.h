// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/headers.h"
#include "telemetry/trace_context.h"

#include <optional>
#include <string_view>

namespace tokenscope::gateway {

/// The parent that a request names (https://www.w3.org/TR/trace-context/). Nothing where it names none, an invalid one or
/// more than one. Several tracestate fields are one list.
std::optional<telemetry::TraceContext> trace_parent(const net::Headers& headers);

/// Whether a header field belongs to a trace and is replaced by ours.
bool is_trace_header(std::string_view name);

/// The method, or "_OTHER" where it is none of HTTP's own: a client's inventions must not become names of spans.
std::string_view known_method(std::string_view method);

} // namespace tokenscope::gateway

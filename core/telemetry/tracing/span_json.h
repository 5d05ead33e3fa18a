// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/tracing/span_data.h"

#include <string>

namespace tokenscope::telemetry {

/// Appends a span as one JSON object in one line, flat, for `jq`: trace_id, span_id, parent_span_id (absent for a first
/// span), trace_state (absent where empty), name, kind ("server", "client", "internal"), start (RFC 3339, UTC),
/// start_unix_nano and end_unix_nano (as text: a double cannot hold them), duration_ms, status ("unset", "ok", "error"),
/// status_message (absent where empty), attributes {key: value}, events [{name, time_unix_nano, attributes}] and
/// resource {key: text}. NaN and infinities are null.
void append_span_json(std::string& out, const SpanData& span, const Resource& resource);

} // namespace tokenscope::telemetry

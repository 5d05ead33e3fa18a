// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/tracing/span_data.h"

#include <span>
#include <string>

namespace tokenscope::otlp {

/// An ExportTraceServiceRequest in protobuf: all spans of one resource and one scope, in their order. Field numbers are
/// those of opentelemetry-proto 1.x (collector/trace/v1, trace/v1, resource/v1, common/v1). Times before 1970 become 0;
/// text becomes valid UTF-8.
std::string encode_trace_request(const telemetry::Resource& resource, std::span<const telemetry::SpanData> spans);

} // namespace tokenscope::otlp

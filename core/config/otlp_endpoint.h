// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/url.h"
#include "config/observability.h"

namespace tokenscope::config {

/// Where an exporter of type otlp or otlp_http sends to; the endpoint's defaults and shorthands are filled in:
/// - otlp (gRPC): "host", "host:port" (with TLS unless `insecure`) or a URL without a path. A missing port is 4317, but a
///   URL's is its scheme's. Nothing: http://localhost:4317, or https:// if not `insecure`.
/// - otlp_http: a URL; without a path it gets /v1/traces. Nothing: http://localhost:4318/v1/traces.
/// Errors have ErrorCode::config and continue the sentence "'<endpoint>' ...": what is wrong, and what to write.
Result<Url> otlp_endpoint(const Exporter& exporter);

} // namespace tokenscope::config

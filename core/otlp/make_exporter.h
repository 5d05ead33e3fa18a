// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "config/environment.h"
#include "config/observability.h"
#include "telemetry/tracing/span_exporter.h"

#include <memory>

namespace tokenscope::otlp {

/// The exporter of type otlp or otlp_http that `exporter` describes; nothing is connected to yet. `env` names proxies and
/// nothing else. Errors have ErrorCode::config and never repeat a header's value: an endpoint that is none (see
/// config::otlp_endpoint), a header that cannot be sent, another type.
Result<std::unique_ptr<telemetry::SpanExporter>> make_exporter(const config::Exporter& exporter,
                                                               const telemetry::Resource& resource,
                                                               const config::Env& env);

} // namespace tokenscope::otlp

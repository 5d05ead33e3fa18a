// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/request_context.h"
#include "telemetry/http_metrics.h"

#include <set>
#include <string>

namespace tokenscope::gateway {

/// Counts and times every request, whatever becomes of it, except those to the routes in `uncounted` (the metrics pages,
/// unless asked for). Refusals by anything further in are counted too.
Handler with_metrics(telemetry::HttpMetrics& metrics, const Clock& clock, std::set<std::string, std::less<>> uncounted,
                     Handler next);

} // namespace tokenscope::gateway

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "remote/prometheus_api.h"
#include "sources/metric_source.h"

#include <string>

namespace tokenscope::remote {

/// MetricSource::test() of what should speak Prometheus' API. Where it does not, it is looked once whether there is a metrics page
/// at the connection's URL or at /metrics below it, which is then what the error says. `api` must outlive the answer.
void test_api(PrometheusApi& api, CancelToken cancel, sources::Answer<std::string> done);

} // namespace tokenscope::remote

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/services.h"

namespace tokenscope::gateway {

GatewayServices without_metrics(const GatewayServices& services, telemetry::NoMetrics& none)
{
    return {.tokens = none,
            .requests = none,
            .providers = none,
            .http = none,
            .queues = none,
            .gateway = none,
            .pipeline = none,
            .conversations = services.conversations,
            .records = services.records,
            .spans = services.spans,
            .log = services.log,
            .clock = services.clock,
            .pricing = services.pricing,
            .snapshot = services.snapshot,
            .env = services.env,
            .live = services.live,
            .capture = services.capture};
}

} // namespace tokenscope::gateway

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/config.h"
#include "net/http_client.h"
#include "net/watchdog.h"
#include "providers/provider.h"
#include "telemetry/gateway_metrics.h"
#include "telemetry/provider_metrics.h"
#include "telemetry/queue_metrics.h"

#include <memory>
#include <vector>

namespace tokenscope::providers {

/// What providers are made of; all of it must outlive them.
struct ProviderParts {
    net::HttpClient& client;
    net::Watchdog& watchdog;
    telemetry::QueueMetrics& queues;
    telemetry::GatewayMetrics& gateway;
    telemetry::ProviderMetrics& provider_metrics;
    const Clock& clock;
};

/// A configured provider behind its instrumentation, its admission queue and its retries.
Result<std::shared_ptr<Provider>> make_provider(const config::Provider& settings, const ProviderParts& parts);

} // namespace tokenscope::providers

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "config/config.h"
#include "config/environment.h"
#include "telemetry/conversation_metrics.h"
#include "telemetry/gateway_metrics.h"
#include "telemetry/http_metrics.h"
#include "telemetry/logging/log.h"
#include "telemetry/model_memory_metrics.h"
#include "telemetry/observers.h"
#include "telemetry/pipeline_metrics.h"
#include "telemetry/provider_metrics.h"
#include "telemetry/queue_metrics.h"
#include "telemetry/snapshot.h"
#include "telemetry/tracing/span_sink.h"

#include <functional>
#include <memory>
#include <string>

namespace tokenscope::gateway {

/// Where the gateway's seams record. All of it must outlive the gateway and be thread-safe.
struct GatewayServices {
    telemetry::TokenMetrics& tokens;
    telemetry::RequestMetrics& requests;
    telemetry::ProviderMetrics& providers;
    telemetry::HttpMetrics& http;
    telemetry::QueueMetrics& queues;
    telemetry::GatewayMetrics& gateway;
    telemetry::PipelineMetrics& pipeline;
    telemetry::ConversationMetrics& conversations;
    telemetry::RecordSink& records;
    telemetry::SpanSink& spans;
    telemetry::Logger& log;
    const Clock& clock;
    const telemetry::Pricing* pricing = nullptr;   ///< null: no prices are known
    std::function<telemetry::Snapshot()> snapshot; ///< what the metrics pages show
    config::Env env;                               ///< for proxies and the place of the database; empty: an empty one
    /// Of what Ollama servers have loaded; null: they are not asked.
    telemetry::ModelMemoryMetrics* model_memory = nullptr;
};

/// The embedded gateway: an HTTP server, the providers behind it and the thread they run on.
class Gateway {
public:
    Gateway(config::Config config, GatewayServices services);
    ~Gateway(); ///< stops

    /// Listens and serves. Once. The error says what to change.
    Result<void> start();

    /// Goes on with another configuration. Requests in flight end as they began; providers whose settings are the same keep
    /// their queues. All or nothing: the error says what is wrong, and everything stays as it was. Any thread.
    Result<void> apply(config::Config config);

    /// No new connections; requests in flight may finish until limits.drain_timeout, then they are cut. Returns when the
    /// gateway's thread has ended. Safe to call twice.
    void stop();

    /// "http://127.0.0.1:8080", with the port really taken. Empty before start(). Any thread.
    std::string base_url() const;

    /// Of the text page on the metrics' own address (observability.metrics.address), with the port really taken:
    /// "http://127.0.0.1:9190/metrics". Empty where there is none. Any thread.
    std::string metrics_url() const;

private:
    class Core;
    std::unique_ptr<Core> m_core;
};

} // namespace tokenscope::gateway

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "config/environment.h"
#include "telemetry/capture/capture_ring.h"
#include "telemetry/conversation_metrics.h"
#include "telemetry/gateway_metrics.h"
#include "telemetry/http_metrics.h"
#include "telemetry/live/live_board.h"
#include "telemetry/logging/log.h"
#include "telemetry/model_memory_metrics.h"
#include "telemetry/no_metrics.h"
#include "telemetry/observers.h"
#include "telemetry/pipeline_metrics.h"
#include "telemetry/provider_metrics.h"
#include "telemetry/queue_metrics.h"
#include "telemetry/snapshot.h"
#include "telemetry/tracing/span_sink.h"

#include <functional>

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
    telemetry::LiveBoard* live = nullptr;      ///< null: nobody looks at requests in flight
    telemetry::CaptureRing* capture = nullptr; ///< null: nobody looks at what was sent and answered
};

/// The same for a configuration that has metrics switched off.
GatewayServices without_metrics(const GatewayServices& services, telemetry::NoMetrics& none);

} // namespace tokenscope::gateway

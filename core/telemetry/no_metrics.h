// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/gateway_metrics.h"
#include "telemetry/http_metrics.h"
#include "telemetry/pipeline_metrics.h"
#include "telemetry/provider_metrics.h"
#include "telemetry/queue_metrics.h"
#include "telemetry/request_metrics.h"
#include "telemetry/token_metrics.h"

namespace tokenscope::telemetry {

/// The hooks of a gateway whose configuration has metrics switched off. The conversation store keeps its own: it outlives a
/// configuration.
class NoMetrics final : public TokenMetrics,
                        public RequestMetrics,
                        public ProviderMetrics,
                        public HttpMetrics,
                        public QueueMetrics,
                        public GatewayMetrics,
                        public PipelineMetrics {
public:
    void first_token(const Target&, Nanos, std::string_view) override {}
    void inter_token(const Target&, std::span<const TokenGap>) override {}

    void finished(const RequestRecord&) override {}

    void first_byte(const ProviderCall&, Nanos, std::string_view) override {}
    void chunks(const ProviderCall&, std::uint64_t) override {}
    void finished(const ProviderCall&, RequestStatus, Nanos, std::optional<Nanos>, const llm::Usage&,
                  std::string_view) override
    {
    }

    void started() override {}
    void finished(const HttpEnd&) override {}

    void depth(std::string_view, std::size_t) override {}
    void waited(std::string_view, Nanos) override {}
    void rejected(std::string_view, std::string_view) override {}

    void rate_limited(std::string_view) override {}
    void retried(std::string_view, std::string_view) override {}

    std::size_t worker_started(WorkerType) override { return 0; }
    void worker_stopped(WorkerType, std::size_t) override {}
    void worker_finished(WorkerType, std::size_t, std::uint64_t, Nanos) override {}
    void waiting(PipelineQueue, std::ptrdiff_t) override {}
    void batch(const BatchShape&) override {}
    void answered() override {}
};

} // namespace tokenscope::telemetry

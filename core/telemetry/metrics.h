// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "telemetry/conversation_metrics.h"
#include "telemetry/gateway_metrics.h"
#include "telemetry/http_metrics.h"
#include "telemetry/model_memory_metrics.h"
#include "telemetry/pipeline_metrics.h"
#include "telemetry/provider_metrics.h"
#include "telemetry/queue_metrics.h"
#include "telemetry/request_metrics.h"
#include "telemetry/snapshot.h"
#include "telemetry/token_metrics.h"
#include "telemetry/tracing/span_metrics.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::telemetry {

/// One GPU as the last sample saw it. What the driver did not tell is absent, and absent from the page.
struct GpuGauge {
    std::string index; ///< "0", "1", ...
    std::string name;
    std::optional<double> utilization_percent; ///< 0 to 100
    std::optional<double> memory_used_bytes;
};

/// This process as the last sample saw it.
struct ProcessGauges {
    std::optional<double> cpu_seconds;
    std::optional<double> resident_bytes;
    std::optional<double> open_fds;
    std::optional<double> max_fds;
    std::optional<double> start_time_seconds; ///< since 1970
};

struct BuildInfo {
    std::string version;
    std::string qt; ///< empty where Qt is not part of the program
};

/// Every metric of the catalogue in a registry of its own: the hooks write, collect() reads. Thread-safe.
class Metrics final {
public:
    /// `series_cap`: most series a family may have before new ones share the label value "<other>". `clock`: the system's
    /// where null.
    explicit Metrics(BuildInfo build, std::size_t series_cap = 2000, const Clock* clock = nullptr);
    ~Metrics();

    TokenMetrics& tokens();
    RequestMetrics& requests();
    ProviderMetrics& providers();
    HttpMetrics& http();
    QueueMetrics& queues();
    ConversationMetrics& conversations();
    GatewayMetrics& gateway();
    SpanMetrics& spans();
    PipelineMetrics& pipeline();
    ModelMemoryMetrics& model_memory();

    void set_series_cap(std::size_t cap);

    /// Publishes the provider's queue from now on, at 0, rather than from its first request.
    void declare_provider(std::string_view name);

    // The latest sample of this machine replaces the one before: what it lacks leaves the page. NaN counts as absent.
    void set_cpu(std::optional<double> percent);
    void set_gpus(std::vector<GpuGauge> gpus);
    void set_process(const ProcessGauges& process);

    /// Every family that has a series.
    Snapshot collect() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace tokenscope::telemetry

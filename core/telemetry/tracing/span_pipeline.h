// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "config/observability.h"
#include "telemetry/tracing/batch_processor.h"
#include "telemetry/tracing/span_store.h"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace tokenscope::telemetry {

/// Makes the exporter of a configuration that sends over the network (otlp, otlp_http). The error says what to change.
using MakeExporter =
    std::function<Result<std::unique_ptr<SpanExporter>>(const config::Exporter& settings, const Resource& resource)>;

/// Where finished spans go: into the store, and to whatever exporter is configured now. Thread-safe but for its end.
class SpanPipeline final : public SpanSink {
public:
    struct Parts {
        SpanMetrics& metrics; ///< must outlive the pipeline, as must `log`
        Logger& log;
        MakeExporter make_exporter;
        std::string version; ///< of the program, for collectors
        BatchOptions batching = {};
        SpanStore::Limits kept = {};
    };

    explicit SpanPipeline(Parts parts);
    ~SpanPipeline() override; ///< stops without waiting

    /// An exporter that has been made but is not in use yet.
    class Next {
        friend class SpanPipeline;
        config::Tracing settings;
        bool changed = false;
        std::unique_ptr<BatchProcessor> processor;
    };
    /// What can fail, before anything has changed. Unchanged settings keep their exporter and its queue.
    Result<Next> prepare(const config::Observability& settings);
    /// The exporter before sends what it still has in the background.
    void adopt(Next next);

    void finished(const TraceFacts& trace) override;
    const SpanStore& store() const { return m_store; }

    /// Sends what is queued, as far as that goes until the deadline; from then on only the store takes spans.
    void stop(std::chrono::milliseconds deadline);

private:
    Result<std::unique_ptr<SpanExporter>> make_exporter(const config::Tracing& settings) const;
    Resource resource(const config::Tracing& settings) const;

    const Parts m_parts;
    SpanStore m_store;
    std::mutex m_mutex;
    config::Tracing m_settings;                  ///< of the processor
    std::unique_ptr<BatchProcessor> m_processor; ///< null: spans are only stored
    std::atomic<bool> m_exporting = false;       ///< there may be a processor: without one nobody waits for the mutex
    std::vector<std::unique_ptr<BatchProcessor>> m_retired;
};

} // namespace tokenscope::telemetry

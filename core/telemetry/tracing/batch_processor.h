// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "telemetry/logging/log.h"
#include "telemetry/tracing/span_exporter.h"
#include "telemetry/tracing/span_metrics.h"
#include "telemetry/tracing/span_sink.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <thread>
#include <vector>

namespace tokenscope::telemetry {

struct BatchOptions {
    std::size_t queue_spans = 8192;               ///< waiting; more are dropped
    std::size_t batch_spans = 512;                ///< sent at once; a request's spans are not split
    std::chrono::milliseconds delay{1'000};       ///< longest wait for a full batch
    std::chrono::milliseconds timeout{10'000};    ///< of one attempt
    std::chrono::milliseconds first_retry{1'000}; ///< jittered, and doubled for each further one
    std::chrono::milliseconds longest_retry{30'000};
    std::chrono::milliseconds give_up{60'000};           ///< since a batch's first attempt
    std::chrono::milliseconds longest_patience{300'000}; ///< of what a collector asks for
};

/// Hands finished spans to an exporter, in batches, on a thread of its own, so that a collector that is slow or down never
/// slows a request: what finds the bounded queue full is dropped. Every span added is sent once or counted as dropped
/// once. The log has one line when exporting begins to fail, one when it works again, and one at the end with the number of
/// spans for which it was too late. Thread-safe but for its end.
class BatchProcessor {
public:
    /// `metrics` and `log` must outlive it.
    BatchProcessor(std::unique_ptr<SpanExporter> exporter, BatchOptions options, SpanMetrics& metrics, Logger& log);
    ~BatchProcessor(); ///< stops without waiting

    void add(KeptTrace trace);

    /// Takes nothing more, sends what is queued, each batch once, and ends. Returns at once.
    void finish();
    bool ended() const;
    /// finish(), for which it waits as long as `deadline`. What has not been sent then is dropped.
    void stop(std::chrono::milliseconds deadline);

private:
    using SteadyClock = std::chrono::steady_clock;
    using Batch = std::vector<SpanData>;

    void run();
    /// Waits for one. Nothing once all is done.
    std::optional<Batch> next_batch();
    void deliver(const Batch& batch);
    ExportOutcome attempt(const Batch& batch);
    bool finishing() const;
    /// False where the end has come meanwhile.
    bool rest_until(SteadyClock::time_point when);
    std::chrono::milliseconds jittered(std::chrono::milliseconds pause);
    void report(const ExportOutcome& outcome);
    /// At the end: `also` spans, and all that wait.
    void drop_rest(std::size_t also);
    void drop(SpanLoss why, std::size_t spans);

    const std::unique_ptr<SpanExporter> m_exporter;
    const BatchOptions m_options;
    SpanMetrics& m_metrics;
    Logger& m_log;
    CancelSource m_cancel;

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<KeptTrace> m_queue;
    std::size_t m_queued = 0;         ///< spans in it
    SteadyClock::time_point m_oldest; ///< when the queue began to fill
    bool m_finishing = false;
    bool m_ended = false;
    SteadyClock::time_point m_deadline = SteadyClock::time_point::max();

    // Of the thread.
    bool m_failing = false;
    std::size_t m_unsent = 0;             ///< dropped at the end
    SteadyClock::time_point m_not_before; ///< the collector asked for patience
    std::minstd_rand m_random{std::random_device{}()};

    std::thread m_thread;
};

} // namespace tokenscope::telemetry

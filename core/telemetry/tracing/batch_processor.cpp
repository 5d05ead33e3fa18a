// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/tracing/batch_processor.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace tokenscope::telemetry {

using std::chrono::milliseconds;
using Kind = ExportOutcome::Kind;

BatchProcessor::BatchProcessor(std::unique_ptr<SpanExporter> exporter, BatchOptions options, SpanMetrics& metrics,
                               Logger& log)
    : m_exporter(std::move(exporter)), m_options(options), m_metrics(metrics), m_log(log), m_thread([this] { run(); })
{
}

BatchProcessor::~BatchProcessor()
{
    stop(milliseconds(0));
}

void BatchProcessor::add(KeptTrace trace)
{
    const auto count = trace.count();
    std::optional<SpanLoss> lost;
    bool wake = false;
    {
        const std::lock_guard lock(m_mutex);
        if (m_finishing) {
            lost = SpanLoss::shutdown;
        } else if (m_queued + count > m_options.queue_spans) {
            lost = SpanLoss::queue_full;
        } else {
            if (m_queue.empty())
                m_oldest = SteadyClock::now();
            wake = m_queue.empty() || (m_queued < m_options.batch_spans && m_queued + count >= m_options.batch_spans);
            m_queue.push_back(std::move(trace));
            m_queued += count;
        }
    }
    if (lost)
        drop(*lost, count);
    if (wake)
        m_changed.notify_all();
}

void BatchProcessor::finish()
{
    {
        const std::lock_guard lock(m_mutex);
        m_finishing = true;
    }
    m_changed.notify_all();
}

bool BatchProcessor::ended() const
{
    const std::lock_guard lock(m_mutex);
    return m_ended;
}

void BatchProcessor::stop(milliseconds deadline)
{
    if (!m_thread.joinable())
        return;
    {
        std::unique_lock lock(m_mutex);
        m_finishing = true;
        m_deadline = SteadyClock::now() + deadline;
        m_changed.notify_all();
        m_changed.wait_until(lock, m_deadline, [this] { return m_ended; });
    }
    m_cancel.cancel();
    m_thread.join();
}

void BatchProcessor::run()
{
    while (const auto batch = next_batch())
        deliver(*batch);
    if (m_unsent > 0) // whoever reads the metrics may come too late for these
        m_log.log(Level::warn, "traces were dropped at the end", {{"spans", m_unsent}});
    {
        const std::lock_guard lock(m_mutex);
        m_ended = true;
    }
    m_changed.notify_all();
}

std::optional<BatchProcessor::Batch> BatchProcessor::next_batch()
{
    std::vector<KeptTrace> taken;
    std::size_t count = 0;
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_finishing || !m_queue.empty(); });
        m_changed.wait_until(lock, m_oldest + m_options.delay,
                             [this] { return m_finishing || m_queued >= m_options.batch_spans; });
        if (m_queue.empty())
            return std::nullopt;
        // Whole requests, and at least one.
        while (!m_queue.empty() && (count == 0 || count + m_queue.front().count() <= m_options.batch_spans)) {
            count += m_queue.front().count();
            taken.push_back(std::move(m_queue.front()));
            m_queue.pop_front();
        }
        m_queued -= count;
        m_oldest = SteadyClock::now();
    }
    Batch batch;
    batch.reserve(count);
    for (const auto& trace : taken)
        trace.append_spans(batch);
    return batch;
}

void BatchProcessor::deliver(const Batch& batch)
{
    rest_until(m_not_before);
    const auto give_up = SteadyClock::now() + m_options.give_up;
    for (auto pause = m_options.first_retry;; pause = std::min(2 * pause, m_options.longest_retry)) {
        const auto outcome = attempt(batch);
        report(outcome);
        if (outcome.kind == Kind::accepted)
            return drop(SpanLoss::refused, std::min<std::size_t>(outcome.rejected, batch.size()));
        if (outcome.kind == Kind::refused)
            return drop(SpanLoss::refused, batch.size());
        // At the end nothing is tried twice: a collector that is down must not hold it up.
        if (finishing())
            return drop_rest(batch.size());
        auto next = SteadyClock::now() + jittered(pause);
        if (outcome.retry_after) {
            m_not_before = SteadyClock::now() + std::min(*outcome.retry_after, m_options.longest_patience);
            next = std::max(next, m_not_before);
        }
        if (next > give_up) {
            // The next batch fares no better any sooner.
            m_not_before = next;
            return drop(SpanLoss::gave_up, batch.size());
        }
        if (!rest_until(next))
            return drop_rest(batch.size());
    }
}

ExportOutcome BatchProcessor::attempt(const Batch& batch)
{
    auto timeout = m_options.timeout;
    {
        const std::lock_guard lock(m_mutex);
        if (m_deadline != SteadyClock::time_point::max())
            timeout = std::min(timeout, std::chrono::ceil<milliseconds>(m_deadline - SteadyClock::now()));
    }
    if (m_cancel.cancelled() || timeout <= milliseconds(0))
        return {.kind = Kind::try_again, .message = "There was no time left to send them."};
    try {
        return m_exporter->send(batch, timeout, m_cancel.token());
    } catch (const std::exception& exception) {
        return {.kind = Kind::refused, .message = exception.what()};
    } catch (...) {
        return {.kind = Kind::refused, .message = "The exporter failed."};
    }
}

bool BatchProcessor::finishing() const
{
    const std::lock_guard lock(m_mutex);
    return m_finishing;
}

bool BatchProcessor::rest_until(SteadyClock::time_point when)
{
    std::unique_lock lock(m_mutex);
    return !m_changed.wait_until(lock, when, [this] { return m_finishing; });
}

milliseconds BatchProcessor::jittered(milliseconds pause)
{
    const double factor = std::uniform_real_distribution(0.5, 1.5)(m_random);
    return milliseconds(static_cast<milliseconds::rep>(static_cast<double>(pause.count()) * factor));
}

void BatchProcessor::report(const ExportOutcome& outcome)
{
    const bool failing = outcome.kind != Kind::accepted || outcome.rejected > 0;
    if (std::exchange(m_failing, failing) == failing)
        return;
    if (failing)
        m_log.log(Level::warn, "traces cannot be exported", {{"error_message", outcome.message}});
    else
        m_log.log(Level::info, "traces are exported again");
}

void BatchProcessor::drop_rest(std::size_t also)
{
    std::deque<KeptTrace> rest;
    {
        const std::lock_guard lock(m_mutex);
        rest.swap(m_queue);
        also += std::exchange(m_queued, 0);
    }
    m_unsent += also;
    drop(SpanLoss::shutdown, also);
}

void BatchProcessor::drop(SpanLoss why, std::size_t spans)
{
    if (spans > 0)
        m_metrics.dropped(why, spans);
}

} // namespace tokenscope::telemetry

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/pipeline_recorder.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tokenscope::telemetry {

namespace {

FamilySnapshot family_of(Metric id)
{
    const MetricSpec& row = spec(id);
    return {.name = std::string(row.name), .help = std::string(row.help), .kind = row.kind, .series = {}};
}

void append(Snapshot& into, Metric id, double value)
{
    FamilySnapshot family = family_of(id);
    family.series.push_back({.labels = {}, .value = value});
    into.push_back(std::move(family));
}

std::string_view name(WorkerType type)
{
    return type == WorkerType::tokenizer ? "tokenizer" : "model";
}

double ratio(std::uint64_t part, std::uint64_t whole)
{
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

} // namespace

PipelineRecorder::PipelineRecorder(Registry& registry) : m_clock(registry.clock())
{
    registry.add(*this);
}

std::size_t PipelineRecorder::worker_started(WorkerType type)
{
    const std::scoped_lock lock(m_mutex);
    m_ever = true;
    std::size_t id = 0;
    while (workers(type).contains(id))
        ++id;
    workers(type).try_emplace(id);
    return id;
}

void PipelineRecorder::worker_stopped(WorkerType type, std::size_t id)
{
    const std::scoped_lock lock(m_mutex);
    workers(type).erase(id);
    if (!any_worker())
        m_last_batch.reset();
}

void PipelineRecorder::worker_finished(WorkerType type, std::size_t id, std::uint64_t requests, Nanos latency)
{
    const Instant now = m_clock.now();
    const std::scoped_lock lock(m_mutex);
    (type == WorkerType::tokenizer ? m_tokenized : m_inferred).add(now, requests);
    const auto worker = workers(type).find(id);
    if (worker == workers(type).end())
        return;
    worker->second.requests += requests;
    worker->second.latency = latency;
    worker->second.rate.add(now, requests);
}

void PipelineRecorder::waiting(PipelineQueue queue, std::ptrdiff_t change)
{
    const std::scoped_lock lock(m_mutex);
    m_waiting[static_cast<std::size_t>(queue)] += change;
}

void PipelineRecorder::batch(const BatchShape& batch)
{
    const std::scoped_lock lock(m_mutex);
    m_last_batch = batch;
    m_padding += batch.padding;
    m_tokens += batch.tokens + batch.padding;
}

void PipelineRecorder::answered()
{
    const Instant now = m_clock.now();
    const std::scoped_lock lock(m_mutex);
    m_answered.add(now, 1);
}

void PipelineRecorder::collect(Snapshot& into) const
{
    const Instant now = m_clock.now();
    const std::scoped_lock lock(m_mutex);
    if (!m_ever)
        return;
    append(into, Metric::padded_tokens, static_cast<double>(m_padding));
    append(into, Metric::pipeline_tokens, static_cast<double>(m_tokens));
    if (!any_worker())
        return;
    collect_gauges(into, now);
    collect_workers(into, now);
}

std::optional<double> PipelineRecorder::model_queue() const
{
    const std::scoped_lock lock(m_mutex);
    if (!any_worker())
        return std::nullopt;
    return static_cast<double>(m_waiting[static_cast<std::size_t>(PipelineQueue::model)]);
}

bool PipelineRecorder::any_worker() const
{
    return std::any_of(m_workers.begin(), m_workers.end(), [](const Workers& workers) { return !workers.empty(); });
}

void PipelineRecorder::collect_gauges(Snapshot& into, Instant now) const
{
    const auto waiting_in = [this](PipelineQueue queue) {
        return static_cast<double>(m_waiting[static_cast<std::size_t>(queue)]);
    };
    append(into, Metric::tokenizer_queue_size, waiting_in(PipelineQueue::tokenizer));
    append(into, Metric::batch_queue_size, waiting_in(PipelineQueue::batch));
    append(into, Metric::tokenizer_throughput, m_tokenized.per_second(now));
    append(into, Metric::inference_throughput, m_inferred.per_second(now));
    append(into, Metric::overall_throughput, m_answered.per_second(now));
    if (m_last_batch) {
        append(into, Metric::padding_ratio, ratio(m_last_batch->padding, m_last_batch->padding + m_last_batch->tokens));
        append(into, Metric::max_seq_length, static_cast<double>(m_last_batch->longest));
        append(into, Metric::avg_seq_length, ratio(m_last_batch->tokens, m_last_batch->sequences));
    }
}

void PipelineRecorder::collect_workers(Snapshot& into, Instant now) const
{
    FamilySnapshot requests = family_of(Metric::worker_requests);
    FamilySnapshot latency = family_of(Metric::worker_latency);
    FamilySnapshot throughput = family_of(Metric::worker_throughput);
    for (const WorkerType type : {WorkerType::tokenizer, WorkerType::model}) {
        for (const auto& [id, worker] : m_workers[static_cast<std::size_t>(type)]) {
            const Labels labels{{"worker_id", fmt::format("{}", id)}, {"worker_type", std::string(name(type))}};
            requests.series.push_back({.labels = labels, .value = static_cast<double>(worker.requests)});
            throughput.series.push_back({.labels = labels, .value = worker.rate.per_second(now)});
            if (worker.latency)
                latency.series.push_back({.labels = labels, .value = seconds(*worker.latency) * 1000});
        }
    }
    into.push_back(std::move(requests));
    into.push_back(std::move(throughput));
    if (!latency.series.empty())
        into.push_back(std::move(latency));
}

} // namespace tokenscope::telemetry

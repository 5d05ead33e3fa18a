// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/metrics.h"

#include "telemetry/http_recorder.h"
#include "telemetry/model_memory_recorder.h"
#include "telemetry/pipeline_recorder.h"
#include "telemetry/provider_recorder.h"
#include "telemetry/recorders.h"
#include "telemetry/request_recorder.h"
#include "telemetry/sampled_family.h"
#include "telemetry/span_recorder.h"
#include "telemetry/token_recorder.h"

#include <algorithm>
#include <utility>

namespace tokenscope::telemetry {

namespace {

constexpr double bytes_per_mb = 1024.0 * 1024.0;

void append(Snapshot& page, Metric id, const std::optional<double>& value)
{
    SampledFamily family(id);
    family.add(value);
    family.append_to(page);
}

void append(Snapshot& page, const std::vector<GpuGauge>& gpus)
{
    SampledFamily utilization(Metric::gpu_utilization);
    SampledFamily memory(Metric::gpu_memory);
    for (const auto& gpu : gpus) {
        const Labels labels{{"gpu", valid_utf8(gpu.index)}, {"name", valid_utf8(gpu.name)}};
        utilization.add(gpu.utilization_percent, labels);
        if (gpu.memory_used_bytes)
            memory.add(*gpu.memory_used_bytes / bytes_per_mb, labels);
    }
    utilization.append_to(page);
    memory.append_to(page);
}

std::optional<double> sum_of(const Snapshot& page, Metric id)
{
    const auto family = std::find_if(page.begin(), page.end(), [id](const auto& f) { return f.name == spec(id).name; });
    if (family == page.end())
        return std::nullopt;
    double sum = 0;
    for (const auto& series : family->series)
        sum += std::get<double>(series.value);
    return sum;
}

/// Of what is there; absent if neither is.
std::optional<double> sum_of(const std::optional<double>& a, const std::optional<double>& b)
{
    return a && b ? *a + *b : (a ? a : b);
}

} // namespace

struct Metrics::State {
    State(const BuildInfo& build, std::size_t cap, const Clock* clock)
        : registry(clock ? *clock : system_clock, cap), factory(registry), tokens(factory), requests(factory),
          providers(factory), http(factory), queues(factory), conversations(factory), gateway(factory), spans(factory),
          pipeline(registry), build_info(factory.make<Gauge>(Metric::build_info))
    {
        build_info.at({build.version, build.qt}).set(1);
    }

    SystemClock system_clock;
    Registry registry;
    SeriesFactory factory;
    TokenRecorder tokens;
    RequestRecorder requests;
    ProviderRecorder providers;
    HttpRecorder http;
    QueueRecorder queues;
    ConversationRecorder conversations;
    GatewayRecorder gateway;
    SpanRecorder spans;
    PipelineRecorder pipeline;
    Series<Gauge> build_info;
    ModelMemoryRecorder model_memory;

    std::mutex mutex; // of what follows
    std::optional<double> cpu;
    std::vector<GpuGauge> gpus;
    ProcessGauges process;
};

Metrics::Metrics(BuildInfo build, std::size_t series_cap, const Clock* clock)
    : m_state(std::make_unique<State>(build, series_cap, clock))
{
}

void Metrics::set_series_cap(std::size_t cap)
{
    m_state->registry.set_series_cap(cap);
}

Metrics::~Metrics() = default;

TokenMetrics& Metrics::tokens()
{
    return m_state->tokens;
}

RequestMetrics& Metrics::requests()
{
    return m_state->requests;
}

ProviderMetrics& Metrics::providers()
{
    return m_state->providers;
}

HttpMetrics& Metrics::http()
{
    return m_state->http;
}

QueueMetrics& Metrics::queues()
{
    return m_state->queues;
}

ConversationMetrics& Metrics::conversations()
{
    return m_state->conversations;
}

GatewayMetrics& Metrics::gateway()
{
    return m_state->gateway;
}

SpanMetrics& Metrics::spans()
{
    return m_state->spans;
}

PipelineMetrics& Metrics::pipeline()
{
    return m_state->pipeline;
}

ModelMemoryMetrics& Metrics::model_memory()
{
    return m_state->model_memory;
}

void Metrics::declare_provider(std::string_view name)
{
    m_state->queues.declare(name);
}

void Metrics::set_cpu(std::optional<double> percent)
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->cpu = percent;
}

void Metrics::set_gpus(std::vector<GpuGauge> gpus)
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->gpus.swap(gpus);
}

void Metrics::set_process(const ProcessGauges& process)
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->process = process;
}

Snapshot Metrics::collect() const
{
    auto page = m_state->registry.collect();
    append(page, Metric::model_queue_size, sum_of(sum_of(page, Metric::queue_depth), m_state->pipeline.model_queue()));
    m_state->model_memory.append_to(page);

    const std::scoped_lock lock(m_state->mutex);
    append(page, Metric::cpu_percent, m_state->cpu);
    append(page, m_state->gpus);
    const auto& process = m_state->process;
    append(page, Metric::process_cpu, process.cpu_seconds);
    append(page, Metric::process_resident_memory, process.resident_bytes);
    append(page, Metric::process_open_fds, process.open_fds);
    append(page, Metric::process_max_fds, process.max_fds);
    append(page, Metric::process_start_time, process.start_time_seconds);
    return page;
}

} // namespace tokenscope::telemetry

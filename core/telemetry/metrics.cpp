// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/metrics.h"

#include "telemetry/recorders.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tokenscope::telemetry {

namespace {

constexpr double bytes_per_mb = 1024.0 * 1024.0;

/// A family of sampled values. They are plain state rather than registry entries, because they come and go.
class SampledFamily {
public:
    explicit SampledFamily(Metric id) : m_kind(spec(id).kind)
    {
        m_family.name = spec(id).name;
        m_family.help = spec(id).help;
        m_family.type = m_kind == MetricKind::counter ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge;
    }

    void add(const std::optional<double>& value, std::vector<prometheus::ClientMetric::Label> labels = {})
    {
        if (!value || std::isnan(*value))
            return;
        const auto same = [&](const auto& metric) { return metric.label == labels; };
        if (std::any_of(m_family.metric.begin(), m_family.metric.end(), same))
            return; // a second series of the same name would make the whole page invalid
        auto& metric = m_family.metric.emplace_back();
        metric.label = std::move(labels);
        (m_kind == MetricKind::counter ? metric.counter.value : metric.gauge.value) = *value;
    }

    void append_to(std::vector<prometheus::MetricFamily>& page)
    {
        if (!m_family.metric.empty())
            page.push_back(std::move(m_family));
    }

private:
    MetricKind m_kind;
    prometheus::MetricFamily m_family;
};

void append(std::vector<prometheus::MetricFamily>& page, Metric id, const std::optional<double>& value)
{
    SampledFamily family(id);
    family.add(value);
    family.append_to(page);
}

void append(std::vector<prometheus::MetricFamily>& page, const std::vector<GpuGauge>& gpus)
{
    SampledFamily utilization(Metric::gpu_utilization);
    SampledFamily memory(Metric::gpu_memory);
    for (const auto& gpu : gpus) {
        const std::vector<prometheus::ClientMetric::Label> labels{{"gpu", valid_utf8(gpu.index)},
                                                                  {"name", valid_utf8(gpu.name)}};
        utilization.add(gpu.utilization_percent, labels);
        if (gpu.memory_used_bytes)
            memory.add(*gpu.memory_used_bytes / bytes_per_mb, labels);
    }
    utilization.append_to(page);
    memory.append_to(page);
}

std::optional<double> sum_of(const std::vector<prometheus::MetricFamily>& page, Metric id)
{
    const auto family = std::find_if(page.begin(), page.end(), [id](const auto& f) { return f.name == spec(id).name; });
    if (family == page.end() || family->metric.empty())
        return std::nullopt;
    double sum = 0;
    for (const auto& metric : family->metric)
        sum += metric.gauge.value;
    return sum;
}

} // namespace

struct Metrics::State {
    State(const BuildInfo& build, std::size_t cap)
        : factory(registry, cap), tokens(factory), http(factory), queues(factory), conversations(factory),
          gateway(factory), build_info(factory.make<prometheus::Gauge>(Metric::build_info))
    {
        build_info.at({build.version, build.qt}).Set(1);
    }

    prometheus::Registry registry;
    SeriesFactory factory;
    TokenRecorder tokens;
    HttpRecorder http;
    QueueRecorder queues;
    ConversationRecorder conversations;
    GatewayRecorder gateway;
    Series<prometheus::Gauge> build_info;

    std::mutex mutex; // of what follows
    std::optional<double> cpu;
    std::vector<GpuGauge> gpus;
    ProcessGauges process;
};

Metrics::Metrics(BuildInfo build, std::size_t series_cap) : m_state(std::make_unique<State>(build, series_cap)) {}

Metrics::~Metrics() = default;

TokenMetrics& Metrics::tokens()
{
    return m_state->tokens;
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

std::vector<prometheus::MetricFamily> Metrics::collect() const
{
    auto page = m_state->registry.Collect();
    std::erase_if(page, [](const auto& family) { return family.metric.empty(); });
    append(page, Metric::model_queue_size, sum_of(page, Metric::queue_depth));

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

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "composition.h"

#include "demo_traffic.h"
#include "local_metrics.h"
#include "otlp/make_exporter.h"

#include <utility>

namespace tokenscope::app {

namespace {

/// For the spans that have not reached the collector when the program ends.
constexpr std::chrono::milliseconds flush_time{3'000};

Result<std::unique_ptr<telemetry::SpanExporter>> make_exporter(const config::Exporter& settings,
                                                               const telemetry::Resource& resource)
{
    return otlp::make_exporter(settings, resource, config::process_environment());
}

telemetry::CaptureRing::Settings capture_settings(const config::Config& config)
{
    const auto& requests = config.observability.requests;
    return {.bodies = requests.bodies, .bytes = requests.capture_memory};
}

} // namespace

Composition::Composition(Options options)
    : m_demo_traffic_wanted(options.demo_traffic), m_first_config(options.config), m_log(std::move(options.log)),
      m_metrics({.version = TOKENSCOPE_VERSION, .qt = std::move(options.qt_version)},
                options.config.observability.metrics.series_cap, &m_clock),
      m_records(m_log, m_clock, config::process_environment()),
      m_spans(
          {.metrics = m_metrics.spans(), .log = m_log, .make_exporter = make_exporter, .version = TOKENSCOPE_VERSION}),
      m_live(options.charts ? std::make_unique<telemetry::LiveBoard>() : nullptr),
      m_captures(options.charts ? std::make_unique<telemetry::CaptureRing>(capture_settings(options.config)) : nullptr),
      m_series({.max_bytes = options.config.observability.charts.sample_memory()}),
      m_sketches({.max_bytes = options.config.observability.charts.sketch_memory()}),
      m_sketched(m_metrics.tokens(), m_metrics.requests(), m_sketches, m_clock),
      m_local(m_series, &m_sketches, describe_metric, 256, expected_metrics()),
      m_sampling(m_metrics, options.charts ? &m_series : nullptr, options.config.observability.charts.interval, m_clock,
                 m_log),
      m_gateway(m_own_key.added_to(options.config), {.tokens = tokens(options.charts),
                                                     .requests = requests(options.charts),
                                                     .providers = m_metrics.providers(),
                                                     .http = m_metrics.http(),
                                                     .queues = m_metrics.queues(),
                                                     .gateway = m_metrics.gateway(),
                                                     .pipeline = m_metrics.pipeline(),
                                                     .conversations = m_metrics.conversations(),
                                                     .records = m_records.sink(),
                                                     .spans = m_spans,
                                                     .log = m_log,
                                                     .clock = m_clock,
                                                     .pricing = &m_records.prices(),
                                                     .snapshot = [this] { return m_metrics.collect(); },
                                                     .env = config::process_environment(),
                                                     .model_memory = &m_metrics.model_memory(),
                                                     .live = m_live.get(),
                                                     .capture = m_captures.get()})
{
    m_own_key.needed(!options.config.auth.keys.empty());
    m_local.set_interval(options.config.observability.charts.interval);
}

telemetry::TokenMetrics& Composition::tokens(bool charts)
{
    return charts ? m_sketched : m_metrics.tokens();
}

telemetry::RequestMetrics& Composition::requests(bool charts)
{
    return charts ? m_sketched : m_metrics.requests();
}

Composition::~Composition()
{
    stop();
}

Result<void> Composition::start()
{
    start_exporting();
    auto started = m_records.start(m_first_config).and_then([this] { return m_gateway.start(); });
    if (!started) {
        m_log.log(telemetry::Level::error, "gateway did not start",
                  {{"error_message", started.error().message}, {"detail", started.error().detail}});
        return started;
    }
    m_log.log(telemetry::Level::info, "gateway started", {{"address", m_gateway.base_url()}});
    tell_of_pages();
    if (m_demo_traffic_wanted)
        start_traffic();
    return {};
}

void Composition::start_exporting()
{
    auto exporting = m_spans.prepare(m_first_config.observability);
    if (exporting)
        return m_spans.adopt(std::move(*exporting));
    m_log.log(telemetry::Level::error, "traces are not exported",
              {{"error_message", exporting.error().message}, {"detail", exporting.error().detail}});
}

void Composition::tell_of_pages()
{
    const auto url = m_gateway.metrics_url();
    if (!url.empty())
        m_log.log(telemetry::Level::info, "metrics have an address of their own", {{"address", url}});
}

void Composition::start_traffic()
{
    m_traffic = std::make_unique<DemoTraffic>(
        m_gateway.base_url(), DemoTraffic::Options{.authorization = [this] { return authorization(); }});
}

Result<void> Composition::apply(config::Config config)
{
    const auto url = m_gateway.base_url();
    auto records = m_records.prepare(config);
    if (!records)
        return failure(std::move(records.error()));
    auto exporting = m_spans.prepare(config.observability);
    if (!exporting)
        return failure(std::move(exporting.error()));
    const auto metrics_url = m_gateway.metrics_url();
    auto applied = m_gateway.apply(m_own_key.added_to(config));
    if (!applied)
        return applied;
    m_records.adopt(std::move(*records));
    m_spans.adopt(std::move(*exporting));
    if (m_captures)
        m_captures->configure(capture_settings(config));
    m_own_key.needed(!config.auth.keys.empty());
    m_metrics.set_series_cap(config.observability.metrics.series_cap);
    adopt(config.observability.charts);
    if (m_gateway.metrics_url() != metrics_url)
        tell_of_pages();
    if (m_gateway.base_url() != url) {
        m_log.log(telemetry::Level::info, "gateway moved", {{"address", m_gateway.base_url()}});
        if (m_traffic)
            start_traffic();
    }
    return applied;
}

void Composition::adopt(const config::Charts& charts)
{
    m_series.set_budget(charts.sample_memory());
    m_sketches.set_budget(charts.sketch_memory());
    m_sampling.set_interval(charts.interval);
    m_local.set_interval(charts.interval);
}

void Composition::stop()
{
    m_traffic.reset();
    m_gateway.stop();
    m_spans.stop(flush_time);
}

} // namespace tokenscope::app

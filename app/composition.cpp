// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "composition.h"

#include "demo_traffic.h"
#include "telemetry/exposition.h"

#include <utility>

namespace tokenscope::app {

Composition::Composition(Options options)
    : m_demo_traffic_wanted(options.demo_traffic), m_log(std::move(options.log)),
      m_metrics({.version = TOKENSCOPE_VERSION, .qt = std::move(options.qt_version)},
                options.config.observability.metrics.series_cap, &m_clock),
      m_series({}), m_local(m_series), m_sampling(m_metrics, m_series, m_clock, m_log),
      m_gateway(m_own_key.added_to(options.config),
                {.tokens = m_metrics.tokens(),
                 .http = m_metrics.http(),
                 .queues = m_metrics.queues(),
                 .gateway = m_metrics.gateway(),
                 .conversations = m_metrics.conversations(),
                 .records = m_requests,
                 .log = m_log,
                 .clock = m_clock,
                 .metrics_page = [this] { return telemetry::write_text(m_metrics.collect()); },
                 .env = config::process_environment(),
                 .model_memory = &m_metrics.model_memory()})
{
    m_own_key.needed(!options.config.auth.keys.empty());
}

Composition::~Composition()
{
    stop();
}

Result<void> Composition::start()
{
    auto started = m_gateway.start();
    if (!started) {
        m_log.log(telemetry::Level::error, "gateway did not start",
                  {{"error_message", started.error().message}, {"detail", started.error().detail}});
        return started;
    }
    m_log.log(telemetry::Level::info, "gateway started", {{"address", m_gateway.base_url()}});
    if (m_demo_traffic_wanted)
        start_traffic();
    return {};
}

void Composition::start_traffic()
{
    m_traffic = std::make_unique<DemoTraffic>(
        m_gateway.base_url(), DemoTraffic::Options{.authorization = [this] { return authorization(); }});
}

Result<void> Composition::apply(config::Config config)
{
    const auto url = m_gateway.base_url();
    auto applied = m_gateway.apply(m_own_key.added_to(config));
    if (!applied)
        return applied;
    m_own_key.needed(!config.auth.keys.empty());
    m_metrics.set_series_cap(config.observability.metrics.series_cap);
    if (m_gateway.base_url() != url) {
        m_log.log(telemetry::Level::info, "gateway moved", {{"address", m_gateway.base_url()}});
        if (m_traffic)
            start_traffic();
    }
    return applied;
}

void Composition::stop()
{
    m_traffic.reset();
    m_gateway.stop();
}

} // namespace tokenscope::app

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/measured_gateway.h"

#include "base/url.h"
#include "support/raw_http.h"

#include <QDeadlineTimer>
#include <QThread>

#include <utility>

namespace tokenscope::test {

namespace {

constexpr std::size_t most_records = 100'000;

telemetry::LogOptions log_options(std::function<void(std::string_view)> sink)
{
    telemetry::LogOptions options;
    options.level = telemetry::Level::debug;
    options.to_stderr = false;
    options.queue_lines = most_records;
    options.sink = std::move(sink);
    return options;
}

} // namespace

std::optional<telemetry::Cost> FlatPricing::cost_of(const telemetry::Target& target, const llm::Usage& usage) const
{
    if (!usage.total || (target.backend != "alpha" && target.backend != "claude"))
        return std::nullopt;
    const auto tokens = static_cast<double>(*usage.total);
    return target.backend == "alpha" ? telemetry::Cost{tokens * 0.001, "USD"} : telemetry::Cost{tokens * 0.002, "EUR"};
}

void MeasuredGateway::KeptSpans::finished(const telemetry::TraceFacts& trace)
{
    const std::scoped_lock lock(m_mutex);
    m_all.push_back(trace.spans());
}

std::vector<telemetry::TraceSpans> MeasuredGateway::KeptSpans::all() const
{
    const std::scoped_lock lock(m_mutex);
    return m_all;
}

MeasuredGateway::MeasuredGateway(config::Config config, std::size_t series_cap)
    : m_log(log_options([this](std::string_view line) {
          const std::scoped_lock lock(m_mutex);
          m_lines.emplace_back(line);
      })),
      m_metrics({.version = "1.2.3", .qt = "6.4"}, series_cap), m_records(most_records)
{
    m_gateway = std::make_unique<gateway::Gateway>(
        std::move(config), gateway::GatewayServices{.tokens = m_metrics.tokens(),
                                                    .requests = m_metrics.requests(),
                                                    .providers = m_metrics.providers(),
                                                    .http = m_metrics.http(),
                                                    .queues = m_metrics.queues(),
                                                    .gateway = m_metrics.gateway(),
                                                    .pipeline = m_metrics.pipeline(),
                                                    .conversations = m_metrics.conversations(),
                                                    .records = m_records,
                                                    .spans = m_spans,
                                                    .log = m_log,
                                                    .clock = m_clock,
                                                    .pricing = &m_pricing,
                                                    .snapshot = [this] { return m_metrics.collect(); }});
    if (const auto started = m_gateway->start(); !started)
        qFatal("%s", started.error().message.c_str());
}

MeasuredGateway::~MeasuredGateway()
{
    m_gateway->stop();
    m_log.flush();
}

std::uint16_t MeasuredGateway::port() const
{
    return parse_url(m_gateway->base_url())->port;
}

std::vector<std::string> MeasuredGateway::log_lines()
{
    m_log.flush();
    const std::scoped_lock lock(m_mutex);
    return m_lines;
}

std::vector<telemetry::TraceSpans> MeasuredGateway::traces() const
{
    return m_spans.all();
}

QByteArray MeasuredGateway::page_text() const
{
    RawHttp client(port());
    client.get("/metrics");
    return client.read_reply() && client.status() == 200 ? client.body() : QByteArray();
}

bool MeasuredGateway::settle() const
{
    const QDeadlineTimer deadline(10'000);
    while (!deadline.hasExpired()) {
        if (page_text().contains("\nhttp_requests_in_flight 0\n"))
            return true;
        QThread::msleep(5);
    }
    return false;
}

} // namespace tokenscope::test

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "gateway/gateway.h"
#include "support/metrics_page.h"
#include "telemetry/logging/log.h"
#include "telemetry/metrics.h"
#include "telemetry/pricing.h"
#include "telemetry/request_log.h"
#include "telemetry/tracing/span_sink.h"

#include <QByteArray>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace tokenscope::test {

/// What requests cost at every MeasuredGateway: a thousandth of a dollar a token at "alpha", two of a euro at "claude".
/// Nothing is known of the others.
class FlatPricing final : public telemetry::Pricing {
public:
    std::optional<telemetry::Cost> cost_of(const telemetry::Target& target, const llm::Usage& usage) const override;
};

using Records = std::vector<std::shared_ptr<const telemetry::RequestRecord>>;

/// A gateway in this process that measures as the programs do, with every record and log line kept. Stops the test
/// program where it cannot start.
class MeasuredGateway {
public:
    explicit MeasuredGateway(config::Config config, std::size_t series_cap = 2000);
    ~MeasuredGateway();

    std::uint16_t port() const;
    gateway::Gateway& gateway() { return *m_gateway; }
    telemetry::Metrics& metrics() { return m_metrics; }
    Records records() const { return m_records.since(0); }
    std::vector<std::string> log_lines();
    /// Of the requests that are traced, model requests and others.
    std::vector<telemetry::TraceSpans> traces() const;

    /// GET /metrics; empty where that fails. Any thread.
    QByteArray page_text() const;
    MetricsPage page() const { return MetricsPage(page_text().toStdString()); }
    /// Until no request is in flight any more; false after ten seconds.
    bool settle() const;

private:
    class KeptSpans final : public telemetry::SpanSink {
    public:
        void finished(const telemetry::TraceFacts& trace) override;
        std::vector<telemetry::TraceSpans> all() const;

    private:
        mutable std::mutex m_mutex;
        std::vector<telemetry::TraceSpans> m_all;
    };

    SystemClock m_clock;
    FlatPricing m_pricing;
    std::mutex m_mutex; ///< of the lines
    std::vector<std::string> m_lines;
    telemetry::Logger m_log;
    telemetry::Metrics m_metrics;
    telemetry::RequestLog m_records;
    KeptSpans m_spans;
    std::unique_ptr<gateway::Gateway> m_gateway;
};

} // namespace tokenscope::test

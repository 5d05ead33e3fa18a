// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "query/sketch_store.h"
#include "telemetry/catalogue.h"
#include "telemetry/request_metrics.h"
#include "telemetry/token_metrics.h"

#include <initializer_list>
#include <string_view>

namespace tokenscope::app {

/// Passes the latencies of requests and tokens on to the metrics, and keeps them as sketches for the console's charts besides,
/// under the names and labels that the metrics have. Thread-safe.
class LatencySketches final : public telemetry::TokenMetrics, public telemetry::RequestMetrics {
public:
    /// All of it must outlive this.
    LatencySketches(telemetry::TokenMetrics& tokens, telemetry::RequestMetrics& requests, query::SketchStore& store,
                    const Clock& clock)
        : m_tokens(tokens), m_requests(requests), m_store(store), m_clock(clock)
    {
    }

    void first_token(const telemetry::Target& target, Nanos latency, std::string_view trace_id) override;
    void inter_token(const telemetry::Target& target, std::span<const telemetry::TokenGap> gaps) override;
    void finished(const telemetry::RequestRecord& record) override;

private:
    void add(telemetry::Metric metric, std::initializer_list<std::string_view> label_values, double value,
             std::uint32_t times = 1);
    void add_gen_ai(const telemetry::RequestRecord& record);

    telemetry::TokenMetrics& m_tokens;
    telemetry::RequestMetrics& m_requests;
    query::SketchStore& m_store;
    const Clock& m_clock;
};

} // namespace tokenscope::app

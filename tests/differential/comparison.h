// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "prometheus_server.h"

#include "query/query.h"
#include "query/series_store.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tokenscope::tests {

/// Writes everything in `store` to Prometheus, sample for sample, staleness markers included. Series of a metric are created in
/// the order of their labels, which is that in which the evaluator adds them up. Empty on success.
QString copy_to(PrometheusServer& server, const query::SeriesStore& store);
/// The same for series in that order.
QString write_all(PrometheusServer& server, std::vector<PrometheusServer::NamedSeries> series);

/// Asks our evaluator and Prometheus the same.
class Comparison {
public:
    Comparison(const query::SeriesStore& store, PrometheusServer& server) : m_store(store), m_server(server) {}

    /// Empty where both agree at every step: within 1e-9 relative, no value where the other has none. Which of equal values topk
    /// keeps may differ.
    std::string compare(const query::Query& query, std::int64_t from, std::int64_t to, std::int64_t step);

    std::size_t values() const { return m_values; } ///< compared so far
    std::size_t expressions() const { return m_expressions; }

private:
    const query::SeriesStore& m_store;
    PrometheusServer& m_server;
    std::size_t m_values = 0;
    std::size_t m_expressions = 0;
};

} // namespace tokenscope::tests

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "remote/prometheus_api.h"
#include "sources/metric_source.h"

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace tokenscope::remote {

/// A Prometheus, or what speaks its HTTP API (Thanos, Mimir, VictoriaMetrics). Answers are given on threads of the client; see
/// HttpClient for what is refused, repeated and kept waiting. The destructor drops what is not answered yet; it must not run
/// inside an answer.
class PrometheusSource final : public sources::MetricSource {
public:
    /// What `lookup` refers to must outlive this.
    PrometheusSource(std::shared_ptr<SourceThread> thread, sources::Connection connection, config::Lookup lookup,
                     HttpLimits limits = {});

    std::string name() const override { return m_name; }
    sources::Capabilities capabilities() const override { return {.promql = true, .targets = true, .rules = true}; }
    sources::SourceStatus status() const override;

    /// As query::evaluate() answers, at the same steps; also with more than one request, one for each quantile.
    void range(query::Query query, sources::Range range, CancelToken cancel, Done done) override;
    void promql(std::string expression, sources::Range range, CancelToken cancel, Done done) override;
    void test(CancelToken cancel, sources::Answer<std::string> done) override;
    /// The answer may be a minute old.
    void metrics(CancelToken cancel, sources::Answer<std::vector<sources::MetricInfo>> done) override;
    void label_names(std::string metric, CancelToken cancel, sources::Answer<Texts> done) override;
    void label_values(std::string label, std::string metric, CancelToken cancel, sources::Answer<Texts> done) override;
    /// Of more than six hours a server may tell more than asked for: Prometheus goes by whole blocks.
    void label_values_in(sources::Range range, std::string label, std::string metric, CancelToken cancel,
                         sources::Answer<Texts> done) override;
    void targets(CancelToken cancel, sources::Answer<std::vector<sources::Target>> done) override;
    void rules(CancelToken cancel, sources::Answer<std::vector<sources::RuleGroup>> done) override;

    /// The labels of every series that a selector matches, "__name__" too.
    void series(std::string selector, CancelToken cancel, sources::Answer<std::vector<query::Labels>> done);

private:
    void ask_label_values(const std::string& label, PrometheusApi::Form form, CancelToken cancel,
                          sources::Answer<Texts> done);
    struct QuantileJoin;
    using MetricInfos = std::vector<sources::MetricInfo>;

    template <typename T>
    sources::Answer<T> watched(sources::Answer<T> done);
    template <typename T>
    using Reader = std::optional<T> (*)(const nlohmann::json& data);
    template <typename T>
    sources::Answer<nlohmann::json> reading(Reader<T> read, sources::Answer<T> done);
    void record(const std::optional<Error>& error);
    std::optional<MetricInfos> remembered() const;
    void describe_metrics(Texts names, const CancelToken& cancel, const sources::Answer<MetricInfos>& done);

    const std::string m_name;
    mutable std::mutex m_mutex;
    sources::SourceStatus m_status;
    MetricInfos m_metrics;
    std::optional<std::chrono::steady_clock::time_point> m_metrics_at;
    PrometheusApi m_api; ///< last: its callbacks use the others
};

} // namespace tokenscope::remote

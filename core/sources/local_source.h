// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/series_store.h"
#include "query/sketch_store.h"
#include "sources/store_answers.h"

#include <atomic>
#include <chrono>
#include <cstddef>

namespace tokenscope::sources {

/// Answers from the samples of this process; see StoreAnswers.
class LocalSource final : public MetricSource {
public:
    /// `sketches` answers the quantiles of the metrics that it has; may be null. `describe`: what is known of a metric.
    /// `expected`: metrics that are listed before they have a sample, since they are going to.
    LocalSource(const query::SeriesStore& store, const query::SketchStore* sketches, StoreAnswers::Describe describe,
                std::size_t max_waiting = 256, std::vector<std::string> expected = {});

    std::string name() const override { return "Local gateway"; }
    Capabilities capabilities() const override { return {.interval = m_interval.load()}; }
    SourceStatus status() const override;
    /// What the samples and the sketches take together, of the budget of both.
    query::SeriesStore::Use use() const;
    /// How often the store gets samples now. Any thread.
    void set_interval(std::chrono::milliseconds interval) { m_interval = interval; }
    void range(query::Query query, Range range, CancelToken cancel, Done done) override;
    void test(CancelToken cancel, Answer<std::string> done) override;
    void metrics(CancelToken cancel, Answer<std::vector<MetricInfo>> done) override;
    void label_names(std::string metric, CancelToken cancel, Answer<Texts> done) override;
    void label_values(std::string label, std::string metric, CancelToken cancel, Answer<Texts> done) override;

private:
    const query::SeriesStore& m_store;
    const query::SketchStore* const m_sketches;
    std::atomic<std::chrono::milliseconds> m_interval{std::chrono::milliseconds(1'000)};
    std::vector<MetricInfo> m_expected; ///< sorted by name
    StoreAnswers m_answers;             ///< last: what it answers uses the rest
};

} // namespace tokenscope::sources

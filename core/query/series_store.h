// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/labels.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::query {

/// One sample of one series at a scrape. Histograms are stored as Prometheus does: name_bucket with `le`, name_sum, name_count.
struct Sample {
    std::string name;
    Labels labels;
    double value = 0;
    /// A count of this very process: where the scrape before this one had no such series, it was 0 there. A counter that is
    /// born with its first event would otherwise hide that event from every rate.
    bool counts_from_zero = false;
};

/// A point of a series.
struct Point {
    std::int64_t time = 0; ///< ms since 1970
    double value = 0;
};

/// Recent samples of many series in memory, bounded by age and by bytes: what a local source answers from.
/// Thread-safe: one writer (append) and any number of readers.
///
/// When the bytes are used up, the older half of the history goes, of all series. Where even a short history (an eighth
/// of max_age) does not fit, every known series goes on by giving up its own oldest point, and new series are refused.
class SeriesStore {
public:
    struct Limits {
        std::int64_t max_age_ms = 3'600'000;
        std::size_t max_bytes = std::size_t{64} << 20;
    };

    explicit SeriesStore(Limits limits);
    ~SeriesStore();

    /// All samples of one scrape, taken at `time`. A series that had a sample in the scrape before and has none now becomes
    /// stale at `time` (Prometheus' staleness marker). Of two samples of one series the first counts. If the clock was set
    /// back, so that `time` is not later than the scrape before, the points from `time` on are forgotten first.
    void append(std::int64_t time, std::span<const Sample> samples);

    struct Series {
        Labels labels;
        std::vector<Point> points; ///< rising in time; a stale marker is a point whose value is_stale()
    };

    /// Copies of all series of `metric` that `accept` likes and that have points in (from, to], with those points.
    /// `accept` must not call the store.
    std::vector<Series> select(std::string_view metric, const std::function<bool(const Labels&)>& accept,
                               std::int64_t from, std::int64_t to) const;
    std::vector<std::string> metric_names() const; ///< sorted
    /// Of every series of `metric`; of all series where it is empty.
    std::vector<Labels> labels_of(std::string_view metric) const;

    struct Use {
        std::size_t series = 0;
        std::size_t bytes = 0;             ///< of points, labels and names; the allocator's own overhead is estimated
        std::uint64_t dropped_samples = 0; ///< refused because the budget was used up
    };
    Use use() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// Prometheus' staleness marker: a NaN of one particular bit pattern (0x7ff0000000000002).
double stale_marker();
bool is_stale(double value);

} // namespace tokenscope::query

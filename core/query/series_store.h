// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/labels.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
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
    /// Where the page told it: ms since 1970. Otherwise the sample is of the scrape's time.
    std::optional<std::int64_t> time;
};

/// A point of a series.
struct Point {
    std::int64_t time = 0; ///< ms since 1970
    double value = 0;
};

/// Of each so long span the coarse tier keeps the last value and the last staleness marker, and more where chunks met.
inline constexpr std::int64_t coarse_step_ms = 10'000;

/// Recent samples of many series in memory, bounded by age and by bytes: what a local source answers from.
/// Thread-safe: one writer (append) and any number of readers, which hold it up for moments only.
///
/// Two tiers. The raw one has every sample of the last max_age, bit by bit, so that answers from it are exact. Before that, up to
/// coarse_age, at least the last sample of every 10 s is left, with its own time and value: a value is at most 10 s old, a rate is that
/// between the samples left, and what a counter lost by two resets within 10 s is not seen. Samples are compressed:
/// docs/decisions/0014-series-store.md.
///
/// When the bytes are used up, the older half of the coarse tier goes, of all series, again and again until there is
/// none; then the oldest quarter of the raw one. Where even an eighth of max_age does not fit, every known series goes on by
/// giving up its own oldest points, and new series are refused.
class SeriesStore {
public:
    struct Limits {
        std::int64_t max_age_ms = 3'600'000;
        /// No coarse tier if it is not above max_age_ms.
        std::int64_t coarse_age_ms = 86'400'000;
        /// Reckoned with the bytes a sample of docs/benchmarks.md, 2,000 series at 1 s with both tiers full take two thirds.
        std::size_t max_bytes = std::size_t{64} << 20;
    };

    explicit SeriesStore(Limits limits);
    ~SeriesStore();

    /// All samples of one scrape, taken at `time`; none is what a failed scrape has. A series that had a sample in the scrape
    /// before and has none now becomes stale at `time` (Prometheus' staleness marker). Of two samples of one series the first
    /// counts. If the clock was set back, so that `time` is not later than the scrape before, the points from `time` on are
    /// forgotten first.
    ///
    /// A sample with a time of its own is no point where that is the time of the series' last one (the page still tells the
    /// same), and is counted as late where it is earlier, older than max_age_ms or more than ten minutes ahead of the scrape. As
    /// in Prometheus, such a series does not become stale by vanishing, and its samples age with the scrapes they came by.
    void append(std::int64_t time, std::span<const Sample> samples);

    struct Series {
        Labels labels;
        std::vector<Point> points; ///< rising in time; a stale marker is a point whose value is_stale()
    };

    /// Copies of all series of `metric` that `accept` likes and that have points in (from, to], with those points, as of the scrape
    /// that was the last one when it was called. `accept` runs without any lock.
    std::vector<Series> select(std::string_view metric, const std::function<bool(const Labels&)>& accept,
                               std::int64_t from, std::int64_t to) const;
    std::vector<std::string> metric_names() const; ///< sorted
    /// Of every series of `metric`; of all series where it is empty.
    std::vector<Labels> labels_of(std::string_view metric) const;

    struct Use {
        std::size_t series = 0;
        std::size_t bytes = 0; ///< of points, labels, names and indexes; the allocator's own overhead is estimated
        std::size_t budget = 0;
        std::optional<std::int64_t>
            newest; ///< time of the last scrape; absent, like what follows, while there is no series
        /// Since when every sample is kept, and since when one of every 10 s at least.
        std::optional<std::int64_t> raw_from;
        std::optional<std::int64_t> history_from;
        /// For want of bytes there is less than the ages allow.
        bool history_cut = false;
        std::uint64_t dropped_samples = 0; ///< refused because the budget was used up
        std::uint64_t late_samples = 0;    ///< refused for their own times
    };
    Use use() const;

    /// Another budget from now on. A smaller one gives up what does not fit at once, a larger one loses nothing; what the one
    /// before has cost is no longer told by `history_cut` and `dropped_samples`.
    void set_budget(std::size_t max_bytes);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// Prometheus' staleness marker: a NaN of one particular bit pattern (0x7ff0000000000002).
double stale_marker();
bool is_stale(double value);

} // namespace tokenscope::query

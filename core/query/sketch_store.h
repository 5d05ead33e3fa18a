// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/labels.h"
#include "query/latency_sketch.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tokenscope::query {

/// The latencies of this process as sketches, one a series and second; what is older than `fine_ms` as one a ten seconds. So
/// quantiles of any window are right within 1 %, where a histogram can only guess inside its bucket. Bounded by age and
/// bytes: beyond either the oldest go, of all series. When the clock was set back by more than a few seconds, what is later than
/// the new time is forgotten. Thread-safe.
class SketchStore {
public:
    struct Limits {
        std::int64_t fine_ms = 3'600'000;
        std::int64_t max_age_ms = 86'400'000;
        std::size_t max_bytes = std::size_t{16} << 20;
    };

    SketchStore() : SketchStore(Limits{}) {}
    explicit SketchStore(Limits limits) : m_limits(limits) {}

    /// `metric`: the histogram's name, without "_bucket". `label_values`: one for each of `label_names`, which are always
    /// the same for a metric and outlive this. `times` observations of `value` at `time` (ms since 1970).
    void add(std::string_view metric, std::span<const std::string_view> label_names,
             std::span<const std::string_view> label_values, std::int64_t time, double value, std::uint32_t times = 1);

    bool has(std::string_view metric) const;

    struct Slot {
        std::int64_t time = 0; ///< ms: its beginning
        LatencySketch sketch;
    };
    struct Series {
        Labels labels;
        std::vector<Slot> slots; ///< rising in time, none of them empty
    };
    /// Copies of the series that `accept` likes, with the slots that begin in (from, to]. `accept` must not call the store.
    std::vector<Series> select(std::string_view metric, const std::function<bool(const Labels&)>& accept,
                               std::int64_t from, std::int64_t to) const;

    std::size_t bytes() const; ///< of the heap, slack included
    std::size_t budget() const;
    /// A smaller one gives up the oldest at once.
    void set_budget(std::size_t max_bytes);

private:
    struct Kept {
        Labels labels;
        std::vector<Slot> slots;
    };
    /// By the label values, each with its length before it.
    using Family = std::map<std::string, Kept, std::less<>>;

    void tidy(std::int64_t now);
    void forget_before(std::int64_t time);
    /// Those slots of every series that begin in [from, to).
    void forget(std::int64_t from, std::int64_t to);
    std::size_t thin(Kept& kept, std::int64_t before) const;

    Limits m_limits;
    mutable std::mutex m_mutex;
    std::map<std::string, Family, std::less<>> m_families;
    std::size_t m_bytes = 0;
    std::int64_t m_tidied = 0;
    std::int64_t m_newest = std::numeric_limits<std::int64_t>::min(); ///< time of an observation
};

} // namespace tokenscope::query

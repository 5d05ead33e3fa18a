// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/labels.h"
#include "query/series_record.h"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace tokenscope::query {

/// All series of a store: by name and labels, and by metric in the order they came. Not thread-safe.
class SeriesIndex {
public:
    using Records = std::vector<std::shared_ptr<SeriesRecord>>;

    std::size_t size() const { return m_records.size(); }
    /// Of names, labels and records, without their samples.
    std::size_t bytes() const { return m_bytes + m_pool.bytes(); }

    static std::size_t hash_of(std::string_view metric, const Labels& labels);
    SeriesRecord* find(std::string_view metric, const Labels& labels, std::size_t hash) const;
    /// How many bytes more there are after add().
    std::size_t bytes_to_add(std::string_view metric, const Labels& labels) const;
    SeriesRecord& add(std::string_view metric, const Labels& labels, std::size_t hash);

    /// Null if there is no such metric.
    const Records* of_metric(std::string_view metric) const;
    Records all() const;
    std::vector<std::string> metric_names() const;

    /// Whether a record is to stay. May not change the index.
    using Visit = std::function<bool(SeriesRecord&)>;
    void for_each(const std::function<void(SeriesRecord&)>& visit);
    /// Begins a new round of visit_some().
    void visit_all(const Visit& visit);
    /// Visits `count` records more, from where the last call ended; true when it came to the end of a round, where it stops.
    bool visit_some(std::size_t count, const Visit& visit);

private:
    struct Probe {
        std::string_view metric;
        const Labels& labels;
        std::size_t hash;
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(const SeriesRecord* record) const { return record->hash; }
        std::size_t operator()(const Probe& probe) const { return probe.hash; }
    };
    struct Equal {
        using is_transparent = void;
        bool operator()(const SeriesRecord* a, const SeriesRecord* b) const { return a == b; }
        bool operator()(const Probe& probe, const SeriesRecord* record) const
        {
            return probe.hash == record->hash && probe.metric == record->metric && record->labels == probe.labels;
        }
        bool operator()(const SeriesRecord* record, const Probe& probe) const { return (*this)(probe, record); }
    };
    using Metrics = std::map<std::string, Records, std::less<>>;

    /// Visits records [first, last) of a metric and erases those that are not to stay; returns how many stayed.
    std::size_t visit_part(Records& records, std::size_t first, std::size_t last, const Visit& visit);
    Metrics::iterator erase_metric(Metrics::iterator metric);

    LabelPool m_pool;
    Metrics m_metrics;
    std::unordered_set<SeriesRecord*, Hash, Equal> m_records;
    std::size_t m_bytes = 0;
    std::string m_visited_metric; ///< where visit_some() goes on
    std::size_t m_visited = 0;
};

} // namespace tokenscope::query

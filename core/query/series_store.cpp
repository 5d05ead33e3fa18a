// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/series_store.h"

#include "query/point_ring.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <unordered_set>

namespace tokenscope::query {

namespace {

constexpr std::size_t first_capacity = 4;

std::size_t hash_of(std::string_view metric, const Labels& labels)
{
    const std::hash<std::string_view> hash;
    auto result = hash(metric);
    const auto mix = [&](std::string_view text) {
        result ^= hash(text) + 0x9e3779b97f4a7c15ULL + (result << 6) + (result >> 2);
    };
    for (const auto& [name, value] : labels) {
        mix(name);
        mix(value);
    }
    return result;
}

struct Record {
    std::string_view metric; ///< the name as interned in State::metrics
    Labels labels;
    std::size_t hash = 0;
    std::size_t fixed_bytes = 0;
    std::uint64_t scrape = 0; ///< the last one that had a sample for it
    PointRing points;
};

/// A sample with its hash, to look its record up without building a key.
struct Probe {
    const Sample& sample;
    std::size_t hash;
};

struct RecordHash {
    using is_transparent = void;
    std::size_t operator()(const std::unique_ptr<Record>& record) const { return record->hash; }
    std::size_t operator()(const Probe& probe) const { return probe.hash; }
};

struct RecordEqual {
    using is_transparent = void;
    bool operator()(const std::unique_ptr<Record>& a, const std::unique_ptr<Record>& b) const { return a == b; }
    bool operator()(const Probe& probe, const std::unique_ptr<Record>& record) const
    {
        return probe.sample.name == record->metric && probe.sample.labels == record->labels;
    }
    bool operator()(const std::unique_ptr<Record>& record, const Probe& probe) const { return (*this)(probe, record); }
};

std::size_t heap_bytes(const std::string& text)
{
    return text.size() > std::string().capacity() ? text.size() + 1 : 0;
}

/// What a series costs besides its points: the record, its place in two indexes, and its labels.
std::size_t record_bytes(const Labels& labels)
{
    constexpr std::size_t tree_node = sizeof(Labels::value_type) + 4 * sizeof(void*);
    std::size_t bytes = sizeof(Record) + 8 * sizeof(void*);
    for (const auto& [name, value] : labels)
        bytes += tree_node + heap_bytes(name) + heap_bytes(value);
    return bytes;
}

std::size_t name_bytes(const std::string& name)
{
    return sizeof(std::string) + sizeof(std::vector<Record*>) + 4 * sizeof(void*) + heap_bytes(name);
}

} // namespace

struct SeriesStore::State {
    Limits limits;
    mutable std::shared_mutex mutex;
    std::unordered_set<std::unique_ptr<Record>, RecordHash, RecordEqual> records;
    std::map<std::string, std::vector<Record*>, std::less<>> metrics;
    std::vector<Record*> live; ///< those with a sample in the last scrape
    std::vector<Record*> next_live;
    std::uint64_t scrape = 0;
    std::optional<std::int64_t> newest;
    std::int64_t last_sweep = std::numeric_limits<std::int64_t>::min();
    std::size_t bytes = 0;
    std::uint64_t dropped = 0;
    bool trimmed = false; ///< in this scrape: once is enough, or a full store would be searched for every sample

    std::int64_t oldest_kept() const { return *newest - limits.max_age_ms; }

    bool make_room(std::size_t more)
    {
        if (bytes + more > limits.max_bytes && !trimmed)
            trim();
        return bytes + more <= limits.max_bytes;
    }

    void resize(Record& record, std::size_t capacity)
    {
        bytes -= record.points.capacity() * sizeof(Point);
        record.points.resize(capacity);
        bytes += record.points.capacity() * sizeof(Point);
    }

    /// Gives up the older half of the history, unless little is left of it.
    void trim()
    {
        trimmed = true;
        auto oldest = *newest;
        for (const auto& record : records) {
            if (!record->points.empty())
                oldest = std::min(oldest, record->points.front().time);
        }
        const auto span = *newest - oldest;
        if (span <= limits.max_age_ms / 8)
            return;
        const auto cutoff = oldest + span / 2;
        for (const auto& record : records) {
            auto& points = record->points;
            while (!points.empty() && points.front().time < cutoff)
                points.pop_front();
            if (const auto wanted = points.size() + first_capacity; wanted < points.capacity())
                resize(*record, wanted);
        }
    }

    Record* find_or_add(const Sample& sample)
    {
        const Probe probe{sample, hash_of(sample.name, sample.labels)};
        if (const auto found = records.find(probe); found != records.end())
            return found->get();
        const auto known = metrics.find(sample.name);
        const auto fixed = record_bytes(sample.labels);
        const auto extra = known == metrics.end() ? name_bytes(sample.name) : 0;
        if (!make_room(fixed + extra + first_capacity * sizeof(Point)))
            return nullptr;
        const auto metric = known == metrics.end() ? metrics.try_emplace(sample.name).first : known;
        auto record = std::make_unique<Record>();
        record->metric = metric->first;
        record->labels = sample.labels;
        record->hash = probe.hash;
        record->fixed_bytes = fixed;
        bytes += fixed + extra;
        resize(*record, first_capacity);
        metric->second.push_back(record.get());
        return records.insert(std::move(record)).first->get();
    }

    void push(Record& record, Point point)
    {
        auto& points = record.points;
        while (!points.empty() && points.front().time < oldest_kept())
            points.pop_front();
        if (points.size() == points.capacity()) {
            const auto more = points.capacity() / 2;
            if (make_room(more * sizeof(Point))) {
                // Making room may have shortened this very ring.
                resize(record, std::max(points.capacity(), points.size() + more));
            } else {
                points.pop_front();
            }
        }
        points.push_back(point);
    }

    void forget_from(std::int64_t time)
    {
        for (const auto& record : records) {
            while (!record->points.empty() && record->points.back().time >= time)
                record->points.pop_back();
        }
    }

    /// Removes series without a point of the kept age. Those of the last scrape have one, so `live` stays valid.
    void sweep()
    {
        last_sweep = *newest;
        const auto gone = [&](const Record& record) {
            return record.points.empty() || record.points.back().time < oldest_kept();
        };
        for (auto metric = metrics.begin(); metric != metrics.end();) {
            std::erase_if(metric->second, [&](const Record* record) { return gone(*record); });
            if (metric->second.empty())
                bytes -= name_bytes(metric->first);
            ++metric;
        }
        std::erase_if(records, [&](const std::unique_ptr<Record>& record) {
            if (!gone(*record))
                return false;
            bytes -= record->fixed_bytes + record->points.capacity() * sizeof(Point);
            return true;
        });
        std::erase_if(metrics, [](const auto& metric) { return metric.second.empty(); });
    }
};

SeriesStore::SeriesStore(Limits limits) : m_state(std::make_unique<State>())
{
    m_state->limits = limits;
}

SeriesStore::~SeriesStore() = default;

void SeriesStore::append(std::int64_t time, std::span<const Sample> samples)
{
    auto& state = *m_state;
    const std::unique_lock lock(state.mutex);
    if (state.newest && time <= *state.newest) {
        state.forget_from(time);
        state.last_sweep = time;
    }
    const auto before = state.newest && *state.newest < time ? state.newest : std::nullopt;
    state.newest = time;
    state.trimmed = false;
    ++state.scrape;
    state.next_live.clear();
    for (const auto& sample : samples) {
        auto* record = state.find_or_add(sample);
        if (!record) {
            ++state.dropped;
            continue;
        }
        if (record->scrape == state.scrape)
            continue;
        record->scrape = state.scrape;
        if (before && sample.counts_from_zero && record->points.empty())
            state.push(*record, {*before, 0});
        state.push(*record, {time, sample.value});
        state.next_live.push_back(record);
    }
    for (auto* record : state.live) {
        if (record->scrape != state.scrape)
            state.push(*record, {time, stale_marker()});
    }
    state.live.swap(state.next_live);
    // Not at every scrape: looking at each series costs as much as the scrape itself.
    if (state.trimmed || state.last_sweep < time - state.limits.max_age_ms / 16)
        state.sweep();
}

std::vector<SeriesStore::Series> SeriesStore::select(std::string_view metric,
                                                     const std::function<bool(const Labels&)>& accept,
                                                     std::int64_t from, std::int64_t to) const
{
    std::vector<Series> result;
    const std::shared_lock lock(m_state->mutex);
    const auto found = m_state->metrics.find(metric);
    if (found == m_state->metrics.end())
        return result;
    from = std::max(from, m_state->oldest_kept() - 1);
    for (const auto* record : found->second) {
        if (!accept(record->labels))
            continue;
        const auto first = record->points.first_after(from);
        const auto last = record->points.first_after(to);
        if (first < last)
            result.push_back({record->labels, record->points.copy(first, last)});
    }
    return result;
}

std::vector<std::string> SeriesStore::metric_names() const
{
    std::vector<std::string> names;
    const std::shared_lock lock(m_state->mutex);
    names.reserve(m_state->metrics.size());
    for (const auto& [name, records] : m_state->metrics)
        names.push_back(name);
    return names;
}

std::vector<Labels> SeriesStore::labels_of(std::string_view metric) const
{
    std::vector<Labels> labels;
    const std::shared_lock lock(m_state->mutex);
    for (const auto& [name, records] : m_state->metrics)
        if (metric.empty() || name == metric)
            for (const auto* record : records)
                labels.push_back(record->labels);
    return labels;
}

SeriesStore::Use SeriesStore::use() const
{
    const std::shared_lock lock(m_state->mutex);
    return {m_state->records.size(), m_state->bytes, m_state->dropped};
}

double stale_marker()
{
    return std::bit_cast<double>(std::uint64_t{0x7ff0000000000002});
}

bool is_stale(double value)
{
    return std::bit_cast<std::uint64_t>(value) == 0x7ff0000000000002;
}

} // namespace tokenscope::query

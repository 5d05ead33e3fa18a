// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/series_store.h"

#include "query/series_history.h"
#include "query/series_snapshot.h"

#include <algorithm>
#include <bit>
#include <mutex>
#include <shared_mutex>

namespace tokenscope::query {

namespace {

/// As much as a page's own time may be ahead of the scrape, as in Prometheus.
constexpr std::int64_t most_ahead_ms = 600'000;
/// So many series are copied under one lock; the writer gets its turn in between.
constexpr std::size_t batch = 512;

bool plausible(std::int64_t own, std::int64_t scrape, std::int64_t max_age)
{
    // Unsigned, since a hostile page may tell any time at all.
    const auto distance = own > scrape ? static_cast<std::uint64_t>(own) - static_cast<std::uint64_t>(scrape)
                                       : static_cast<std::uint64_t>(scrape) - static_cast<std::uint64_t>(own);
    return distance <= static_cast<std::uint64_t>(own > scrape ? most_ahead_ms : max_age);
}

} // namespace

struct SeriesStore::State {
    explicit State(Limits given) : limits(given), history(given) {}

    /// Readers and the writer queue here, so that readers who come one after the other do not keep the writer out.
    mutable std::mutex gate;
    mutable std::shared_mutex mutex;
    const Limits limits;
    SeriesHistory history;
    std::vector<SeriesRecord*> live; ///< those with a sample in the last scrape, in its order
    std::vector<SeriesRecord*> next_live;
    std::size_t expected = 0; ///< the place in `live` of the series that the next sample is probably of
    std::uint64_t late = 0;

    std::unique_lock<std::shared_mutex> writing() const
    {
        const std::scoped_lock turn(gate);
        return std::unique_lock(mutex);
    }
    std::shared_lock<std::shared_mutex> reading() const
    {
        const std::scoped_lock turn(gate);
        return std::shared_lock(mutex);
    }

    SeriesIndex::Records records_of(std::string_view metric) const
    {
        const auto* records = history.index().of_metric(metric);
        return records ? *records : SeriesIndex::Records();
    }

    SeriesRecord* find_or_add(const Sample& sample)
    {
        // Pages keep their order: mostly it is the one that followed the last time, too.
        if (expected < live.size() && live[expected]->metric == sample.name && live[expected]->labels == sample.labels)
            return live[expected++];
        const auto hash = SeriesIndex::hash_of(sample.name, sample.labels);
        auto* known = history.find(sample, hash);
        if (!known)
            return history.add(sample, hash);
        if (known->scrape + 1 == history.serial())
            expected = known->position + 1;
        return known;
    }

    void take(const Sample& sample, std::int64_t time, bool later)
    {
        if (sample.time && !plausible(*sample.time, time, limits.max_age_ms)) {
            ++late;
            return;
        }
        auto* record = find_or_add(sample);
        if (!record || record->scrape == history.serial())
            return;
        const bool known = !record->empty();
        record->scrape = history.serial();
        record->position = static_cast<std::uint32_t>(next_live.size());
        record->times_itself = sample.time.has_value();
        next_live.push_back(record);
        const auto point_time = sample.time.value_or(time);
        if (known && point_time <= record->last_time) {
            late += sample.time && point_time == record->last_time ? 0 : 1;
            return;
        }
        if (later && sample.counts_from_zero && !known && !sample.time)
            history.push_before(*record, 0);
        history.push(*record, sample.value, point_time - time);
    }
};

SeriesStore::SeriesStore(Limits limits) : m_state(std::make_unique<State>(limits)) {}

SeriesStore::~SeriesStore() = default;

void SeriesStore::append(std::int64_t time, std::span<const Sample> samples)
{
    auto& state = *m_state;
    const auto lock = state.writing();
    const bool later = state.history.begin_scrape(time);
    state.next_live.clear();
    state.expected = 0;
    for (const auto& sample : samples)
        state.take(sample, time, later);
    for (auto* record : state.live) {
        if (record->scrape != state.history.serial() && !record->times_itself && !record->empty())
            state.history.push(*record, stale_marker());
    }
    state.live.swap(state.next_live);
    state.history.end_scrape();
}

std::vector<SeriesStore::Series> SeriesStore::select(std::string_view metric,
                                                     const std::function<bool(const Labels&)>& accept,
                                                     std::int64_t from, std::int64_t to) const
{
    SeriesIndex::Records records;
    std::uint32_t end = 0;
    {
        const auto lock = m_state->reading();
        records = m_state->records_of(metric);
        end = m_state->history.scrapes().end();
    }
    std::vector<Series> result;
    std::erase_if(records, [&](const std::shared_ptr<SeriesRecord>& record) {
        auto labels = record->labels.labels();
        const bool wanted = accept(labels);
        if (wanted)
            result.push_back({std::move(labels), {}});
        return !wanted;
    });
    for (std::size_t first = 0; first < records.size(); first += batch) {
        const auto count = std::min(batch, records.size() - first);
        const auto snapshot = [&] {
            const auto lock = m_state->reading();
            auto taken = std::make_unique<SeriesSnapshot>(m_state->history, from, to, end);
            for (std::size_t i = 0; i < count; ++i)
                taken->take(*records[first + i]);
            return taken;
        }();
        for (std::size_t i = 0; i < count; ++i)
            result[first + i].points = snapshot->points(i);
    }
    std::erase_if(result, [](const Series& series) { return series.points.empty(); });
    return result;
}

std::vector<std::string> SeriesStore::metric_names() const
{
    const auto lock = m_state->reading();
    return m_state->history.index().metric_names();
}

std::vector<Labels> SeriesStore::labels_of(std::string_view metric) const
{
    const auto records = [&] {
        const auto lock = m_state->reading();
        return metric.empty() ? m_state->history.index().all() : m_state->records_of(metric);
    }();
    std::vector<Labels> labels;
    labels.reserve(records.size());
    for (const auto& record : records)
        labels.push_back(record->labels.labels());
    return labels;
}

SeriesStore::Use SeriesStore::use() const
{
    const auto lock = m_state->reading();
    auto use = m_state->history.use();
    use.late_samples = m_state->late;
    return use;
}

void SeriesStore::set_budget(std::size_t max_bytes)
{
    const auto lock = m_state->writing();
    m_state->history.set_budget(max_bytes);
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

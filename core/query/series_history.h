// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/series_index.h"
#include "query/series_store.h"
#include "query/time_table.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>

namespace tokenscope::query {

/// The series of a store with their samples, and what is kept of the past: samples that grow too old for the raw tier move to
/// the coarse one, bit by bit at every scrape, and samples are given up when the bytes are used up. Not thread-safe.
class SeriesHistory {
public:
    explicit SeriesHistory(SeriesStore::Limits limits);

    /// Starts a scrape. True if there was one before, which is earlier, so that "just before" has a meaning.
    bool begin_scrape(std::int64_t time);
    /// Ends it: looks after some of the series.
    void end_scrape();
    std::uint32_t serial() const { return m_serial; } ///< of the scrape
    std::int64_t newest() const { return *m_newest; }

    SeriesRecord* find(const Sample& sample, std::size_t hash) const;
    /// Null, and counted as dropped, if there is no room.
    SeriesRecord* add(const Sample& sample, std::size_t hash);
    /// A value at this scrape, or with a time of its own, which must be later than the series' last one.
    void push(SeriesRecord& record, double value, std::int64_t offset = 0);
    void push_before(SeriesRecord& record, double value); ///< at the scrape before

    const SeriesIndex& index() const { return m_index; }
    const TimeTable& scrapes() const { return m_scrapes; }
    const TimeTable& buckets() const { return m_buckets; }
    std::int64_t kept_from() const; ///< what is older does not count any more
    SeriesStore::Use use() const;
    void set_budget(std::size_t max_bytes);

private:
    /// `time` less `age`, or the earliest time there is.
    static std::int64_t earlier(std::int64_t time, std::int64_t age);
    std::int64_t kept_by_age() const;
    std::size_t bytes() const;
    std::size_t table_bytes() const { return m_scrapes.bytes() + m_buckets.bytes(); }
    bool make_room(std::size_t more);
    void trim();
    bool cut_coarse();
    bool cut_raw();
    void remove_gone();
    void squeeze(SeriesRecord& record);
    void shed();

    void push(SeriesRecord& record, const ChunkSample& sample);
    void push_changed(SeriesRecord& record, const ChunkSample& sample, std::int64_t time);
    void seal(SeriesRecord& record, std::int64_t time);

    bool has_coarse() const { return m_limits.coarse_age_ms > m_limits.max_age_ms; }
    SeriesTier::Rhythm rhythm(const SeriesRecord& record, std::int64_t age) const;
    void note_bucket(std::int64_t time);
    void sweep();
    bool visit(SeriesRecord& record);
    void note_first(const SeriesRecord& record);
    void finish_round();
    void expire(SeriesRecord& record);
    void expire_coarse(SeriesRecord& record, std::int64_t cutoff);
    bool may_move(std::int64_t time) const;
    void move(SeriesRecord& record, const std::uint8_t* data, const ChunkInfo& info);
    void add_coarse(SeriesRecord& record, std::span<const ChunkSample> samples);
    void drop_coarse(SeriesRecord& record);
    void forget_from(std::int64_t time);
    void forget_from(SeriesRecord& record, std::int64_t time);
    bool remove_if_gone(SeriesRecord& record);

    template <typename Change>
    void charge(const SeriesTier& tier, Change change)
    {
        const auto before = tier.bytes();
        change();
        m_tier_bytes += tier.bytes() - before;
    }

    static constexpr auto never = std::numeric_limits<std::int64_t>::min();

    SeriesStore::Limits m_limits;
    SeriesIndex m_index;
    TimeTable m_scrapes;
    TimeTable m_buckets;        ///< of the coarse tier: the time of the last scrape of each 10 s
    bool m_bucket_open = false; ///< whether the last bucket may still move to a later scrape
    std::uint32_t m_serial = 1;
    std::optional<std::int64_t> m_newest;
    std::int64_t m_first = never;      ///< all is known since; the first scrape, until the clock is set back
    std::int64_t m_first_raw = never;  ///< and not thinned out since: matters when the clock was set back
    std::int64_t m_cut = never;        ///< all series were cut to what is not before this
    std::int64_t m_squeezed = never;   ///< some series have no samples before this
    std::int64_t m_cut_before = never; ///< the later of both, when the budget was changed last
    std::int64_t m_last_sweep = 0;
    std::uint32_t m_round_raw = 0; ///< lowest index in use, of the series visited in this round
    std::uint32_t m_round_coarse = 0;
    std::size_t m_tier_bytes = 0;
    std::size_t m_coarse_tiers = 0;
    std::uint64_t m_dropped = 0;
    bool m_trimmed = false; ///< in this scrape: once is enough, or a full store would be searched for every sample
};

} // namespace tokenscope::query

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/series_chunk.h"
#include "query/series_history.h"
#include "query/series_store.h"
#include "query/time_table.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace tokenscope::query {

/// What some series have in a span of time, as they are at one moment: taken under the store's lock, read without it.
class SeriesSnapshot {
public:
    /// Of points in (from, to], of scrapes before the one with the index `end`.
    SeriesSnapshot(const SeriesHistory& history, std::int64_t from, std::int64_t to, std::uint32_t end);

    void take(const SeriesRecord& record);
    /// Of the series taken as number `series`.
    std::vector<Point> points(std::size_t series) const;

private:
    struct Part {
        std::shared_ptr<const std::uint8_t[]> sealed; ///< null: in m_open at `at`
        std::size_t at = 0;
        ChunkInfo info;
        const TimeTable* times = nullptr;
    };

    void take(const SeriesTier& tier, const TimeTable& times);

    std::int64_t m_from;
    std::int64_t m_to;
    std::uint32_t m_end;
    TimeTable m_scrapes;
    TimeTable m_buckets;
    std::vector<Part> m_parts;
    std::vector<std::size_t> m_ends; ///< of each series' parts
    std::vector<std::uint8_t> m_open;
};

} // namespace tokenscope::query

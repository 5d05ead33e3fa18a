// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/series_snapshot.h"

#include "query/chunk_reader.h"

#include <algorithm>
#include <bit>

namespace tokenscope::query {

SeriesSnapshot::SeriesSnapshot(const SeriesHistory& history, std::int64_t from, std::int64_t to, std::uint32_t end)
    : m_from(from), m_to(to), m_end(end), m_scrapes(history.scrapes()), m_buckets(history.buckets())
{
    // What is older may be there of some series, but not of all.
    if (const auto kept = history.kept_from(); kept > m_from)
        m_from = kept - 1;
}

void SeriesSnapshot::take(const SeriesRecord& record)
{
    if (record.coarse)
        take(*record.coarse, m_buckets);
    take(record.raw, m_scrapes);
    m_ends.push_back(m_parts.size());
}

void SeriesSnapshot::take(const SeriesTier& tier, const TimeTable& times)
{
    const auto first = times.upper_bound(m_from);
    const auto last = times.upper_bound(m_to);
    const auto wanted = [&](const ChunkInfo& info, bool own_times) {
        return info.samples > 0 && (own_times || (info.last >= first && info.first < last));
    };
    for (const auto& chunk : tier.sealed()) {
        if (wanted(chunk.info, chunk.own_times))
            m_parts.push_back({chunk.data, 0, chunk.info, &times});
    }
    const auto& open = tier.open();
    if (!wanted(open.info(), open.own_times()))
        return;
    m_parts.push_back({nullptr, m_open.size(), open.info(), &times});
    m_open.insert(m_open.end(), open.data(), open.data() + open.size());
}

std::vector<Point> SeriesSnapshot::points(std::size_t series) const
{
    const auto begin = series == 0 ? 0 : m_ends[series - 1];
    std::vector<Point> points;
    std::size_t most = 0;
    for (auto part = begin; part < m_ends[series]; ++part)
        most += m_parts[part].info.samples;
    points.reserve(most);
    for (auto at = begin; at < m_ends[series]; ++at) {
        const auto& part = m_parts[at];
        const auto& times = *part.times;
        const auto end = part.times == &m_scrapes ? std::min(m_end, times.end()) : times.end();
        ChunkReader reader(part.sealed ? part.sealed.get() : m_open.data() + part.at, part.info);
        while (reader.next() && reader.sample().index < end) {
            const auto& sample = reader.sample();
            if (sample.index < times.begin())
                continue;
            const auto time = times[sample.index] + sample.offset;
            if (time > m_to)
                break;
            if (time > m_from)
                points.push_back({time, std::bit_cast<double>(sample.bits)});
        }
    }
    return points;
}

} // namespace tokenscope::query

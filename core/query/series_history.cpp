// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/series_history.h"

#include "query/heap_bytes.h"

#include <algorithm>
#include <bit>

namespace tokenscope::query {

namespace {

constexpr std::int64_t raw_parts = 8; ///< a chunk spans at most this part of its tier's age, and so much is never cut
constexpr std::size_t first_buffer = heap_bytes(24);

} // namespace

SeriesHistory::SeriesHistory(SeriesStore::Limits limits) : m_limits(limits) {}

std::int64_t SeriesHistory::earlier(std::int64_t time, std::int64_t age)
{
    return time < never + age ? never : time - age;
}

std::int64_t SeriesHistory::kept_by_age() const
{
    return earlier(*m_newest, std::max(m_limits.max_age_ms, m_limits.coarse_age_ms));
}

std::size_t SeriesHistory::bytes() const
{
    // Without series, the times of the last two scrapes are all that is left.
    return m_index.bytes() + m_tier_bytes + (m_index.size() == 0 ? 0 : table_bytes());
}

std::int64_t SeriesHistory::kept_from() const
{
    return m_newest ? std::max(kept_by_age(), m_cut) : never;
}

SeriesStore::Use SeriesHistory::use() const
{
    SeriesStore::Use use{.series = m_index.size(),
                         .bytes = bytes(),
                         .budget = m_limits.max_bytes,
                         .newest = {},
                         .raw_from = {},
                         .history_from = {},
                         .dropped_samples = m_dropped};
    if (m_newest && m_index.size() > 0) {
        const auto known = std::max({m_first, m_cut, m_squeezed});
        use.newest = m_newest;
        use.raw_from = std::max({earlier(*m_newest, m_limits.max_age_ms), m_first_raw, known});
        use.history_from = std::min(std::max(kept_from(), known), *use.raw_from);
        use.history_cut = std::max(m_cut, m_squeezed) > std::max(kept_by_age(), m_cut_before);
    }
    return use;
}

void SeriesHistory::set_budget(std::size_t max_bytes)
{
    if (max_bytes == m_limits.max_bytes)
        return;
    m_limits.max_bytes = max_bytes;
    m_cut_before = std::max(m_cut, m_squeezed);
    m_dropped = 0;
    if (m_newest && bytes() > max_bytes)
        shed();
}

SeriesTier::Rhythm SeriesHistory::rhythm(const SeriesRecord& record, std::int64_t age) const
{
    const auto span = std::max<std::int64_t>(age / raw_parts, 1);
    return {span, static_cast<std::int64_t>(record.hash % static_cast<std::uint64_t>(span))};
}

bool SeriesHistory::begin_scrape(std::int64_t time)
{
    const bool later = m_newest && time > *m_newest;
    if (!m_newest) {
        m_first = m_last_sweep = time;
    } else if (!later) {
        forget_from(time);
    }
    m_newest = time;
    m_trimmed = false;
    ++m_serial;
    m_scrapes.push(time);
    if (has_coarse())
        note_bucket(time);
    if (bytes() > m_limits.max_bytes)
        shed();
    return later;
}

void SeriesHistory::end_scrape()
{
    // In time, so that the next scrapes find room without a search.
    if (bytes() > m_limits.max_bytes - m_limits.max_bytes / 32)
        trim();
    sweep();
}

SeriesRecord* SeriesHistory::find(const Sample& sample, std::size_t hash) const
{
    return m_index.find(sample.name, sample.labels, hash);
}

SeriesRecord* SeriesHistory::add(const Sample& sample, std::size_t hash)
{
    const auto tables = m_index.size() == 0 ? table_bytes() : 0;
    if (!make_room(m_index.bytes_to_add(sample.name, sample.labels) + first_buffer + tables)) {
        ++m_dropped;
        return nullptr;
    }
    return &m_index.add(sample.name, sample.labels, hash);
}

void SeriesHistory::push(SeriesRecord& record, double value, std::int64_t offset)
{
    push(record, {m_scrapes.end() - 1, offset, std::bit_cast<std::uint64_t>(value)});
}

void SeriesHistory::push_before(SeriesRecord& record, double value)
{
    push(record, {m_scrapes.end() - 2, 0, std::bit_cast<std::uint64_t>(value)});
}

void SeriesHistory::push(SeriesRecord& record, const ChunkSample& sample)
{
    const auto time = m_scrapes[sample.index];
    record.last_time = time + sample.offset;
    if (!record.raw.repeat(sample, time))
        push_changed(record, sample, time);
}

void SeriesHistory::push_changed(SeriesRecord& record, const ChunkSample& sample, std::int64_t time)
{
    auto& raw = record.raw;
    if (raw.must_seal(time))
        seal(record, time);
    // Making room may change this very series, so that what it needs is asked again.
    while (const auto more = raw.room_bytes(sample)) {
        if (make_room(more)) {
            charge(raw, [&] { raw.make_room(sample); });
            break;
        }
        if (raw.empty() && raw.open().capacity() == 0) {
            ++m_dropped;
            return;
        }
        squeeze(record);
    }
    raw.append(sample, time, rhythm(record, m_limits.max_age_ms));
}

void SeriesHistory::seal(SeriesRecord& record, std::int64_t time)
{
    auto& raw = record.raw;
    while (raw.must_seal(time)) {
        if (make_room(raw.sealing_bytes()))
            charge(raw, [&] {
                if (raw.must_seal(time))
                    raw.seal();
            });
        else if (!raw.sealed().empty() || record.coarse || raw.full())
            squeeze(record);
        else
            raw.postpone(time, rhythm(record, m_limits.max_age_ms));
    }
}

/// Makes a series give up its own oldest samples, for those to come.
void SeriesHistory::squeeze(SeriesRecord& record)
{
    auto& raw = record.raw;
    if (record.coarse) {
        drop_coarse(record);
    } else if (!raw.sealed().empty()) {
        charge(raw, [&] { raw.drop_sealed(1); });
    } else {
        raw.halve();
    }
    m_squeezed = std::max(m_squeezed, raw.empty() ? *m_newest : m_scrapes[raw.first_index()]);
}

/// The times of the scrapes themselves need room: cuts, and then takes from one series after the other.
void SeriesHistory::shed()
{
    trim();
    m_index.for_each([this](SeriesRecord& record) {
        if (bytes() <= m_limits.max_bytes)
            return;
        if (record.coarse)
            drop_coarse(record);
        charge(record.raw, [&] { record.raw.clear(); });
        m_squeezed = *m_newest;
    });
}

bool SeriesHistory::make_room(std::size_t more)
{
    if (bytes() + more > m_limits.max_bytes && !m_trimmed)
        trim();
    return bytes() + more <= m_limits.max_bytes;
}

/// Cuts the history of all series, the coarse one first, until an eighth of the budget is free.
void SeriesHistory::trim()
{
    m_trimmed = true;
    const auto target = m_limits.max_bytes - m_limits.max_bytes / 8;
    while (bytes() > target && (cut_coarse() || cut_raw())) {}
}

bool SeriesHistory::cut_coarse()
{
    if (m_coarse_tiers == 0)
        return false;
    const auto end = earlier(*m_newest, m_limits.max_age_ms);
    const auto begin = std::max({kept_from(), m_first, m_buckets[m_buckets.begin()]});
    const bool little = begin >= earlier(end, m_limits.max_age_ms / raw_parts);
    m_cut = std::max(m_cut, little ? end : begin + (end - begin) / 2);
    m_index.for_each([&](SeriesRecord& record) {
        if (record.coarse && little)
            drop_coarse(record);
        else
            expire_coarse(record, m_cut);
    });
    remove_gone();
    return true;
}

bool SeriesHistory::cut_raw()
{
    const auto begin = std::max({earlier(*m_newest, m_limits.max_age_ms), m_first, m_cut});
    if (begin >= earlier(*m_newest, m_limits.max_age_ms / raw_parts))
        return false;
    m_cut = begin + std::max<std::int64_t>((*m_newest - begin) / 4, 1);
    m_index.for_each([&](SeriesRecord& record) {
        auto& raw = record.raw;
        std::size_t old = 0;
        while (old < raw.sealed().size() && m_scrapes[raw.sealed()[old].info.last] < m_cut)
            ++old;
        if (raw.empty() || (old == 0 && !raw.sealed().empty()))
            return;
        const bool all = old == raw.sealed().size() && m_scrapes[raw.last_index()] < m_cut;
        charge(raw, [&] { all ? raw.clear() : raw.drop_sealed(old); });
    });
    remove_gone();
    return true;
}

/// A series of this scrape or of the one before is still looked at, whether it has samples or not.
bool SeriesHistory::remove_if_gone(SeriesRecord& record)
{
    if (!record.empty() || record.scrape + 1 >= m_serial)
        return false;
    charge(record.raw, [&] { record.raw.clear(); });
    return true;
}

void SeriesHistory::remove_gone()
{
    m_index.visit_all([this](SeriesRecord& record) {
        note_first(record);
        return !remove_if_gone(record);
    });
    finish_round();
}

} // namespace tokenscope::query

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How samples grow old: the part of SeriesHistory that moves them to the coarse tier and forgets them.
#include "query/chunk_reader.h"
#include "query/heap_bytes.h"
#include "query/series_history.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <utility>
#include <vector>

namespace tokenscope::query {

namespace {

constexpr std::int64_t rounds = 16; ///< every series is looked after so often in the raw tier's age
constexpr std::size_t tier_bytes = heap_bytes(sizeof(SeriesTier));

std::int64_t bucket_of(std::int64_t time)
{
    const auto bucket = time / coarse_step_ms;
    return time % coarse_step_ms < 0 ? bucket - 1 : bucket;
}

/// The last two stay: the newest one, and the one before it.
std::uint32_t but_two(const TimeTable& table)
{
    return table.end() - std::min(2U, table.end() - table.begin());
}

/// Of the samples of each 10 s the last value and the last staleness marker.
class Thinning {
public:
    void add(const ChunkSample& sample, std::int64_t time)
    {
        if (bucket_of(time) != m_bucket)
            flush();
        m_bucket = bucket_of(time);
        auto& last = is_stale(std::bit_cast<double>(sample.bits)) ? m_marker : m_value;
        last = {sample, ++m_order};
    }

    std::vector<ChunkSample> finish() &&
    {
        flush();
        return std::move(m_kept);
    }

private:
    struct Last {
        ChunkSample sample;
        std::size_t order = 0;
    };

    void flush()
    {
        const bool marker_first = m_marker && m_value && m_marker->order < m_value->order;
        for (auto* last : {marker_first ? &m_marker : &m_value, marker_first ? &m_value : &m_marker}) {
            if (*last)
                m_kept.push_back((*last)->sample);
            last->reset();
        }
    }

    std::int64_t m_bucket = 0;
    std::size_t m_order = 0;
    std::optional<Last> m_value;
    std::optional<Last> m_marker;
    std::vector<ChunkSample> m_kept;
};

} // namespace

void SeriesHistory::note_bucket(std::int64_t time)
{
    if (m_bucket_open && bucket_of(m_buckets.back()) == bucket_of(time))
        m_buckets.set_back(time);
    else
        m_buckets.push(time);
    m_bucket_open = true;
}

void SeriesHistory::sweep()
{
    const auto round = std::max<std::int64_t>(m_limits.max_age_ms / rounds, 1);
    const auto visit = [this](SeriesRecord& record) { return this->visit(record); };
    // As many as time has passed, so that the work is spread over all scrapes.
    const auto passed = m_last_sweep < earlier(*m_newest, round) ? round : *m_newest - m_last_sweep;
    m_last_sweep = *m_newest;
    const auto series = m_index.size();
    if (passed >= round) {
        // To the end of this round, and a whole one.
        for (int i = 0; i < 2; ++i) {
            if (m_index.visit_some(series, visit))
                finish_round();
        }
        return;
    }
    const auto part = static_cast<double>(passed) / static_cast<double>(round);
    if (m_index.visit_some(static_cast<std::size_t>(static_cast<double>(series) * part) + 1, visit))
        finish_round();
}

bool SeriesHistory::visit(SeriesRecord& record)
{
    expire(record);
    note_first(record);
    return !remove_if_gone(record);
}

void SeriesHistory::note_first(const SeriesRecord& record)
{
    if (!record.raw.empty())
        m_round_raw = std::min(m_round_raw, record.raw.first_index());
    if (record.coarse)
        m_round_coarse = std::min(m_round_coarse, record.coarse->first_index());
}

/// Every series was seen: times before their first samples are not needed.
void SeriesHistory::finish_round()
{
    m_scrapes.drop_before(std::min(m_round_raw, but_two(m_scrapes)));
    m_round_raw = but_two(m_scrapes);
    if (!has_coarse())
        return;
    // Raw samples will need their buckets.
    const auto needed = std::min(m_buckets.lower_bound(m_scrapes[m_scrapes.begin()]), but_two(m_buckets));
    m_buckets.drop_before(std::min(m_round_coarse, needed));
    m_round_coarse = needed;
}

/// A bucket must have got its last scrape before samples refer to it.
bool SeriesHistory::may_move(std::int64_t time) const
{
    return !has_coarse() || (m_buckets.end() - m_buckets.begin() >= 2 && time <= m_buckets[m_buckets.end() - 2]);
}

void SeriesHistory::expire(SeriesRecord& record)
{
    const auto cutoff = earlier(*m_newest, m_limits.max_age_ms);
    const auto old = [&](std::uint32_t last) { return m_scrapes[last] < cutoff && may_move(m_scrapes[last]); };
    auto& raw = record.raw;
    std::size_t sealed = 0;
    while (sealed < raw.sealed().size() && old(raw.sealed()[sealed].info.last)) {
        const auto& chunk = raw.sealed()[sealed++];
        move(record, chunk.data.get(), chunk.info);
    }
    if (sealed > 0)
        charge(raw, [&] { raw.drop_sealed(sealed); });
    if (raw.sealed().empty() && !raw.open().empty() && old(raw.open().info().last)) {
        move(record, raw.open().data(), raw.open().info());
        charge(raw, [&] { raw.clear(); });
    }
    expire_coarse(record, kept_from());
}

void SeriesHistory::expire_coarse(SeriesRecord& record, std::int64_t cutoff)
{
    if (!record.coarse)
        return;
    auto& coarse = *record.coarse;
    std::size_t sealed = 0;
    while (sealed < coarse.sealed().size() && m_buckets[coarse.sealed()[sealed].info.last] < cutoff)
        ++sealed;
    if (sealed == coarse.sealed().size() && m_buckets[coarse.last_index()] < cutoff)
        drop_coarse(record);
    else if (sealed > 0)
        charge(coarse, [&] { coarse.drop_sealed(sealed); });
}

void SeriesHistory::move(SeriesRecord& record, const std::uint8_t* data, const ChunkInfo& info)
{
    const auto from = kept_from();
    if (!has_coarse() || m_scrapes[info.last] < from)
        return;
    Thinning thinning;
    for (ChunkReader reader(data, info); reader.next();) {
        const auto& sample = reader.sample();
        if (const auto time = m_scrapes[sample.index] + sample.offset; time >= from)
            thinning.add(sample, time);
    }
    add_coarse(record, std::move(thinning).finish());
}

void SeriesHistory::add_coarse(SeriesRecord& record, std::span<const ChunkSample> samples)
{
    if (samples.empty())
        return;
    // The most that they can take, besides a new tier.
    constexpr std::size_t chunk = 2'048;
    constexpr std::size_t sample_bytes = 40;
    if (bytes() + samples.size() * sample_bytes + chunk > m_limits.max_bytes) {
        m_cut = std::max(m_cut, m_scrapes[samples.back().index] + 1);
        return;
    }
    if (!record.coarse) {
        record.coarse = std::make_unique<SeriesTier>();
        m_tier_bytes += tier_bytes;
        ++m_coarse_tiers;
    }
    const auto rhythm = this->rhythm(record, m_limits.coarse_age_ms);
    charge(*record.coarse, [&] {
        for (const auto& sample : samples) {
            const auto scrape = m_scrapes[sample.index];
            const auto bucket = m_buckets.lower_bound(scrape);
            const auto offset = scrape + sample.offset - m_buckets[bucket];
            record.coarse->add({bucket, offset, sample.bits}, m_buckets[bucket], rhythm);
        }
    });
}

void SeriesHistory::drop_coarse(SeriesRecord& record)
{
    m_tier_bytes -= record.coarse->bytes() + tier_bytes;
    --m_coarse_tiers;
    record.coarse.reset();
}

void SeriesHistory::forget_from(std::int64_t time)
{
    m_index.for_each([&](SeriesRecord& record) { forget_from(record, time); });
    m_scrapes.truncate(m_scrapes.lower_bound(time));
    m_round_raw = std::min(m_round_raw, but_two(m_scrapes));
    if (has_coarse()) {
        const auto cut = m_buckets.lower_bound(time);
        // Samples of the bucket that `time` lies in may stay. It ends before, and the scrapes to come have one of their own.
        m_buckets.truncate(cut);
        if (m_buckets.empty() || m_buckets.back() < earlier(time, 1))
            m_buckets.push(earlier(time, 1));
        m_bucket_open = false;
        m_round_coarse = std::min(m_round_coarse, but_two(m_buckets));
    }
    // The ages are counted from an earlier time now, but what they took is not there again.
    m_first = std::min(std::max(m_first, kept_by_age()), time);
    m_first_raw = std::min(std::max(m_first_raw, earlier(*m_newest, m_limits.max_age_ms)), time);
    m_cut = std::min(m_cut, time);
    m_squeezed = std::min(m_squeezed, time);
    m_cut_before = std::min(m_cut_before, time);
    m_last_sweep = std::min(m_last_sweep, time);
}

void SeriesHistory::forget_from(SeriesRecord& record, std::int64_t time)
{
    const auto end = m_scrapes.lower_bound(time);
    charge(record.raw, [&] {
        record.raw.rewrite(end, m_scrapes, rhythm(record, m_limits.max_age_ms), [&](const ChunkSample& sample) {
            return sample.index < end && m_scrapes[sample.index] + sample.offset < time;
        });
    });
    if (!record.raw.empty())
        record.last_time = m_scrapes[record.raw.last_index()] + record.raw.last_offset();
    if (!record.coarse)
        return;
    auto& coarse = *record.coarse;
    const auto cut = m_buckets.lower_bound(time);
    const auto last = earlier(time, 1);
    // Whether forget_from(time) will leave a bucket that ends just before, for what stays of the one that `time` lies in.
    const bool split = cut == m_buckets.begin() || m_buckets[cut - 1] < last;
    const auto time_of = [&](const ChunkSample& sample) { return m_buckets[sample.index] + sample.offset; };
    charge(coarse, [&] {
        coarse.rewrite(cut, m_buckets, rhythm(record, m_limits.coarse_age_ms), [&](ChunkSample& sample) {
            if (time_of(sample) >= time || (sample.index >= cut && !split))
                return false;
            if (sample.index >= cut) {
                sample.offset = time_of(sample) - last;
                sample.index = cut;
            }
            return true;
        });
    });
    if (coarse.empty())
        drop_coarse(record);
    else if (record.raw.empty())
        record.last_time = (coarse.last_index() < cut ? m_buckets[coarse.last_index()] : last) + coarse.last_offset();
}

} // namespace tokenscope::query

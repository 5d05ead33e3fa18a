// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/request_log.h"

#include "query/heap_bytes.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tokenscope::telemetry {

namespace {

std::size_t bytes_of(const std::string& text)
{
    const auto within = std::string().capacity();
    return text.capacity() > within ? query::heap_bytes(text.capacity() + 1) : 0;
}

/// What a record takes of the heap, but for its chunks.
std::size_t bytes_of(const RequestRecord& record)
{
    constexpr std::size_t counters = 16; // of the shared pointer, in front of the record
    auto sum = query::heap_bytes(sizeof record + counters);
    for (const auto* text : {&record.request_id, &record.route, &record.client, &record.target.backend,
                             &record.target.model, &record.requested_model, &record.genai_provider,
                             &record.response_model, &record.finish_reason, &record.error})
        sum += bytes_of(*text);
    return sum + (record.cost ? bytes_of(record.cost->currency) : 0);
}

} // namespace

std::shared_ptr<const RequestRecord> RequestLog::add(RequestRecord record)
{
    auto kept = std::make_shared<RequestRecord>(std::move(record));
    kept->chunks.shrink_to_fit();                // it stays for long; up to half of what they grew to is empty
    std::shared_ptr<const RequestRecord> oldest; // destroyed outside the lock
    const std::scoped_lock lock(m_mutex);
    kept->sequence = ++m_last;
    if (m_capacity == 0)
        return kept;
    if (m_kept.size() == m_capacity)
        oldest = drop_oldest();
    keep(kept);
    fit();
    return kept;
}

void RequestLog::restore(std::vector<RequestRecord> records)
{
    const std::scoped_lock lock(m_mutex);
    if (m_last != 0 || records.empty())
        return;
    // At least as many numbers as records, so that the first has one above 0.
    m_last = std::max<std::uint64_t>(records.back().sequence, records.size());
    const auto kept = std::min(m_capacity, records.size());
    auto sequence = m_last - kept;
    for (auto record = records.end() - static_cast<std::ptrdiff_t>(kept); record != records.end(); ++record) {
        record->sequence = ++sequence;
        keep(std::make_shared<const RequestRecord>(std::move(*record)));
    }
    fit();
}

void RequestLog::keep(std::shared_ptr<const RequestRecord> record)
{
    const auto bytes = bytes_of(*record) + sizeof(Kept);
    const auto chunk_bytes = record->chunks.bytes();
    m_bytes += bytes + chunk_bytes;
    m_kept.push_back({std::move(record), bytes, chunk_bytes});
}

void RequestLog::fit()
{
    while (m_bytes > m_budget && m_without_chunks < m_kept.size())
        forget_chunks(m_kept[m_without_chunks++]);
    while (m_bytes > m_budget && m_kept.size() > 1)
        drop_oldest();
}

void RequestLog::forget_chunks(Kept& kept)
{
    if (kept.chunk_bytes == 0)
        return;
    kept.record->chunks.forget();
    m_bytes -= std::exchange(kept.chunk_bytes, 0);
}

std::shared_ptr<const RequestRecord> RequestLog::drop_oldest()
{
    // Whoever holds the record still, a list that nobody looks at or a comparison, holds what is small of it.
    forget_chunks(m_kept.front());
    m_bytes -= m_kept.front().bytes;
    auto record = std::move(m_kept.front().record);
    m_kept.pop_front();
    if (m_without_chunks > 0)
        --m_without_chunks;
    return record;
}

void RequestLog::set_budget(std::size_t bytes)
{
    const std::scoped_lock lock(m_mutex);
    m_budget = bytes;
    fit();
}

RequestLog::Use RequestLog::use() const
{
    const std::scoped_lock lock(m_mutex);
    return {.records = m_kept.size(), .bytes = m_bytes, .budget = m_budget};
}

std::vector<std::shared_ptr<const RequestRecord>> RequestLog::since(std::uint64_t sequence, std::size_t most) const
{
    const std::scoped_lock lock(m_mutex);
    // Sequences are dense, so the newest `m_last - sequence` records are those asked for.
    const auto fresh = sequence < m_last ? m_last - sequence : 0;
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>({fresh, m_kept.size(), most}));
    std::vector<std::shared_ptr<const RequestRecord>> records;
    records.reserve(count);
    std::transform(m_kept.end() - static_cast<std::ptrdiff_t>(count), m_kept.end(), std::back_inserter(records),
                   [](const Kept& kept) { return kept.record; });
    return records;
}

std::uint64_t RequestLog::last_sequence() const
{
    const std::scoped_lock lock(m_mutex);
    return m_last;
}

std::uint64_t RequestLog::first_sequence() const
{
    const std::scoped_lock lock(m_mutex);
    return m_last + 1 - m_kept.size();
}

} // namespace tokenscope::telemetry

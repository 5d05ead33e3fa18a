// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/request_log.h"

#include <algorithm>
#include <utility>

namespace tokenscope::telemetry {

std::shared_ptr<const RequestRecord> RequestLog::add(RequestRecord record)
{
    auto kept = std::make_shared<RequestRecord>(std::move(record));
    kept->chunks.shrink_to_fit();                 // it stays for long; up to half of what they grew to is empty
    std::shared_ptr<const RequestRecord> dropped; // destroyed outside the lock
    const std::scoped_lock lock(m_mutex);
    kept->sequence = ++m_last;
    if (m_capacity == 0)
        return kept;
    m_records.push_back(kept);
    if (m_records.size() > m_capacity) {
        dropped = std::move(m_records.front());
        m_records.pop_front();
    }
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
        m_records.push_back(std::make_shared<const RequestRecord>(std::move(*record)));
    }
}

std::vector<std::shared_ptr<const RequestRecord>> RequestLog::since(std::uint64_t sequence, std::size_t most) const
{
    const std::scoped_lock lock(m_mutex);
    // Sequences are dense, so the newest `m_last - sequence` records are those asked for.
    const auto fresh = sequence < m_last ? m_last - sequence : 0;
    const auto count = static_cast<std::ptrdiff_t>(std::min<std::uint64_t>({fresh, m_records.size(), most}));
    return {m_records.end() - count, m_records.end()};
}

std::uint64_t RequestLog::last_sequence() const
{
    const std::scoped_lock lock(m_mutex);
    return m_last;
}

} // namespace tokenscope::telemetry

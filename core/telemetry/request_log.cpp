// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/request_log.h"

#include <algorithm>
#include <utility>

namespace tokenscope::telemetry {

void RequestLog::publish(RequestRecord record)
{
    auto kept = std::make_shared<RequestRecord>(std::move(record));
    std::shared_ptr<const RequestRecord> dropped; // destroyed outside the lock
    const std::scoped_lock lock(m_mutex);
    kept->sequence = ++m_last;
    if (m_capacity == 0)
        return;
    m_records.push_back(std::move(kept));
    if (m_records.size() > m_capacity) {
        dropped = std::move(m_records.front());
        m_records.pop_front();
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

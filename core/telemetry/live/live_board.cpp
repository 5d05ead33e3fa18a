// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/live/live_board.h"

#include <utility>

namespace tokenscope::telemetry {

std::shared_ptr<LiveEntry> LiveBoard::begin(LiveRequest begun)
{
    {
        const std::lock_guard lock(m_mutex);
        begun.id = ++m_last;
    }
    auto entry = std::make_shared<LiveEntry>(std::move(begun));
    const std::lock_guard lock(m_mutex);
    m_entries.emplace(entry->id(), entry);
    return entry;
}

void LiveBoard::end(const LiveEntry& entry)
{
    decltype(m_entries)::node_type ended; // goes after the lock
    const std::lock_guard lock(m_mutex);
    ended = m_entries.extract(entry.id());
}

std::vector<LiveRequest> LiveBoard::now() const
{
    std::vector<std::shared_ptr<LiveEntry>> entries;
    {
        const std::lock_guard lock(m_mutex);
        entries.reserve(m_entries.size());
        for (const auto& [id, entry] : m_entries)
            entries.push_back(entry);
    }
    std::vector<LiveRequest> requests;
    std::vector<QueuePlace> places(entries.size());
    requests.reserve(entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i)
        requests.push_back(entries[i]->read(places[i]));
    const auto positions = queue_positions(places);
    for (std::size_t i = 0; i < requests.size(); ++i)
        if (positions[i] > 0)
            requests[i].queue_position = positions[i];
    return requests;
}

} // namespace tokenscope::telemetry

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "conversations/memory_store.h"

#include "conversations/expiry.h"

#include <fmt/format.h>

#include <utility>

namespace tokenscope::conversations {

namespace {

/// Nodes, the index and the strings' own places; the id is there twice.
constexpr std::size_t overhead = 512;

std::size_t size_of(const StoredResponse& response)
{
    return overhead + 2 * response.id.size() + response.previous_id.size() + response.model.size()
           + response.provider.size() + response.input.size() + response.body.size();
}

} // namespace

net::Task<Result<void>> MemoryStore::create(StoredResponse response)
{
    const auto size = size_of(response);
    if (size > m_limits.bytes || m_limits.entries == 0)
        co_return failure(ErrorCode::internal,
                          fmt::format("The reply of {} bytes is too large to be kept in memory.", size));
    response.expires = expiry(response.expires, m_clock.wall(), m_limits.ttl);
    if (const auto same = m_by_id.find(response.id); same != m_by_id.end())
        drop(same->second);
    while (m_entries.size() >= m_limits.entries || m_bytes + size > m_limits.bytes)
        drop(m_entries.begin());
    const auto entry = m_entries.insert(m_entries.end(), std::move(response));
    m_by_id.emplace(entry->id, entry);
    m_bytes += size;
    co_return Result<void>();
}

net::Task<Result<std::optional<StoredResponse>>> MemoryStore::get(std::string id)
{
    const auto found = m_by_id.find(id);
    if (found == m_by_id.end() || found->second->expires <= m_clock.wall())
        co_return std::optional<StoredResponse>();
    co_return std::optional<StoredResponse>(*found->second);
}

net::Task<Result<bool>> MemoryStore::erase(std::string id)
{
    co_return forget(id);
}

bool MemoryStore::forget(const std::string& id)
{
    const auto found = m_by_id.find(id);
    if (found == m_by_id.end())
        return false;
    const bool valid = found->second->expires > m_clock.wall();
    drop(found->second);
    return valid;
}

net::Task<Result<std::size_t>> MemoryStore::purge_expired()
{
    const auto now = m_clock.wall();
    std::size_t purged = 0;
    for (auto entry = m_entries.begin(); entry != m_entries.end();) {
        if (entry->expires > now) {
            ++entry;
            continue;
        }
        entry = drop(entry);
        ++purged;
    }
    co_return purged;
}

MemoryStore::Entries::iterator MemoryStore::drop(Entries::iterator entry)
{
    m_bytes -= size_of(*entry);
    m_by_id.erase(entry->id);
    return m_entries.erase(entry);
}

} // namespace tokenscope::conversations

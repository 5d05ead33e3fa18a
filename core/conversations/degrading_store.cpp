// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "conversations/degrading_store.h"

#include <fmt/format.h>

#include <utility>

namespace tokenscope::conversations {

// The store may be destroyed while the disk is at work: after each of its answers, `alive` says whether there is still
// anything to go on with.

DegradingStore::DegradingStore(std::unique_ptr<ConversationStore> disk, MemoryStore::Limits limits, const Clock& clock,
                               Warn warn, Health health)
    : m_disk(std::move(disk)), m_memory(limits, clock), m_warn(std::move(warn)), m_degraded(health == Health::degraded)
{
}

net::Task<Result<void>> DegradingStore::create(StoredResponse response)
{
    if (!m_degraded) {
        const std::weak_ptr<void> alive = m_alive;
        auto copy = response;
        auto kept = co_await m_disk->create(std::move(copy));
        if (kept || alive.expired())
            co_return kept;
        degrade(kept.error());
    }
    co_return co_await m_memory.create(std::move(response));
}

net::Task<Result<std::optional<StoredResponse>>> DegradingStore::get(std::string id)
{
    auto found = co_await m_memory.get(id);
    if (!found || *found)
        co_return found;
    co_return co_await m_disk->get(std::move(id));
}

net::Task<Result<bool>> DegradingStore::erase(std::string id)
{
    // Memory first and without waiting in between: a move to the disk that is under way is then before us in its queue.
    const bool forgotten = m_memory.forget(id);
    auto erased = co_await m_disk->erase(std::move(id));
    if (!erased)
        co_return erased;
    co_return forgotten || *erased;
}

net::Task<Result<std::size_t>> DegradingStore::purge_expired()
{
    const std::weak_ptr<void> alive = m_alive;
    auto forgotten = co_await m_memory.purge_expired();
    if (m_degraded) {
        auto moved = co_await move_to_disk();
        if (!moved)
            co_return failure(std::move(moved.error()));
        if (alive.expired())
            co_return forgotten;
    }
    auto purged = co_await m_disk->purge_expired();
    if (!purged)
        co_return purged;
    co_return *forgotten + *purged;
}

net::Task<Result<void>> DegradingStore::move_to_disk()
{
    const std::weak_ptr<void> alive = m_alive;
    while (const auto* oldest = m_memory.oldest()) {
        auto copy = *oldest;
        const auto id = copy.id;
        auto kept = co_await m_disk->create(std::move(copy));
        if (!kept || alive.expired())
            co_return kept;
        m_memory.forget(id);
    }
    m_degraded = false;
    co_return Result<void>();
}

void DegradingStore::degrade(const Error& why)
{
    if (std::exchange(m_degraded, true))
        return;
    m_warn(Error{.code = ErrorCode::internal,
                 .message =
                     "Conversations cannot be written to disk: new ones are kept in memory only, and lost when the "
                     "program ends, until the disk can be written again. Those on disk can still be used.",
                 .detail = why.detail.empty() ? why.message : why.detail});
}

} // namespace tokenscope::conversations

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "conversations/conversation_store.h"
#include "conversations/memory_store.h"

#include <functional>
#include <memory>

namespace tokenscope::conversations {

/// Called on the thread that uses the store, once each time it gets worse. The error says what that means for the user.
using Warn = std::function<void(const Error&)>;

/// A store on disk that falls back to memory: once a reply cannot be written, it and those after it are kept in memory,
/// and what is on disk is read as far as it can be. Each purge_expired() tries to write what is in memory to the disk;
/// when all of it is there, new ones go to the disk again.
class DegradingStore final : public ConversationStore {
public:
    enum class Health { good, degraded };

    DegradingStore(std::unique_ptr<ConversationStore> disk, MemoryStore::Limits limits, const Clock& clock, Warn warn,
                   Health health = Health::good);

    std::string_view backend() const override { return m_disk->backend(); }
    std::size_t count() const override { return m_disk->count() + m_memory.count(); }
    net::Task<Result<void>> create(StoredResponse response) override;
    net::Task<Result<std::optional<StoredResponse>>> get(std::string id) override;
    /// An error where the disk could not be asked: the reply may still be there.
    net::Task<Result<bool>> erase(std::string id) override;
    net::Task<Result<std::size_t>> purge_expired() override;

    bool degraded() const override { return m_degraded; }

private:
    net::Task<Result<void>> move_to_disk();
    void degrade(const Error& why);

    const std::shared_ptr<void> m_alive = std::make_shared<char>();
    std::unique_ptr<ConversationStore> m_disk;
    MemoryStore m_memory;
    Warn m_warn;
    bool m_degraded;
};

} // namespace tokenscope::conversations

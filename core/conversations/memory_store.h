// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "conversations/conversation_store.h"

#include <chrono>
#include <list>
#include <string>
#include <unordered_map>

namespace tokenscope::conversations {

/// Replies in memory, bounded: the oldest make room for new ones. Gone when the program ends.
class MemoryStore final : public ConversationStore {
public:
    struct Limits {
        std::chrono::seconds ttl = std::chrono::hours(30 * 24);
        std::size_t entries = 10'000;
        std::size_t bytes = std::size_t{256} << 20; ///< of all texts, and a guess at what keeping them costs
    };

    /// `clock` must outlive the store.
    MemoryStore(Limits limits, const Clock& clock) : m_limits(limits), m_clock(clock) {}

    std::string_view backend() const override { return "memory"; }
    std::size_t count() const override { return m_entries.size(); }
    /// Refuses one that alone is larger than the store.
    net::Task<Result<void>> create(StoredResponse response) override;
    net::Task<Result<std::optional<StoredResponse>>> get(std::string id) override;
    net::Task<Result<bool>> erase(std::string id) override;
    net::Task<Result<std::size_t>> purge_expired() override;

    /// The one that would go first; null if there is none. Good until the store changes.
    const StoredResponse* oldest() const { return m_entries.empty() ? nullptr : &m_entries.front(); }
    bool contains(const std::string& id) const { return m_by_id.contains(id); }
    /// Whether it was there and had not expired.
    bool forget(const std::string& id);
    std::size_t bytes() const { return m_bytes; }

private:
    using Entries = std::list<StoredResponse>;
    Entries::iterator drop(Entries::iterator entry);

    const Limits m_limits;
    const Clock& m_clock;
    Entries m_entries; ///< oldest first
    std::unordered_map<std::string, Entries::iterator> m_by_id;
    std::size_t m_bytes = 0;
};

} // namespace tokenscope::conversations

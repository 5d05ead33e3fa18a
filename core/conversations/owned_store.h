// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "conversations/conversation_store.h"

namespace tokenscope::conversations {

/// What of a store belongs to one client: nobody else's replies can be read, continued or deleted through it, even by
/// somebody who has learnt their ids. An owner without a name has what is stored without one. Cheap to make.
class OwnedStore final : public ConversationStore {
public:
    /// `store` must outlive it.
    OwnedStore(ConversationStore& store, std::string_view owner);

    std::string_view backend() const override { return m_store.backend(); }
    std::size_t count() const override { return m_store.count(); } ///< everybody's
    bool degraded() const override { return m_store.degraded(); }
    net::Task<Result<void>> create(StoredResponse response) override;
    net::Task<Result<std::optional<StoredResponse>>> get(std::string id) override;
    net::Task<Result<bool>> erase(std::string id) override;
    net::Task<Result<std::size_t>> purge_expired() override { return m_store.purge_expired(); }

private:
    ConversationStore& m_store;
    const std::string m_prefix; ///< of all ids and previous ids; ends with a line feed, which no owner's name has
};

} // namespace tokenscope::conversations

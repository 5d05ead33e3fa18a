// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "conversations/owned_store.h"

namespace tokenscope::conversations {

OwnedStore::OwnedStore(ConversationStore& store, std::string_view owner)
    : m_store(store), m_prefix(owner.empty() ? std::string() : std::string(owner) + '\n')
{
}

net::Task<Result<void>> OwnedStore::create(StoredResponse response)
{
    response.id.insert(0, m_prefix);
    if (!response.previous_id.empty())
        response.previous_id.insert(0, m_prefix);
    co_return co_await m_store.create(std::move(response));
}

net::Task<Result<std::optional<StoredResponse>>> OwnedStore::get(std::string id)
{
    // Without an owner, an id must not spell out somebody else's.
    if (m_prefix.empty() && id.find('\n') != std::string::npos)
        co_return std::optional<StoredResponse>();
    auto found = co_await m_store.get(m_prefix + id);
    if (found && *found) {
        (*found)->id.erase(0, m_prefix.size());
        if (!(*found)->previous_id.empty())
            (*found)->previous_id.erase(0, m_prefix.size());
    }
    co_return found;
}

net::Task<Result<bool>> OwnedStore::erase(std::string id)
{
    if (m_prefix.empty() && id.find('\n') != std::string::npos)
        co_return false;
    co_return co_await m_store.erase(m_prefix + id);
}

} // namespace tokenscope::conversations

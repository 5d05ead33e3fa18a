// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "conversations/conversation_store.h"
#include "telemetry/tracing/span.h"

#include <string_view>
#include <vector>

namespace tokenscope::conversations {

/// A store as one request uses it: each operation is a span under the request's, "conversation.get", "conversation.create"
/// or "conversation.delete", with the id as the client knows it. `conversation.message_count` counts the items of the input
/// and, as one, the reply. Cheap to make.
class TracedStore final : public ConversationStore {
public:
    /// Most spans of one request, so that there is room for those of the providers.
    static constexpr std::size_t most_spans = 64;

    /// `store` and `parent` must outlive it.
    TracedStore(ConversationStore& store, const telemetry::Span& parent) : m_store(store), m_parent(parent) {}

    std::string_view backend() const override { return m_store.backend(); }
    std::size_t count() const override { return m_store.count(); }
    net::Task<Result<void>> create(StoredResponse response) override;
    net::Task<Result<std::optional<StoredResponse>>> get(std::string id) override;
    net::Task<Result<bool>> erase(std::string id) override;
    net::Task<Result<std::size_t>> purge_expired() override { return m_store.purge_expired(); }

    /// See load_chain(). One span, however many replies it reads.
    net::Task<Result<std::vector<StoredResponse>>> chain(std::string id);

private:
    telemetry::Span begin(std::string_view operation, std::string_view id);

    ConversationStore& m_store;
    const telemetry::Span& m_parent;
    std::size_t m_spans = 0;
};

} // namespace tokenscope::conversations

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "conversations/conversation_store.h"
#include "telemetry/conversation_metrics.h"

#include <memory>

namespace tokenscope::conversations {

/// Measures every operation of the store inside; nothing else records them. A create takes until the reply is safe.
class InstrumentedStore final : public ConversationStore {
public:
    /// `metrics` and `clock` must outlive the store and its operations in flight.
    InstrumentedStore(std::unique_ptr<ConversationStore> inner, telemetry::ConversationMetrics& metrics,
                      const Clock& clock);

    std::string_view backend() const override { return m_inner->backend(); }
    std::size_t count() const override { return m_inner->count(); }
    bool degraded() const override { return m_inner->degraded(); }
    net::Task<Result<void>> create(StoredResponse response) override;
    net::Task<Result<std::optional<StoredResponse>>> get(std::string id) override;
    net::Task<Result<bool>> erase(std::string id) override;
    net::Task<Result<std::size_t>> purge_expired() override;

private:
    class Measurement;

    const std::shared_ptr<void> m_alive = std::make_shared<char>();
    telemetry::ConversationMetrics& m_metrics;
    const Clock& m_clock;
    std::unique_ptr<ConversationStore> m_inner;
};

} // namespace tokenscope::conversations

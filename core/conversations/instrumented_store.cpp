// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "conversations/instrumented_store.h"

#include <string>
#include <utility>

namespace tokenscope::conversations {

/// One operation, from its construction to end(). Outlives the store if it must: operations in flight end after it.
class InstrumentedStore::Measurement {
public:
    Measurement(const InstrumentedStore& store, std::string_view operation)
        : m_store(&store), m_alive(store.m_alive), m_metrics(store.m_metrics), m_clock(store.m_clock),
          m_backend(store.backend()), m_operation(operation), m_begun(m_clock.now())
    {
    }

    void end(std::string_view status)
    {
        m_metrics.operation(m_operation, m_backend, status, m_clock.now() - m_begun);
        if (!m_alive.expired())
            m_metrics.active(m_backend, m_store->count());
    }

private:
    const InstrumentedStore* m_store;
    std::weak_ptr<void> m_alive;
    telemetry::ConversationMetrics& m_metrics;
    const Clock& m_clock;
    std::string m_backend;
    std::string_view m_operation;
    Instant m_begun;
};

InstrumentedStore::InstrumentedStore(std::unique_ptr<ConversationStore> inner, telemetry::ConversationMetrics& metrics,
                                     const Clock& clock)
    : m_metrics(metrics), m_clock(clock), m_inner(std::move(inner))
{
    m_metrics.active(m_inner->backend(), m_inner->count());
}

net::Task<Result<void>> InstrumentedStore::create(StoredResponse response)
{
    Measurement measurement(*this, "create");
    auto kept = co_await m_inner->create(std::move(response));
    measurement.end(kept ? "success" : "error");
    co_return kept;
}

net::Task<Result<std::optional<StoredResponse>>> InstrumentedStore::get(std::string id)
{
    Measurement measurement(*this, "get");
    auto found = co_await m_inner->get(std::move(id));
    measurement.end(!found ? "error" : *found ? "success" : "not_found");
    co_return found;
}

net::Task<Result<bool>> InstrumentedStore::erase(std::string id)
{
    Measurement measurement(*this, "delete");
    auto erased = co_await m_inner->erase(std::move(id));
    measurement.end(!erased ? "error" : *erased ? "success" : "not_found");
    co_return erased;
}

net::Task<Result<std::size_t>> InstrumentedStore::purge_expired()
{
    Measurement measurement(*this, "purge");
    auto purged = co_await m_inner->purge_expired();
    measurement.end(purged ? "success" : "error");
    co_return purged;
}

} // namespace tokenscope::conversations

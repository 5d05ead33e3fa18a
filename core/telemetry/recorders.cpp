// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/recorders.h"

#include "telemetry/label_lists.h"

namespace tokenscope::telemetry {

namespace {

constexpr std::string_view store_operations[] = {"create", "get", "delete", "purge"};
constexpr std::string_view store_backends[] = {"memory", "sqlite"};
constexpr std::string_view store_statuses[] = {"success", "not_found", "error"};
constexpr std::string_view retry_reasons[] = {"unreachable", "reset", "timeout", "status_429", "status_5xx"};
constexpr std::string_view reject_reasons[] = {"full", "timeout", "client_gone"};

} // namespace

ConversationRecorder::ConversationRecorder(SeriesFactory& factory)
    : m_operations(factory.make<Counter>(Metric::conversation_operations)),
      m_duration(factory.make<Histogram>(Metric::conversation_operation_duration)),
      m_active(factory.make<Gauge>(Metric::conversation_active))
{
}

void ConversationRecorder::operation(std::string_view operation, std::string_view backend, std::string_view status,
                                     Nanos duration)
{
    const auto operation_text = known_or_other(store_operations, operation);
    const auto backend_text = known_or_other(store_backends, backend);
    m_operations.at({operation_text, backend_text, known_or_other(store_statuses, status)}).increment();
    m_duration.at({operation_text, backend_text}).observe(duration);
}

void ConversationRecorder::active(std::string_view backend, std::size_t count)
{
    m_active.at({known_or_other(store_backends, backend)}).set(count);
}

GatewayRecorder::GatewayRecorder(SeriesFactory& factory)
    : m_rate_limited(factory.make<Counter>(Metric::rate_limited)),
      m_retries(factory.make<Counter>(Metric::upstream_retries))
{
}

void GatewayRecorder::rate_limited(std::string_view key)
{
    m_rate_limited.at({key}).increment();
}

void GatewayRecorder::retried(std::string_view provider, std::string_view reason)
{
    m_retries.at({provider, known_or_other(retry_reasons, reason)}).increment();
}

QueueRecorder::QueueRecorder(SeriesFactory& factory)
    : m_depth(factory.make<Gauge>(Metric::queue_depth)), m_wait(factory.make<Histogram>(Metric::queue_wait)),
      m_rejected(factory.make<Counter>(Metric::queue_rejected)), m_bundles(factory.labels())
{
}

void QueueRecorder::declare(std::string_view provider)
{
    m_depth.at({provider});
    m_wait.at({provider});
    for (const auto reason : reject_reasons)
        m_rejected.at({provider, reason});
}

void QueueRecorder::depth(std::string_view provider, std::size_t waiting)
{
    Bundles<Bundle>::Spare spare;
    m_bundles.at(spare, provider).depth.in(m_depth, provider).set(waiting);
}

void QueueRecorder::waited(std::string_view provider, Nanos wait)
{
    if (auto* series = m_bundles.last(provider)) [[likely]] {
        series->wait.in(m_wait, provider).observe(wait);
        return;
    }
    Bundles<Bundle>::Spare spare;
    m_bundles.at(spare, provider).wait.in(m_wait, provider).observe(wait);
}

void QueueRecorder::rejected(std::string_view provider, std::string_view reason)
{
    m_rejected.at({provider, known_or_other(reject_reasons, reason)}).increment();
}

} // namespace tokenscope::telemetry

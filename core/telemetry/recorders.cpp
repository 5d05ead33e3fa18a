// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/recorders.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace tokenscope::telemetry {

namespace {

constexpr std::string_view known_methods[] = {"GET",     "HEAD",    "POST",  "PUT",  "DELETE",
                                              "CONNECT", "OPTIONS", "TRACE", "PATCH"};
constexpr std::string_view store_operations[] = {"create", "get", "delete", "purge"};
constexpr std::string_view store_backends[] = {"memory", "sqlite"};
constexpr std::string_view store_statuses[] = {"success", "not_found", "error"};
constexpr std::string_view retry_reasons[] = {"unreachable", "reset", "timeout", "status_429", "status_5xx"};
constexpr std::string_view reject_reasons[] = {"full", "timeout", "client_gone"};

template <typename List>
std::string_view known_or_other(const List& list, std::string_view value)
{
    return std::find(std::begin(list), std::end(list), value) != std::end(list) ? value : other_label;
}

std::string_view name(RequestStatus status)
{
    return status == RequestStatus::success ? "success" : "error";
}

} // namespace

TokenRecorder::TokenRecorder(SeriesFactory& factory)
    : m_first_token(factory.make<Histogram>(Metric::first_token_latency)),
      m_inter_token(factory.make<Histogram>(Metric::inter_token_latency)),
      m_total(factory.make<Histogram>(Metric::total_latency)), m_tokens(factory.make<Counter>(Metric::model_tokens)),
      m_requests(factory.make<Counter>(Metric::requests)), m_estimated(factory.make<Counter>(Metric::estimated_tokens))
{
}

void TokenRecorder::first_token(const Target& target, Nanos latency)
{
    m_first_token.at({target.backend, target.model}).observe(seconds(latency));
}

void TokenRecorder::inter_token(const Target& target, Nanos gap, std::uint32_t tokens)
{
    if (tokens == 0)
        return;
    auto& histogram = m_inter_token.at({target.backend, target.model});
    if (tokens == 1)
        histogram.observe(seconds(gap));
    else
        histogram.observe_times(seconds(gap) / tokens, tokens, seconds(gap));
}

void TokenRecorder::usage(const Target& target, const llm::Usage& usage)
{
    const auto count = [&](std::string_view type, const std::optional<std::uint64_t>& tokens) {
        if (tokens)
            m_tokens.at({target.backend, target.model, type}).increment(static_cast<double>(*tokens));
    };
    count("prompt", usage.prompt);
    count("completion", usage.completion);
    count("total", usage.total);
    if (usage.estimated && usage.completion)
        m_estimated.at({target.backend, target.model, "completion"}).increment(static_cast<double>(*usage.completion));
}

void TokenRecorder::finished(const Target& target, RequestStatus status, Nanos total)
{
    m_requests.at({target.backend, target.model, name(status)}).increment();
    m_total.at({target.backend, target.model, name(status)}).observe(seconds(total));
}

HttpRecorder::HttpRecorder(SeriesFactory& factory)
    : m_requests(factory.make<Counter>(Metric::http_requests)),
      m_duration(factory.make<Histogram>(Metric::http_request_duration)),
      m_in_flight_family(factory.make<Gauge>(Metric::http_requests_in_flight)), m_in_flight(m_in_flight_family.at({}))
{
}

void HttpRecorder::started()
{
    m_in_flight.add(1);
}

void HttpRecorder::finished(std::string_view method, std::string_view route, unsigned status, Nanos duration)
{
    std::array<char, 3> digits;
    std::string_view status_text = other_label;
    if (status >= 100 && status <= 999) {
        std::to_chars(digits.data(), digits.data() + digits.size(), status);
        status_text = {digits.data(), digits.size()};
    }
    const auto method_text = known_or_other(known_methods, method);
    m_requests.at({method_text, route, route, status_text}).increment();
    m_duration.at({method_text, route, route, status_text}).observe(seconds(duration));
    m_in_flight.add(-1);
}

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
    m_duration.at({operation_text, backend_text}).observe(seconds(duration));
}

void ConversationRecorder::active(std::string_view backend, std::size_t count)
{
    m_active.at({known_or_other(store_backends, backend)}).set(static_cast<double>(count));
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
      m_rejected(factory.make<Counter>(Metric::queue_rejected))
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
    m_depth.at({provider}).set(static_cast<double>(waiting));
}

void QueueRecorder::waited(std::string_view provider, Nanos wait)
{
    m_wait.at({provider}).observe(seconds(wait));
}

void QueueRecorder::rejected(std::string_view provider, std::string_view reason)
{
    m_rejected.at({provider, known_or_other(reject_reasons, reason)}).increment();
}

} // namespace tokenscope::telemetry

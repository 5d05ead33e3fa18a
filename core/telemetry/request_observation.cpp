// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/request_observation.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

namespace tokenscope::telemetry {

namespace {

constexpr std::size_t most_chunk_marks = 4096;

void keep_first(std::optional<Instant>& instant, Instant now)
{
    if (!instant)
        instant = now;
}

template <typename T>
void take(std::optional<T>& known, const std::optional<T>& news)
{
    if (news)
        known = news;
}

/// What is known at the end: the reported counts, and our own count where the completion's was never reported.
llm::Usage settled(llm::Usage usage, std::uint64_t stream_tokens)
{
    if (!usage.completion && stream_tokens > 0) {
        usage.completion = stream_tokens;
        usage.estimated = true;
    }
    if (!usage.total && usage.prompt && usage.completion)
        usage.total = *usage.prompt + *usage.completion;
    return usage;
}

/// A destructor may be running because of an exception, so a failing hook must neither escape nor keep the next one from
/// running.
template <typename Hook>
void shielded(Hook&& hook) noexcept
{
    try {
        hook();
    } catch (...) { // out of memory in a hook; the request itself is unharmed
    }
}

} // namespace

RequestObservation::RequestObservation(TokenMetrics& metrics, RecordSink& records, const Clock& clock,
                                       std::string route, std::string request_id, std::string trace_id)
    : m_metrics(metrics), m_records(records), m_clock(clock)
{
    m_record.route = std::move(route);
    m_record.request_id = std::move(request_id);
    m_record.trace_id = std::move(trace_id);
    m_record.started = clock.wall();
    m_record.accepted = clock.now();
}

RequestObservation::~RequestObservation()
{
    m_record.ended = m_clock.now();
    m_record.usage = settled(m_record.usage, m_record.stream_tokens);
    if (m_record.usage.reported())
        shielded([this] { m_metrics.usage(m_record.target, m_record.usage); });
    shielded([this] { m_metrics.finished(m_record.target, m_record.status, m_record.total()); });
    shielded([this] {
        if (m_record.status == RequestStatus::error && m_record.error.empty())
            m_record.error = "The request ended before its reply was complete.";
        m_records.publish(std::move(m_record));
    });
}

void RequestObservation::parsed(std::string requested_model, bool streamed)
{
    keep_first(m_record.parsed, m_clock.now());
    m_record.requested_model = std::move(requested_model);
    m_record.streamed = streamed;
}

void RequestObservation::routed(Target target)
{
    m_record.target = std::move(target);
}

void RequestObservation::queued()
{
    keep_first(m_record.queued, m_clock.now());
}

void RequestObservation::dequeued()
{
    keep_first(m_record.dequeued, m_clock.now());
}

void RequestObservation::connected()
{
    m_record.connected = m_clock.now();
}

void RequestObservation::sent()
{
    m_record.sent = m_clock.now();
}

void RequestObservation::first_byte()
{
    keep_first(m_record.first_byte, m_clock.now());
}

void RequestObservation::chunk(std::size_t bytes, std::uint32_t tokens, std::uint32_t visible_tokens)
{
    const auto now = m_clock.now();
    const auto size = std::min<std::size_t>(bytes, std::numeric_limits<std::uint32_t>::max());
    keep_first(m_record.first_event, now);
    ++m_record.chunk_count;
    if (m_record.chunks.size() < most_chunk_marks)
        m_record.chunks.push_back({.at = now, .bytes = static_cast<std::uint32_t>(size), .tokens = tokens});
    if (tokens == 0)
        return;

    m_record.stream_tokens += tokens;
    if (visible_tokens > 0)
        keep_first(m_record.first_visible_token, now);
    const auto previous = std::exchange(m_record.last_token, now);
    if (previous) {
        m_metrics.inter_token(m_record.target, now - *previous, tokens);
    } else {
        m_record.first_token = now;
        m_metrics.first_token(m_record.target, now - m_record.accepted);
        // Further tokens that came in the same read had no gap between them. So every stream observes one gap a token but the first,
        // however the network cut it.
        if (tokens > 1)
            m_metrics.inter_token(m_record.target, Nanos(0), tokens - 1);
    }
}

void RequestObservation::usage(const llm::Usage& usage)
{
    // Backends may tell prompt and completion in different events; each report is cumulative, so the last of each counts.
    auto& known = m_record.usage;
    if (usage.reported())
        keep_first(m_record.usage_seen, m_clock.now());
    if (usage.completion)
        known.estimated = usage.estimated;
    take(known.prompt, usage.prompt);
    take(known.completion, usage.completion);
    take(known.total, usage.total);
    take(known.cached, usage.cached);
    take(known.reasoning, usage.reasoning);
}

void RequestObservation::response_facts(std::string response_model, std::string finish_reason)
{
    if (!response_model.empty())
        m_record.response_model = std::move(response_model);
    if (!finish_reason.empty())
        m_record.finish_reason = std::move(finish_reason);
}

void RequestObservation::http_status(unsigned status)
{
    m_record.http_status = status;
}

void RequestObservation::stage(Stage stage, Nanos duration)
{
    auto& sum = m_record.stages[static_cast<std::size_t>(stage)];
    sum = sum.value_or(Nanos(0)) + duration;
}

void RequestObservation::attempt()
{
    ++m_record.attempts;
}

void RequestObservation::succeed()
{
    if (m_failed)
        return;
    m_record.status = RequestStatus::success;
    m_record.end_reason = EndReason::done;
}

void RequestObservation::fail(EndReason reason, std::string message)
{
    assert(reason != EndReason::done);
    if (m_failed)
        return;
    m_failed = true;
    m_record.status = RequestStatus::error;
    m_record.end_reason = reason;
    m_record.error = std::move(message);
}

} // namespace tokenscope::telemetry

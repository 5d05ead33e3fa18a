// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/request_observation.h"

#include "base/shielded.h"
#include "llm/plausible_usage.h"
#include "telemetry/live/live_board.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <span>
#include <utility>

namespace tokenscope::telemetry {

namespace {

constexpr std::size_t most_chunk_marks = 4096;
/// How often the gaps between a stream's tokens are observed: often enough for a chart, too rarely to be felt.
constexpr std::chrono::milliseconds gap_interval{100};

/// Names become labels, and clients make them up: what is longer than any model's name is cut at a whole character.
constexpr std::size_t longest_name = 256;

void cut_name(std::string& name)
{
    if (name.size() <= longest_name) [[likely]]
        return;
    constexpr std::string_view sign = "…";
    std::size_t end = longest_name - sign.size();
    while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U)
        --end;
    name.resize(end);
    name += sign;
}

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

std::shared_ptr<LiveEntry> show(LiveBoard& board, const RequestRecord& record)
{
    LiveRequest begun;
    begun.request_id = record.request_id;
    begun.trace_id = record.trace_id;
    begun.route = record.route;
    begun.started = record.started;
    begun.accepted = record.accepted;
    return board.begin(std::move(begun));
}

} // namespace

RequestObservation::RequestObservation(const Observers& observers, RequestBeginning beginning) : m_observers(observers)
{
    m_record.route = std::move(beginning.route);
    m_record.operation = beginning.operation;
    m_record.request_id = std::move(beginning.request_id);
    m_record.trace_id = beginning.trace_id;
    m_record.sampled = beginning.sampled;
    m_record.started = m_observers.clock.wall();
    m_record.accepted = m_observers.clock.now();
    if (m_observers.live)
        m_live = show(*m_observers.live, m_record);
}

RequestObservation::~RequestObservation()
{
    m_record.ended = m_observers.clock.now();
    shielded([this] { settle(); });
    shielded([this] { observe_gaps(); });
    shielded([this] { m_observers.requests.finished(m_record); });
    shielded([this] { m_observers.records.publish(std::move(m_record)); });
    // Last, so that whoever misses it there finds its record.
    if (m_live)
        shielded([this] { m_observers.live->end(*m_live); });
}

void RequestObservation::settle()
{
    m_record.usage = llm::settled(llm::plausible(m_record.usage), m_record.stream_tokens);
    if (m_record.status == RequestStatus::error) {
        if (m_record.error_type.empty())
            m_record.error_type = to_string(m_record.end_reason);
        if (m_record.error.empty())
            m_record.error = "The request ended before its reply was complete.";
    }
    if (m_observers.pricing && m_record.usage.reported())
        m_record.cost = m_observers.pricing->cost_of(m_record.target, m_record.usage);
}

void RequestObservation::parsed(std::string requested_model, bool streamed)
{
    keep_first(m_record.parsed, m_observers.clock.now());
    cut_name(requested_model);
    if (m_live)
        m_live->parsed(requested_model, streamed);
    m_record.requested_model = std::move(requested_model);
    m_record.streamed = streamed;
}

void RequestObservation::routed(Target target, std::string_view genai_provider)
{
    observe_gaps(); // they are of the target so far
    cut_name(target.model);
    m_record.genai_provider = genai_provider.empty() ? std::string_view(target.backend) : genai_provider;
    if (m_live)
        m_live->routed(target);
    m_record.target = std::move(target);
}

void RequestObservation::queued()
{
    const auto now = m_observers.clock.now();
    keep_first(m_record.queued, now);
    if (m_live)
        m_live->queued(now);
}

void RequestObservation::in_line(QueuePlace place)
{
    if (m_live)
        m_live->in_line(std::move(place));
}

void RequestObservation::dequeued()
{
    const auto now = m_observers.clock.now();
    keep_first(m_record.dequeued, now);
    if (m_live)
        m_live->dequeued(now);
}

void RequestObservation::connected()
{
    m_record.connected = m_observers.clock.now();
}

void RequestObservation::sent()
{
    m_record.sent = m_observers.clock.now();
}

void RequestObservation::first_byte()
{
    keep_first(m_record.first_byte, m_observers.clock.now());
}

void RequestObservation::chunk(std::size_t bytes, std::uint32_t tokens, std::uint32_t visible_tokens)
{
    const auto now = m_observers.clock.now();
    if (m_live)
        m_live->chunk(now, bytes, tokens);
    const auto size = std::min<std::size_t>(bytes, std::numeric_limits<std::uint32_t>::max());
    keep_first(m_record.first_event, now);
    if (const auto previous = std::exchange(m_record.last_event, now))
        m_record.chunk_gaps.add(now - *previous);
    if (++m_record.chunk_count <= most_chunk_marks)
        m_record.chunks.add({.at = now, .bytes = static_cast<std::uint32_t>(size), .tokens = tokens});
    if (tokens == 0)
        return;

    m_record.stream_tokens += tokens;
    if (visible_tokens > 0)
        keep_first(m_record.first_visible_token, now);
    const auto previous = std::exchange(m_record.last_token, now);
    if (previous) {
        add_gap(now, now - *previous, tokens);
    } else {
        m_record.first_token = now;
        m_observers.tokens.first_token(m_record.target, now - m_record.accepted, m_record.exemplar());
        // Further tokens that came in the same read had no gap between them. So every stream observes one gap a token but the first,
        // however the network cut it.
        if (tokens > 1)
            add_gap(now, Nanos(0), tokens - 1);
    }
}

void RequestObservation::add_gap(Instant now, Nanos gap, std::uint32_t tokens)
{
    if (m_gap_count == 0)
        m_gaps_since = now;
    m_gaps[m_gap_count++] = {.gap = gap, .tokens = tokens};
    if (m_gap_count == m_gaps.size() || now - m_gaps_since >= gap_interval)
        observe_gaps();
}

void RequestObservation::observe_gaps()
{
    const auto count = std::exchange(m_gap_count, 0);
    if (count > 0)
        m_observers.tokens.inter_token(m_record.target, std::span(m_gaps).first(count));
}

void RequestObservation::usage(const llm::Usage& usage)
{
    // Backends may tell prompt and completion in different events; each report is cumulative, so the last of each counts.
    auto& known = m_record.usage;
    if (usage.reported())
        keep_first(m_record.usage_seen, m_observers.clock.now());
    if (usage.completion)
        known.estimated = usage.estimated;
    take(known.prompt, usage.prompt);
    take(known.completion, usage.completion);
    take(known.total, usage.total);
    take(known.cached, usage.cached);
    take(known.reasoning, usage.reasoning);
    take(known.cache_creation, usage.cache_creation);
}

void RequestObservation::response_facts(std::string response_model, std::string finish_reason)
{
    cut_name(response_model);
    cut_name(finish_reason);
    if (!response_model.empty())
        m_record.response_model = std::move(response_model);
    if (!finish_reason.empty())
        m_record.finish_reason = std::move(finish_reason);
}

void RequestObservation::http_status(unsigned status)
{
    m_record.http_status = status;
}

void RequestObservation::client(std::string key_name)
{
    if (m_live)
        m_live->client(key_name);
    m_record.client = std::move(key_name);
}

void RequestObservation::stage(Stage stage, Nanos duration)
{
    auto& sum = m_record.stages[static_cast<std::size_t>(stage)];
    sum = sum.value_or(Nanos(0)) + duration;
}

void RequestObservation::attempt()
{
    ++m_record.attempts;
    if (m_live)
        m_live->attempt();
}

void RequestObservation::attempt_ended()
{
    m_record.provider_ended = m_observers.clock.now();
}

void RequestObservation::succeed()
{
    if (m_failed)
        return;
    m_record.status = RequestStatus::success;
    m_record.end_reason = EndReason::done;
}

void RequestObservation::fail(EndReason reason, std::string message, std::string_view error_type)
{
    assert(reason != EndReason::done);
    if (m_failed)
        return;
    m_failed = true;
    m_record.status = RequestStatus::error;
    m_record.end_reason = reason;
    m_record.error = std::move(message);
    m_record.error_type = error_type;
}

} // namespace tokenscope::telemetry

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/live/live_entry.h"

#include <mutex>
#include <utility>

namespace tokenscope::telemetry {

namespace {

/// There is one writer, so that nothing can be lost between reading and writing.
void add(std::atomic<std::uint64_t>& sum, std::uint64_t more)
{
    sum.store(sum.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
}

} // namespace

LiveEntry::LiveEntry(LiveRequest begun) : m_fixed(std::move(begun)), m_texts(std::make_shared<const Texts>()) {}

template <typename Change>
void LiveEntry::change(Change&& change)
{
    auto texts = std::make_shared<Texts>(*m_texts);
    change(*texts);
    std::shared_ptr<const Texts> next = std::move(texts);
    const std::lock_guard lock(m_lock);
    m_texts.swap(next);
}

void LiveEntry::set(Ticks& ticks, Instant now)
{
    ticks.store(now.time_since_epoch().count(), std::memory_order_relaxed);
}

std::optional<Instant> LiveEntry::get(const Ticks& ticks)
{
    const auto count = ticks.load(std::memory_order_relaxed);
    return count == absent ? std::nullopt : std::optional(Instant(Nanos(count)));
}

void LiveEntry::client(std::string key_name)
{
    if (key_name != m_texts->client)
        change([&](Texts& texts) { texts.client = std::move(key_name); });
}

void LiveEntry::parsed(std::string requested_model, bool streamed)
{
    change([&](Texts& texts) {
        texts.requested_model = std::move(requested_model);
        texts.streamed = streamed;
    });
}

void LiveEntry::routed(Target target)
{
    change([&](Texts& texts) { texts.target = std::move(target); });
}

void LiveEntry::queued(Instant now)
{
    set(m_queued, now);
    m_dequeued.store(absent, std::memory_order_relaxed);
    set(LivePhase::queued);
}

void LiveEntry::in_line(QueuePlace place)
{
    const std::lock_guard lock(m_lock);
    std::swap(m_place, place);
}

void LiveEntry::dequeued(Instant now)
{
    set(m_dequeued, now);
    set(LivePhase::waiting);
}

void LiveEntry::attempt()
{
    set(LivePhase::waiting);
}

void LiveEntry::chunk(Instant now, std::size_t bytes, std::uint32_t tokens)
{
    add(m_bytes, bytes);
    if (tokens == 0)
        return;
    add(m_tokens, tokens);
    set(m_last_token, now);
    if (m_first_token.load(std::memory_order_relaxed) != absent)
        return;
    set(m_first_token, now);
    set(LivePhase::streaming);
}

LiveRequest LiveEntry::read(QueuePlace& place) const
{
    LiveRequest request = m_fixed;
    request.phase = m_phase.load(std::memory_order_acquire);
    request.queued = get(m_queued);
    request.dequeued = get(m_dequeued);
    request.first_token = get(m_first_token);
    request.last_token = get(m_last_token);
    request.tokens = m_tokens.load(std::memory_order_relaxed);
    request.bytes = m_bytes.load(std::memory_order_relaxed);
    std::shared_ptr<const Texts> texts;
    {
        const std::lock_guard lock(m_lock);
        texts = m_texts;
        place = m_place;
    }
    request.client = texts->client;
    request.requested_model = texts->requested_model;
    request.target = texts->target;
    request.streamed = texts->streamed;
    return request;
}

} // namespace tokenscope::telemetry

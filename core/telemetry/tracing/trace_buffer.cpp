// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/tracing/trace_buffer.h"

#include "base/shielded.h"
#include "telemetry/registry/label_hash.h"

#include <algorithm>
#include <string>
#include <utility>

namespace tokenscope::telemetry {

static_assert(sizeof(TraceBuffer) <= 1032); // what glibc's fast lists go up to

namespace {

std::string_view cut(std::string_view text)
{
    if (text.size() <= TraceLimits::text_bytes)
        return text;
    auto size = TraceLimits::text_bytes;
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) // the next one goes on with a character
        --size;
    return text.substr(0, size);
}

/// As most values are short: without the call that a copy is.
char* put(char* to, std::string_view text)
{
    const auto size = text.size();
    const auto copy = [&]<typename Word>(Word) {
        const auto first = load_word<Word>(text.data());
        const auto last = load_word<Word>(text.data() + size - sizeof(Word)); // has some bytes once more
        std::memcpy(to, &first, sizeof first);
        std::memcpy(to + size - sizeof last, &last, sizeof last);
    };
    if (size > 16)
        std::memcpy(to, text.data(), size);
    else if (size >= 8)
        copy(std::uint64_t());
    else if (size >= 4)
        copy(std::uint32_t());
    else if (size >= 2)
        copy(std::uint16_t());
    else if (size == 1)
        *to = text.front();
    return to + size;
}

} // namespace

TraceBuffer::TraceBuffer(SpanSink& sink, const Clock& clock, const TraceContext& context, const SpanId& parent)
    : m_sink(sink), m_clock(clock),
      m_anchor(clock.unix_time() - clock.now().time_since_epoch()), m_head{.id = context.trace_id,
                                                                           .parent = parent,
                                                                           .state_bytes = static_cast<std::uint32_t>(
                                                                               context.tracestate.size()),
                                                                           .flags = context.flags}
{
    const auto& state = context.tracestate;
    if (state.size() > m_size - m_used)
        grow(state.size());
    state.copy(m_bytes + m_used, state.size());
    m_used += state.size();
}

std::optional<TraceBuffer::Index> TraceBuffer::open(std::string_view name, const Begun& begun)
{
    if (m_head.spans >= TraceLimits::spans) {
        ++m_head.lost;
        return std::nullopt;
    }
    const auto index = static_cast<Index>(m_head.spans);
    add({FactKind::begun, index, name}, begun);
    ++m_head.spans;
    ++m_open;
    return index;
}

void TraceBuffer::close(Index index) noexcept
{
    shielded([&] { add({FactKind::ended, index}, now()); });
    if (--m_open > 0)
        return;
    const std::unique_ptr<TraceBuffer> last(this);
    std::memcpy(m_bytes, &m_head, sizeof m_head);
    shielded([this] { m_sink.finished(TraceFacts({m_bytes, m_used})); });
}

void TraceBuffer::add_text(Fact fact, std::string_view text)
{
    if (text.size() > TraceLimits::text_bytes || !has_room(text.size())) [[unlikely]]
        return add_long_text(fact, text);
    put(room(fact, text.size()), text);
}

void TraceBuffer::add_long_text(Fact fact, std::string_view text)
{
    text = cut(text);
    text.copy(room(fact, text.size()), text.size());
}

void TraceBuffer::rename(Index span, std::initializer_list<std::string_view> parts)
{
    std::size_t size = 0;
    for (const auto part : parts)
        size += part.size();
    if (size > TraceLimits::text_bytes) {
        std::string whole;
        for (const auto part : parts)
            whole += part;
        return add_text({FactKind::renamed, span}, whole);
    }
    auto* to = room({FactKind::renamed, span}, size);
    for (const auto part : parts)
        to = put(to, part);
}

bool TraceBuffer::forget(Index span, std::string_view key)
{
    const auto is_attribute = [](FactKind kind) { return kind >= FactKind::text && kind <= FactKind::truth; };
    const auto first = sizeof m_head + m_head.state_bytes;
    for (FactReader facts({m_bytes + first, m_used - first}); facts.next();) {
        const auto& fact = facts.fact();
        if (fact.span() != span || !is_attribute(fact.kind()) || fact.key() != key)
            continue;
        const auto rest = facts.rest();
        const auto size = sizeof fact + fact.payload_bytes();
        std::memmove(m_bytes + (m_used - rest.size()) - size, rest.data(), rest.size());
        m_used -= size;
        return true;
    }
    return false;
}

void TraceBuffer::grow(std::size_t more)
{
    const auto size = 2 * m_size + more;
    auto bytes = std::make_unique_for_overwrite<char[]>(size);
    std::copy_n(m_bytes, m_used, bytes.get());
    m_more = std::move(bytes);
    m_bytes = m_more.get();
    m_size = size;
}

} // namespace tokenscope::telemetry

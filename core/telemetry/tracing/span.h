// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/tracing/attribute_key.h"
#include "telemetry/tracing/trace_buffer.h"

#include <concepts>
#include <initializer_list>
#include <limits>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

namespace tokenscope::telemetry {

/// One stretch of a request's work, from its construction to its end(), at the latest in the destructor. An empty one,
/// as all of an unsampled request are, records nothing and costs one comparison a call. Keys, and names but for those of
/// rename(), are literals. Values must never be prompts, replies or keys. Used on one thread.
class Span {
public:
    Span() = default;
    /// The first span of a request, which begins with it. `id`: its own, of the trace's context.
    Span(std::unique_ptr<TraceBuffer> trace, SpanKind kind, Instant started, const SpanId& id);
    Span(Span&& other) noexcept : m_trace(std::exchange(other.m_trace, nullptr)), m_state(other.m_state) {}
    Span& operator=(Span&& other) noexcept
    {
        if (this != &other) {
            end();
            m_trace = std::exchange(other.m_trace, nullptr);
            m_state = other.m_state;
        }
        return *this;
    }
    ~Span() { end(); }

    bool recording() const { return m_trace != nullptr; }
    /// Must only be asked of one that is recording.
    SpanId id() const { return m_state.id; }

    /// Seconds since it began. Must only be asked of one that is recording.
    double age() const { return seconds(m_trace->now() - m_state.start); }

    /// Empty where this one is, or where the request has too many already.
    Span child(std::string_view name, SpanKind kind = SpanKind::internal) const
    {
        return m_trace ? open_child(name, kind) : Span();
    }

    /// To the text that these parts make together.
    void rename(std::initializer_list<std::string_view> parts)
    {
        if (m_trace)
            m_trace->rename(m_state.index, parts);
    }

    /// A key that is set again gets the new value. Text is cut at TraceLimits::text_bytes and made valid UTF-8.
    void set(AttributeKey key, std::string_view text) { set_text(FactKind::text, key, text); }
    void set(AttributeKey key, const char* text) { set(key, std::string_view(text)); }
    /// A list with this text alone, for keys that the conventions define as lists.
    void set_list(AttributeKey key, std::string_view text) { set_text(FactKind::list, key, text); }
    template <typename Number>
    requires std::is_arithmetic_v<Number>
    void set(AttributeKey key, Number number)
    {
        if (m_trace && takes(key))
            add(key.text(), number);
    }

    struct Detail {
        std::string_view key;
        std::string_view text;
    };
    void event(std::string_view name, std::initializer_list<Detail> details = {})
    {
        if (m_trace)
            add_event(name, details);
    }

    /// Makes it an error of this stable, lower-case type, with an event "error" that says so. The first one counts.
    void fail(std::string_view type, std::string_view message);
    /// An end before its time that is nobody's fault: the event and the type of fail(), without the status.
    void abandon(std::string_view type, std::string_view message);
    bool failed() const { return m_trace && m_state.failed; }

    void end() noexcept
    {
        if (m_trace)
            std::exchange(m_trace, nullptr)->close(m_state.index);
    }

private:
    Span(TraceBuffer* trace, std::string_view name, const Begun& begun);

    void set_text(FactKind kind, AttributeKey key, std::string_view text)
    {
        if (m_trace && takes(key))
            m_trace->add_text({kind, m_state.index, key.text()}, text);
    }
    /// As one of the three types that an attribute may have besides text.
    template <typename Number>
    void add(std::string_view key, Number number)
    {
        if constexpr (std::is_same_v<Number, bool>)
            m_trace->add({FactKind::truth, m_state.index, key}, number);
        else if constexpr (std::is_floating_point_v<Number>)
            m_trace->add({FactKind::real, m_state.index, key}, static_cast<double>(number));
        else
            m_trace->add({FactKind::integer, m_state.index, key}, std::in_range<std::int64_t>(number)
                                                                      ? static_cast<std::int64_t>(number)
                                                                      : std::numeric_limits<std::int64_t>::max());
    }

    /// False where there are too many already.
    bool takes(AttributeKey key)
    {
        const bool is_new = (m_state.keys & key.bit()) == 0;
        m_state.keys |= key.bit();
        if (!is_new && m_trace->forget(m_state.index, key.text()))
            return true;
        return m_state.attributes < TraceLimits::attributes && ++m_state.attributes > 0;
    }

    Span open_child(std::string_view name, SpanKind kind) const;
    void add_event(std::string_view name, std::initializer_list<Detail> details);

    /// What there is to know of one that is open; the rest is in the buffer. Means nothing in an empty one.
    struct State {
        std::uint64_t keys; ///< which bits the keys set so far have: one with a new bit is new
        SpanId id;
        UnixNanos start;
        TraceBuffer::Index index;
        std::uint8_t attributes;
        std::uint8_t events;
        bool failed;
    };

    TraceBuffer* m_trace = nullptr; ///< belongs to all open spans together
    State m_state{};
};

/// `parent` may be null.
inline Span child_of(const Span* parent, std::string_view name, SpanKind kind = SpanKind::internal)
{
    return parent ? parent->child(name, kind) : Span();
}

} // namespace tokenscope::telemetry

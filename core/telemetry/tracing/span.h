// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/tracing/trace_buffer.h"

#include <concepts>
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace tokenscope::telemetry {

/// One stretch of a request's work, from its construction to its end(), at the latest in the destructor. An empty one,
/// as all of an unsampled request are, records nothing and costs one comparison a call. Keys and names of events are
/// literals. Values must never be prompts, replies or keys. Used on one thread.
class Span {
public:
    Span() = default;
    /// The first span of a request; the buffer has it open already.
    explicit Span(std::unique_ptr<TraceBuffer> trace) : m_trace(trace.release()) {}
    Span(Span&& other) noexcept
        : m_trace(std::exchange(other.m_trace, nullptr)), m_index(other.m_index), m_keys(other.m_keys)
    {
    }
    Span& operator=(Span&& other) noexcept
    {
        if (this != &other) {
            end();
            m_trace = std::exchange(other.m_trace, nullptr);
            m_index = other.m_index;
            m_keys = other.m_keys;
        }
        return *this;
    }
    ~Span() { end(); }

    bool recording() const { return m_trace != nullptr; }
    /// Must only be asked of one that is recording.
    SpanId id() const { return m_trace->at(m_index).span_id; }

    /// Seconds since it began. Must only be asked of one that is recording.
    double age() const { return seconds(m_trace->now() - m_trace->at(m_index).start); }

    /// Empty where this one is, or where the request has too many already.
    Span child(std::string_view name, SpanKind kind = SpanKind::internal) const
    {
        return m_trace ? open_child(name, kind) : Span();
    }

    void rename(std::string name)
    {
        if (m_trace)
            m_trace->at(m_index).name = cleaned(std::move(name));
    }

    /// A key that is set again gets the new value. Text is cut at TraceLimits::text_bytes and made valid UTF-8.
    void set(std::string_view key, std::string_view text)
    {
        if (m_trace)
            add_text(key, text);
    }
    void set(std::string_view key, const char* text) { set(key, std::string_view(text)); }
    template <typename Number>
    requires std::is_arithmetic_v<Number>
    void set(std::string_view key, Number number)
    {
        if (m_trace)
            add(key, value_of(number));
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
    void fail(std::string_view type, std::string_view message)
    {
        if (m_trace)
            add_failure(type, message);
    }
    /// An end before its time that is nobody's fault: the event and the type of fail(), without the status.
    void abandon(std::string_view type, std::string_view message)
    {
        if (m_trace)
            add_error_event(type, message);
    }
    bool failed() const { return m_trace && m_trace->at(m_index).status == SpanStatus::error; }

    void end() noexcept
    {
        if (m_trace)
            std::exchange(m_trace, nullptr)->close(m_index);
    }

private:
    Span(TraceBuffer* trace, TraceBuffer::Index index) : m_trace(trace), m_index(index) {}

    /// As one of the three types that an attribute may have besides text.
    template <typename Number>
    static auto value_of(Number number)
    {
        if constexpr (std::is_same_v<Number, bool>)
            return number;
        else if constexpr (std::is_floating_point_v<Number>)
            return static_cast<double>(number);
        else
            return std::in_range<std::int64_t>(number) ? static_cast<std::int64_t>(number)
                                                       : std::numeric_limits<std::int64_t>::max();
    }
    static std::string clean(std::string_view text);
    static std::string cleaned(std::string text);

    Span open_child(std::string_view name, SpanKind kind) const;
    /// Null where there are too many already.
    AttributeValue* slot(std::string_view key);
    template <typename Value>
    void add(std::string_view key, Value value)
    {
        if (auto* known = slot(key))
            *known = value;
    }
    void add_text(std::string_view key, std::string_view text);
    void add_event(std::string_view name, std::initializer_list<Detail> details);
    void add_error_event(std::string_view type, std::string_view message);
    void add_failure(std::string_view type, std::string_view message);

    TraceBuffer* m_trace = nullptr; ///< belongs to all open spans together
    TraceBuffer::Index m_index = 0;
    std::uint64_t m_keys = 0; ///< which bits the keys set so far have: one with a new bit is new
};

/// `parent` may be null.
inline Span child_of(const Span* parent, std::string_view name, SpanKind kind = SpanKind::internal)
{
    return parent ? parent->child(name, kind) : Span();
}

} // namespace tokenscope::telemetry

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/tracing/span_sink.h"
#include "telemetry/tracing/trace_ids.h"

#include <mutex>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace tokenscope::test {

inline std::string text_of(const telemetry::AttributeValue& value)
{
    if (const auto* text = std::get_if<std::string>(&value))
        return *text;
    if (const auto* number = std::get_if<std::int64_t>(&value))
        return std::to_string(*number);
    if (const auto* yes = std::get_if<bool>(&value))
        return *yes ? "true" : "false";
    if (const auto* texts = std::get_if<std::vector<std::string>>(&value))
        return "[" + (texts->size() == 1 ? texts->front() : "not one text") + "]";
    return std::to_string(std::get<double>(value));
}

/// The value of an attribute as text; "-" where there is none.
inline std::string attribute(const telemetry::SpanData& span, std::string_view key)
{
    for (const auto& [name, value] : span.attributes)
        if (name == key)
            return text_of(value);
    return "-";
}

/// Keeps the spans of finished requests. Thread-safe.
class TraceCollector final : public telemetry::SpanSink {
public:
    void finished(const telemetry::TraceFacts& trace) override
    {
        const std::scoped_lock lock(m_mutex);
        m_traces.push_back(trace.spans());
    }
    std::vector<telemetry::TraceSpans> all() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_traces;
    }
    int count() const { return static_cast<int>(all().size()); }
    const std::vector<telemetry::SpanData>& last() const { return *all().back(); }

    /// The spans of a request as an indented tree in the order of their start: name, status, and the error's type.
    static std::string tree(const std::vector<telemetry::SpanData>& spans) { return tree_below(spans, spans[0], 0); }

    /// What is wrong with the spans of a request; empty where nothing is.
    static std::string flaw(const std::vector<telemetry::SpanData>& spans)
    {
        std::set<telemetry::SpanId> ids;
        for (const auto& span : spans) {
            if (!telemetry::is_set(span.span_id) || !ids.insert(span.span_id).second)
                return span.name + " has no id of its own";
            if (span.trace_id != spans[0].trace_id || !telemetry::is_set(span.trace_id))
                return span.name + " belongs to another trace";
            if (span.end.count() == 0 || span.end < span.start)
                return span.name + " has not ended";
            for (const auto& event : span.events)
                if (event.at < span.start || event.at > span.end)
                    return span.name + " has an event outside";
            if (&span == &spans[0])
                continue;
            const auto* parent = find(spans, span.parent_id);
            if (!parent)
                return span.name + " has no parent";
            if (span.start < parent->start || span.end > parent->end)
                return span.name + " is not inside its parent";
        }
        return {};
    }

    /// Whether any text of a span has `secret` in it.
    static bool tells(const std::vector<telemetry::SpanData>& spans, std::string_view secret)
    {
        const auto has = [secret](const std::string& text) { return text.find(secret) != std::string::npos; };
        const auto any = [&](const std::vector<telemetry::Attribute>& attributes) {
            for (const auto& one : attributes)
                if (has(text_of(one.value)))
                    return true;
            return false;
        };
        for (const auto& span : spans) {
            if (has(span.name) || has(span.status_message) || has(span.trace_state) || any(span.attributes))
                return true;
            for (const auto& event : span.events)
                if (any(event.attributes))
                    return true;
        }
        return false;
    }

private:
    static const telemetry::SpanData* find(const std::vector<telemetry::SpanData>& spans, const telemetry::SpanId& id)
    {
        for (const auto& span : spans)
            if (span.span_id == id)
                return &span;
        return nullptr;
    }

    static std::string tree_below(const std::vector<telemetry::SpanData>& spans, const telemetry::SpanData& top,
                                  std::size_t depth)
    {
        auto text = std::string(2 * depth, ' ') + top.name;
        if (top.status == telemetry::SpanStatus::error)
            text += " ERROR";
        if (const auto type = attribute(top, "error.type"); type != "-")
            text += " " + type;
        text += '\n';
        for (const auto& span : spans)
            if (span.parent_id == top.span_id)
                text += tree_below(spans, span, depth + 1);
        return text;
    }

    mutable std::mutex m_mutex;
    std::vector<telemetry::TraceSpans> m_traces;
};

} // namespace tokenscope::test

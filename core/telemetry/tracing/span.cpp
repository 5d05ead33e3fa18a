// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/tracing/span.h"

#include "telemetry/text.h"

#include <algorithm>

namespace tokenscope::telemetry {

std::string Span::clean(std::string_view text)
{
    const bool plain =
        text.size() <= TraceLimits::text_bytes && std::all_of(text.begin(), text.end(), [](char c) { return c > 0; });
    if (plain)
        return std::string(text);
    auto cut = text.substr(0, TraceLimits::text_bytes);
    // Not in the middle of a character.
    while (cut.size() < text.size() && !cut.empty() && (static_cast<unsigned char>(text[cut.size()]) & 0xC0) == 0x80)
        cut.remove_suffix(1);
    return valid_utf8(cut);
}

Span Span::open_child(std::string_view name, SpanKind kind) const
{
    const auto index = m_trace->open(m_index, name, kind);
    return index ? Span(m_trace, *index) : Span();
}

void Span::add(std::string_view key, AttributeValue value)
{
    auto& attributes = m_trace->at(m_index).attributes;
    const auto known = std::find_if(attributes.begin(), attributes.end(),
                                    [key](const Attribute& attribute) { return attribute.key == key; });
    if (known != attributes.end())
        known->value = std::move(value);
    else if (attributes.size() < TraceLimits::attributes)
        attributes.push_back({key, std::move(value)});
}

void Span::add_event(std::string_view name, std::initializer_list<Detail> details)
{
    auto& events = m_trace->at(m_index).events;
    if (events.size() >= TraceLimits::events)
        return;
    auto& event = events.emplace_back();
    event.name = name;
    event.at = m_trace->now();
    event.attributes.reserve(details.size());
    for (const auto& detail : details)
        event.attributes.push_back({detail.key, clean(detail.text)});
}

void Span::add_error_event(std::string_view type, std::string_view message)
{
    set("error.type", type);
    add_event("error", {{"error.type", type}, {"error.message", message}});
}

void Span::add_failure(std::string_view type, std::string_view message)
{
    auto& span = m_trace->at(m_index);
    if (span.status == SpanStatus::error)
        return;
    span.status = SpanStatus::error;
    span.status_message = clean(message);
    add_error_event(type, message);
}

} // namespace tokenscope::telemetry

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/tracing/span.h"

#include "telemetry/text.h"

#include <algorithm>
#include <cstring>

namespace tokenscope::telemetry {

namespace {

/// Whether all of it is ASCII without NUL, as nearly everything is; eight bytes at a time.
bool is_plain(std::string_view text)
{
    constexpr std::uint64_t ones = 0x0101010101010101;
    constexpr std::uint64_t highs = 0x8080808080808080;
    std::size_t i = 0;
    for (std::uint64_t word = 0; i + sizeof word <= text.size(); i += sizeof word) {
        std::memcpy(&word, text.data() + i, sizeof word);
        if (((word - ones) | word) & highs) // a byte of 0 borrows its high bit
            return false;
    }
    return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(i), text.end(), [](char c) { return c > 0; });
}

} // namespace

std::string Span::clean(std::string_view text)
{
    if (text.size() <= TraceLimits::text_bytes && is_plain(text))
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
        attributes.emplace_back(key, std::move(value));
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

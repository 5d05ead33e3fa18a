// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/tracing/span.h"

#include "telemetry/text.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace tokenscope::telemetry {

namespace {

/// Whether it can be taken as it is, as nearly everything can: not too long, and all ASCII without NUL. Looks at eight
/// bytes at a time.
bool is_plain(std::string_view text)
{
    if (text.size() > TraceLimits::text_bytes)
        return false;
    constexpr std::uint64_t ones = 0x0101010101010101;
    constexpr std::uint64_t highs = 0x8080808080808080;
    const auto plain_word = [](const char* at) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, sizeof word);
        return (((word - ones) | word) & highs) == 0; // a byte of 0 borrows its high bit
    };
    constexpr std::size_t step = sizeof(std::uint64_t);
    if (text.size() < step)
        return std::all_of(text.begin(), text.end(), [](char c) { return c > 0; });
    for (std::size_t i = 0; i + step < text.size(); i += step)
        if (!plain_word(text.data() + i))
            return false;
    return plain_word(text.data() + text.size() - step); // some of them once more
}

/// One of 64, by what tells the keys of one span apart.
std::uint64_t key_bit(std::string_view key)
{
    const auto byte = [key](std::size_t i) { return static_cast<unsigned char>(key[i]); };
    const auto number = key.empty() ? 0 : key.size() + 7U * (byte(key.size() / 2) + byte(key.size() - 1));
    return std::uint64_t{1} << (number % 64);
}

} // namespace

std::string Span::clean(std::string_view text)
{
    if (is_plain(text))
        return std::string(text);
    auto cut = text.substr(0, TraceLimits::text_bytes);
    // Not in the middle of a character.
    while (cut.size() < text.size() && !cut.empty() && (static_cast<unsigned char>(text[cut.size()]) & 0xC0) == 0x80)
        cut.remove_suffix(1);
    return valid_utf8(cut);
}

std::string Span::cleaned(std::string text)
{
    return is_plain(text) ? std::move(text) : clean(text);
}

Span Span::open_child(std::string_view name, SpanKind kind) const
{
    const auto index = m_trace->open(m_index, name, kind);
    return index ? Span(m_trace, *index) : Span();
}

AttributeValue* Span::slot(std::string_view key)
{
    auto& attributes = m_trace->at(m_index).attributes;
    const auto bit = key_bit(key);
    if ((std::exchange(m_keys, m_keys | bit) & bit) != 0)
        for (auto& attribute : attributes)
            if (attribute.key == key)
                return &attribute.value;
    return attributes.size() < TraceLimits::attributes ? &attributes.emplace_back(key).value : nullptr;
}

void Span::add_text(std::string_view key, std::string_view text)
{
    auto* const known = slot(key);
    if (known && is_plain(text))
        known->emplace<std::string>(text); // in place
    else if (known)
        *known = clean(text);
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

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/sse.h"

#include <algorithm>
#include <utility>

namespace tokenscope::llm {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::size_t line_end(std::string_view bytes, std::size_t at)
{
    // Not find_first_of, nor two searches with memchr: the one is slow, the others quadratic for a stream of bare CRs.
    const auto* const end = bytes.data() + bytes.size();
    const auto* const found = std::find_if(bytes.data() + at, end, [](char c) { return c == '\n' || c == '\r'; });
    return static_cast<std::size_t>(found - bytes.data());
}

} // namespace

void SseParser::begin_event()
{
    m_name.clear();
    m_data.clear();
    m_event_bytes = 0;
    m_has_data = false;
    m_oversized = false;
    m_event_over = false;
}

SseParser::Event SseParser::end_event()
{
    m_event_over = true;
    return {.name = m_name, .data = m_data, .has_data = m_has_data, .oversized = m_oversized};
}

void SseParser::count(std::string_view rest)
{
    m_line_bytes += rest.size();
    m_event_bytes += rest.size();
    if (m_oversized || m_event_bytes <= m_limit)
        return;
    m_oversized = true;
    m_has_data = false;
    m_name.clear();
    m_data.clear();
    m_line.clear();
}

void SseParser::field(std::string_view line)
{
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string_view name = line.substr(0, colon);
    std::string_view value = line.substr(std::min(colon + 1, line.size()));
    if (value.starts_with(' '))
        value.remove_prefix(1);
    if (name == "data") {
        if (m_has_data)
            m_data += '\n';
        m_data += value;
        m_has_data = true;
    } else if (name == "event") {
        m_name = value;
    }
}

/// Ends the line whose last bytes are `rest`; true if it is blank.
bool SseParser::end_line(std::string_view rest)
{
    count(rest);
    ++m_event_bytes; // of its terminator: endless short lines are counted too
    std::string_view line = rest;
    if (!m_line.empty()) {
        m_line += rest;
        line = m_line;
    }
    if (std::exchange(m_first_line, false) && line.starts_with(byte_order_mark)) {
        line.remove_prefix(byte_order_mark.size());
        m_line_bytes -= byte_order_mark.size();
    }
    const bool blank = std::exchange(m_line_bytes, 0) == 0;
    if (!blank && !m_oversized)
        field(line);
    m_line.clear();
    return blank;
}

SseParser::Step SseParser::take(std::string_view bytes)
{
    if (m_event_over) {
        begin_event();
        if (std::exchange(m_after_cr, false) && bytes.front() == '\n')
            return {.consumed = 1, .found = Found::line_feed};
    }
    std::size_t at = 0;
    while (at < bytes.size()) {
        if (std::exchange(m_after_cr, false) && bytes[at] == '\n') {
            ++at;
            continue;
        }
        const std::size_t end = line_end(bytes, at);
        const std::string_view rest = bytes.substr(at, end - at);
        if (end == bytes.size()) {
            count(rest);
            if (!m_oversized)
                m_line += rest;
            return {.consumed = end};
        }
        at = end + 1;
        m_after_cr = bytes[end] == '\r';
        if (!end_line(rest))
            continue;
        if (m_after_cr && at < bytes.size()) {
            m_after_cr = false;
            at += bytes[at] == '\n' ? 1 : 0;
        }
        return {.consumed = at, .found = Found::event, .event = end_event()};
    }
    return {.consumed = at};
}

SseParser::Event SseParser::finish()
{
    if (m_event_over)
        begin_event();
    if (m_line_bytes > 0)
        end_line({});
    return end_event();
}

} // namespace tokenscope::llm

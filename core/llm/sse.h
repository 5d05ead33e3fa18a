// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tokenscope::llm {

/// Takes an event stream apart, split anywhere, after the WHATWG rules: lines end with LF, CR or CRLF, a byte order
/// mark may stand at the very start, lines that begin with ':' are comments, several data lines are joined with LF, a
/// blank line ends an event. It tells where events end, so that the caller can forward or hold back whole ones.
///
///     while (!bytes.empty()) {
///         const SseParser::Step step = parser.take(bytes);
///         use(bytes.substr(0, step.consumed), step);
///         bytes.remove_prefix(step.consumed);
///     }
class SseParser {
public:
    /// Valid until the next call of the parser.
    struct Event {
        std::string_view name; ///< of the event: line; empty for none
        std::string_view data;
        bool has_data = false;  ///< false: only comments or blank lines, which browsers do not dispatch
        bool oversized = false; ///< more than the limit came before the blank line; name and data are lost
    };

    enum class Found {
        nothing,   ///< the bytes were taken in, no event ended in them
        event,     ///< an event ended with the last byte consumed
        line_feed, ///< the LF of a CRLF whose CR had already ended the event before
    };
    struct Step {
        std::size_t consumed = 0; ///< at least 1
        Found found = Found::nothing;
        Event event; ///< of Found::event
    };

    static constexpr std::size_t default_limit = std::size_t{1} << 20;
    /// `limit`: bytes of one event that are kept in memory, line ends included.
    explicit SseParser(std::size_t limit = default_limit) : m_limit(limit) {}

    /// `bytes` must not be empty.
    Step take(std::string_view bytes);
    /// The stream has ended. What stands before the missing blank line counts as an event (browsers drop it, but some
    /// servers end so, and usage would be lost).
    Event finish();

    /// True inside an event that has outgrown the limit.
    bool oversized() const { return m_oversized; }

private:
    void begin_event();
    Event end_event();
    void count(std::string_view rest);
    bool end_line(std::string_view rest);
    void field(std::string_view line);

    std::size_t m_limit;
    std::string m_line; ///< an unfinished line
    std::string m_name;
    std::string m_data;
    std::size_t m_event_bytes = 0;
    std::size_t m_line_bytes = 0;
    bool m_has_data = false;
    bool m_oversized = false;
    bool m_after_cr = false;
    bool m_first_line = true;
    bool m_event_over = false; ///< m_name and m_data belong to an event already handed out
};

} // namespace tokenscope::llm

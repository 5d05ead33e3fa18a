// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::net {

/// Judges a request's head byte by byte, as it arrives, by the letter of RFC 9112: CRLF ends every line, no folded
/// lines, no space before a colon, no control characters, HTTP/1.0 or HTTP/1.1. The parser behind it is kinder, and what two
/// programs read differently is how requests are smuggled; also, only this one sees the fault before the line's end,
/// so that a TLS hello is answered at once.
class RequestScanner {
public:
    static constexpr std::size_t max_fields = 256;

    /// `limit`: bytes of the whole head.
    explicit RequestScanner(std::size_t limit) : m_limit(limit) {}

    /// Takes what follows. Stops behind the head's end, or before the byte at fault; returns how many bytes were good.
    std::size_t take(std::string_view bytes);

    bool done() const { return m_state == State::done; }
    const std::optional<Error>& fault() const { return m_fault; }
    std::size_t size() const { return m_size; } ///< good bytes so far

private:
    enum class State { method, target, version, line_feed, line_start, name, value, last_line_feed, done };

    bool step(char c);
    bool step_method(char c);
    bool step_target(char c);
    bool step_version(char c);
    bool step_line_start(char c);
    bool step_name(char c);
    bool fail(std::string_view why);
    bool too_large(std::string why);

    const std::size_t m_limit;
    State m_state = State::method;
    std::size_t m_size = 0;
    std::size_t m_part = 0; ///< bytes of the method, target, version or name so far
    std::size_t m_fields = 0;
    std::optional<Error> m_fault;
};

} // namespace tokenscope::net

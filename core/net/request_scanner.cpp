// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/request_scanner.h"

#include "net/headers.h"

#include <fmt/format.h>

#include <utility>

namespace tokenscope::net {

namespace {

constexpr std::string_view version_start = "HTTP/1.";
constexpr char tls_handshake = 0x16;

} // namespace

bool RequestScanner::fail(std::string_view why)
{
    m_fault = Error{.code = ErrorCode::invalid_request,
                    .message = fmt::format("The request is not valid HTTP/1.1: {}.", why)};
    return false;
}

bool RequestScanner::too_large(std::string why)
{
    m_fault = Error{.code = ErrorCode::headers_too_large,
                    .message = fmt::format("The request's headers are too large: {}.", why)};
    return false;
}

std::size_t RequestScanner::take(std::string_view bytes)
{
    std::size_t at = 0;
    while (at < bytes.size() && !done() && !m_fault) {
        if (m_size == m_limit)
            too_large(fmt::format("at most {} bytes are accepted", m_limit));
        else if (step(bytes[at])) {
            ++at;
            ++m_size;
        }
    }
    return at;
}

bool RequestScanner::step(char c)
{
    switch (m_state) {
    case State::method: return step_method(c);
    case State::target: return step_target(c);
    case State::version: return step_version(c);
    case State::line_start: return step_line_start(c);
    case State::name: return step_name(c);
    case State::value:
        if (c == '\r')
            m_state = State::line_feed;
        else if (!is_field_char(c))
            return fail(c == '\n' ? "a line ends with LF alone" : "a header field's value has a control character");
        return true;
    case State::line_feed:
    case State::last_line_feed:
        if (c != '\n')
            return fail("a CR is not followed by LF");
        m_state = m_state == State::line_feed ? State::line_start : State::done;
        return true;
    case State::done: break;
    }
    return true;
}

bool RequestScanner::step_method(char c)
{
    if (c == ' ' && m_part > 0) {
        m_state = State::target;
        m_part = 0;
        return true;
    }
    if (is_token_char(c)) {
        ++m_part;
        return true;
    }
    return fail(m_size == 0 && c == tls_handshake ? "this port speaks plain HTTP, use http:// instead of https://"
                                                  : "the method has a character that methods have not");
}

bool RequestScanner::step_target(char c)
{
    if (c == ' ' && m_part > 0) {
        m_state = State::version;
        m_part = 0;
        return true;
    }
    if (c == '\r' || c == '\n')
        return fail("the request line lacks the version (HTTP/0.9 is not supported)");
    if (static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) >= 0x7F)
        return fail("the target has a character that must be percent-encoded");
    ++m_part;
    return true;
}

bool RequestScanner::step_version(char c)
{
    if (m_part < version_start.size()) {
        if (c != version_start[m_part])
            return fail(m_part == version_start.size() - 2 && c != ' ' ? "only HTTP/1.1 and HTTP/1.0 are spoken here"
                                                                       : "the request line does not end with HTTP/1.1");
        ++m_part;
        return true;
    }
    if (m_part == version_start.size()) {
        ++m_part;
        return c == '0' || c == '1' || fail("only HTTP/1.1 and HTTP/1.0 are spoken here");
    }
    if (c != '\r')
        return fail(c == '\n' ? "a line ends with LF alone" : "something follows the version");
    m_state = State::line_feed;
    return true;
}

bool RequestScanner::step_line_start(char c)
{
    if (c == '\r') {
        m_state = State::last_line_feed;
        return true;
    }
    if (c == ' ' || c == '\t')
        return fail("header fields must not be folded over several lines");
    if (++m_fields > max_fields)
        return too_large(fmt::format("at most {} fields are accepted", max_fields));
    m_state = State::name;
    m_part = 0;
    return step_name(c);
}

bool RequestScanner::step_name(char c)
{
    if (c == ':' && m_part > 0) {
        m_state = State::value;
        return true;
    }
    if (!is_token_char(c))
        return fail(c == ' ' || c == '\t' ? "there is a space before a header field's colon"
                                          : "a header field's name has a character that names have not");
    ++m_part;
    return true;
}

} // namespace tokenscope::net

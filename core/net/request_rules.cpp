// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/request_rules.h"

#include "base/url.h"

#include <fmt/format.h>

#include <algorithm>

namespace tokenscope::net {

namespace {

Error bad(std::string_view why)
{
    return {.code = ErrorCode::invalid_request, .message = fmt::format("The request is not valid HTTP/1.1: {}.", why)};
}

/// How often a field occurs, and its last value.
struct Found {
    int count = 0;
    std::string_view value;

    void note(std::string_view text)
    {
        ++count;
        value = text;
    }
};

std::optional<Url> parse_authority(std::string_view text)
{
    if (text.find_first_of("/\\?#@") != std::string_view::npos)
        return std::nullopt;
    const auto url = parse_url("http://" + std::string(text));
    return url ? std::optional<Url>(*url) : std::nullopt;
}

std::optional<Error> check_framing(const Found& length, const Found& coding, unsigned version)
{
    if (length.count > 1)
        return bad("it has more than one Content-Length");
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (length.count == 1 && (length.value.empty() || !std::all_of(length.value.begin(), length.value.end(), is_digit)))
        return bad("its Content-Length is not a number");
    if (coding.count == 0)
        return std::nullopt;
    if (length.count > 0)
        return bad("it has both a Content-Length and a Transfer-Encoding");
    if (version < 11)
        return bad("HTTP/1.0 has no Transfer-Encoding");
    if (coding.count > 1 || !same_header(coding.value, "chunked"))
        return bad("its Transfer-Encoding is not just \"chunked\"");
    return std::nullopt;
}

std::optional<Error> check_absolute(std::string& target, const std::optional<Url>& host)
{
    static constexpr std::string_view scheme = "http://";
    if (!same_header(std::string_view(target).substr(0, scheme.size()), scheme))
        return bad("its target is neither a path nor an http:// URL");
    const auto rest = std::string_view(target).substr(scheme.size());
    const auto end = std::min(rest.find_first_of("/?"), rest.size());
    const auto authority = parse_authority(rest.substr(0, end));
    if (!authority || (host && (authority->host != host->host || authority->port != host->port)))
        return bad("its target and its Host name different servers");
    auto path = std::string(rest.substr(end));
    target = path.starts_with('/') ? std::move(path) : "/" + path;
    return std::nullopt;
}

} // namespace

std::optional<Error> check_request(std::string_view method, std::string& target, unsigned version,
                                   const Headers& headers)
{
    Found host, length, coding, expectation;
    for (const auto& [name, value] : headers) {
        if (same_header(name, "host"))
            host.note(value);
        else if (same_header(name, "content-length"))
            length.note(value);
        else if (same_header(name, "transfer-encoding"))
            coding.note(value);
        else if (same_header(name, "expect"))
            expectation.note(value);
    }
    if (auto error = check_framing(length, coding, version))
        return error;
    if (host.count > 1)
        return bad("it has more than one Host");
    if (host.count == 0 && version >= 11)
        return bad("it has no Host");
    const auto named = parse_authority(host.value);
    if (host.count == 1 && !named)
        return bad("its Host is not a host name");
    if (expectation.count > 1 || (expectation.count == 1 && !same_header(expectation.value, "100-continue")))
        return bad("the only expectation that can be met is 100-continue");
    if (target.find('#') != std::string::npos)
        return bad("its target has a fragment");
    if (target.starts_with('/') || (target == "*" && method == "OPTIONS"))
        return std::nullopt;
    if (method == "CONNECT")
        return bad("this server is no proxy");
    return check_absolute(target, named);
}

} // namespace tokenscope::net

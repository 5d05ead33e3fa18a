// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

namespace tokenscope {
namespace {

using Ipv4 = std::array<std::uint8_t, 4>;
using Ipv6 = std::array<std::uint16_t, 8>;

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_alnum(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string lower(std::string_view text)
{
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

std::vector<std::string_view> split(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    for (;;) {
        const auto at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos)
            return parts;
        text.remove_prefix(at + 1);
    }
}

std::optional<unsigned> parse_number(std::string_view digits, int base, std::size_t max_digits, unsigned max)
{
    if (digits.empty() || digits.size() > max_digits || !std::all_of(digits.begin(), digits.end(), is_hex))
        return std::nullopt;
    unsigned value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (error != std::errc() || end != digits.data() + digits.size() || value > max)
        return std::nullopt;
    return value;
}

std::optional<Ipv4> parse_ipv4(std::string_view text)
{
    const auto parts = split(text, '.');
    if (parts.size() != 4)
        return std::nullopt;
    Ipv4 address{};
    for (std::size_t i = 0; i < 4; ++i) {
        const auto byte = parse_number(parts[i], 10, 3, 255);
        // A leading zero means octal to some resolvers and decimal to others.
        if (!byte || (parts[i].size() > 1 && parts[i].front() == '0'))
            return std::nullopt;
        address[i] = static_cast<std::uint8_t>(*byte);
    }
    return address;
}

std::optional<std::vector<std::uint16_t>> parse_groups(std::string_view text, bool may_end_in_ipv4)
{
    std::vector<std::uint16_t> groups;
    if (text.empty())
        return groups;
    const auto parts = split(text, ':');
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (may_end_in_ipv4 && i + 1 == parts.size() && parts[i].find('.') != std::string_view::npos) {
            const auto tail = parse_ipv4(parts[i]);
            if (!tail)
                return std::nullopt;
            groups.push_back(static_cast<std::uint16_t>((*tail)[0] << 8 | (*tail)[1]));
            groups.push_back(static_cast<std::uint16_t>((*tail)[2] << 8 | (*tail)[3]));
            continue;
        }
        const auto group = parse_number(parts[i], 16, 4, 0xFFFF);
        if (!group)
            return std::nullopt;
        groups.push_back(static_cast<std::uint16_t>(*group));
    }
    return groups;
}

std::optional<Ipv6> parse_ipv6(std::string_view text)
{
    Ipv6 address{};
    const auto gap = text.find("::");
    const auto head = parse_groups(text.substr(0, gap), gap == std::string_view::npos);
    if (!head)
        return std::nullopt;
    if (gap == std::string_view::npos) {
        if (head->size() != address.size())
            return std::nullopt;
        std::copy(head->begin(), head->end(), address.begin());
        return address;
    }
    const auto tail = parse_groups(text.substr(gap + 2), true);
    if (!tail || head->size() + tail->size() >= address.size())
        return std::nullopt;
    std::copy(head->begin(), head->end(), address.begin());
    std::copy_backward(tail->begin(), tail->end(), address.end());
    return address;
}

bool is_host_name(std::string_view host)
{
    if (host.size() > 253)
        return false;
    const auto labels = split(host.ends_with('.') ? host.substr(0, host.size() - 1) : host, '.');
    for (const auto label : labels) {
        if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-')
            return false;
        if (!std::all_of(label.begin(), label.end(), [](char c) { return is_alnum(c) || c == '-' || c == '_'; }))
            return false;
    }
    // "1.2.3" or "127.1" would be taken for an address by some resolvers.
    return !std::all_of(labels.back().begin(), labels.back().end(), is_digit);
}

bool is_path(std::string_view path)
{
    static constexpr std::string_view punctuation = "-._~!$&'()*+,;=:@/";
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (path[i] == '%') {
            if (path.size() - i < 3 || !is_hex(path[i + 1]) || !is_hex(path[i + 2]))
                return false;
        } else if (!is_alnum(path[i]) && punctuation.find(path[i]) == std::string_view::npos) {
            return false;
        }
    }
    return true;
}

tl::unexpected<Error> bad(std::string message)
{
    return failure(ErrorCode::config, std::move(message));
}

struct Authority {
    std::string host;
    std::optional<std::uint16_t> port;
};

Result<Authority> parse_authority(std::string_view text)
{
    Authority out;
    std::string_view rest;
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == std::string_view::npos)
            return bad("the IPv6 address lacks its closing bracket");
        const auto address = text.substr(1, close - 1);
        if (address.find('%') != std::string_view::npos)
            return bad("IPv6 addresses with a zone are not supported");
        if (!parse_ipv6(address))
            return bad(fmt::format("'{}' is not an IPv6 address", address));
        out.host = lower(address);
        rest = text.substr(close + 1);
        if (!rest.empty() && rest.front() != ':')
            return bad("only a port may follow the closing bracket");
    } else {
        const auto colon = text.find(':');
        if (colon != text.rfind(':'))
            return bad("an IPv6 address needs brackets, as in [::1]:8080");
        const auto host = text.substr(0, colon);
        if (host.empty())
            return bad("the host is missing");
        if (!parse_ipv4(host) && !is_host_name(host))
            return bad(fmt::format("'{}' is neither a host name nor an IP address", host));
        out.host = lower(host);
        rest = colon == std::string_view::npos ? std::string_view() : text.substr(colon);
    }
    if (!rest.empty()) {
        const auto digits = rest.substr(1);
        const bool decimal = std::all_of(digits.begin(), digits.end(), is_digit);
        const auto port = decimal ? parse_number(digits, 10, 5, 65535) : std::nullopt;
        if (!port)
            return bad("the port is not a number up to 65535");
        out.port = static_cast<std::uint16_t>(*port);
    }
    return out;
}

std::string bracketed(const std::string& host)
{
    return host.find(':') == std::string::npos ? host : '[' + host + ']';
}

/// Checked first, so that no message repeats raw bytes to a terminal.
bool is_printable(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

} // namespace

std::string Url::host_header() const
{
    if (port == (tls ? 443 : 80))
        return bracketed(host);
    return fmt::format("{}:{}", bracketed(host), port);
}

std::string Url::to_string() const
{
    return fmt::format("{}://{}{}", scheme, host_header(), path);
}

Result<Url> parse_url(std::string_view text)
{
    if (!is_printable(text))
        return bad("a URL has no spaces, control characters or characters outside ASCII");
    const auto separator = text.find("://");
    if (separator == std::string_view::npos)
        return bad("a URL starts with http:// or https://");
    Url url;
    url.scheme = lower(text.substr(0, separator));
    url.tls = url.scheme == "https";
    if (!url.tls && url.scheme != "http")
        return bad("a URL starts with http:// or https://");

    const auto rest = text.substr(separator + 3);
    const auto authority_end = rest.find_first_of("/?#\\");
    const auto authority = rest.substr(0, authority_end);
    if (authority.find('@') != std::string_view::npos)
        return bad("a URL must not contain a user name or password");
    auto parsed = parse_authority(authority);
    if (!parsed)
        return tl::make_unexpected(std::move(parsed.error()));
    if (parsed->port == 0)
        return bad("port 0 is not a port of a server");
    url.host = std::move(parsed->host);
    url.port = parsed->port.value_or(url.tls ? 443 : 80);

    auto path = authority_end == std::string_view::npos ? std::string_view() : rest.substr(authority_end);
    if (path.find_first_of("?#") != std::string_view::npos)
        return bad("a base URL must not have a query or a fragment");
    if (!is_path(path))
        return bad("the path of the URL has a character that must be percent-encoded");
    while (path.ends_with('/'))
        path.remove_suffix(1);
    url.path = path;
    return url;
}

std::string HostPort::to_string() const
{
    return fmt::format("{}:{}", bracketed(host), port);
}

Result<HostPort> parse_host_port(std::string_view text)
{
    if (!is_printable(text))
        return bad("an address has no spaces, control characters or characters outside ASCII");
    auto parsed = parse_authority(text);
    if (!parsed)
        return tl::make_unexpected(std::move(parsed.error()));
    if (!parsed->port)
        return bad("the port is missing, as in 127.0.0.1:8080");
    return HostPort{.host = std::move(parsed->host), .port = *parsed->port};
}

bool is_loopback_host(std::string_view host)
{
    if (lower(host) == "localhost")
        return true;
    if (const auto v4 = parse_ipv4(host))
        return v4->front() == 127;
    const auto v6 = parse_ipv6(host);
    if (!v6)
        return false;
    static constexpr Ipv6 loopback{0, 0, 0, 0, 0, 0, 0, 1};
    const bool mapped =
        std::all_of(v6->begin(), v6->begin() + 5, [](auto group) { return group == 0; }) && (*v6)[5] == 0xFFFF;
    return *v6 == loopback || (mapped && (*v6)[6] >> 8 == 127);
}

} // namespace tokenscope

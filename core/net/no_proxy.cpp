// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/no_proxy.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>

namespace tokenscope::net {

namespace ip = boost::asio::ip;

namespace {

std::string lower(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

std::optional<unsigned> parse_number(std::string_view text, unsigned max)
{
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value > max)
        return std::nullopt;
    return value;
}

/// An IPv4 address inside an IPv6 one counts as what it is.
std::optional<ip::address> parse_address(std::string_view text)
{
    boost::system::error_code error;
    auto address = ip::make_address(std::string(text), error);
    if (error)
        return std::nullopt;
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        address = ip::make_address_v4(ip::v4_mapped, address.to_v6());
    return address;
}

bool same_start(std::span<const unsigned char> a, std::span<const unsigned char> b, unsigned bits)
{
    const unsigned whole = bits / 8;
    if (!std::equal(a.begin(), a.begin() + whole, b.begin()))
        return false;
    const unsigned rest = bits % 8;
    return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

bool in_network(const ip::address& host, const ip::address& network, unsigned bits)
{
    if (host.is_v4() != network.is_v4())
        return false;
    if (host.is_v4())
        return same_start(host.to_v4().to_bytes(), network.to_v4().to_bytes(), bits);
    return same_start(host.to_v6().to_bytes(), network.to_v6().to_bytes(), bits);
}

} // namespace

NoProxy::NoProxy(std::string_view list)
{
    while (!list.empty()) {
        const auto end = std::min(list.find_first_of(", \t\r\n"), list.size());
        if (end > 0)
            add(list.substr(0, end));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
}

void NoProxy::add(std::string_view text)
{
    if (text == "*") {
        m_all = true;
        return;
    }
    Entry entry;
    if (const auto slash = text.find('/'); slash != std::string_view::npos) {
        const auto address = parse_address(text.substr(0, slash));
        const auto bits = parse_number(text.substr(slash + 1), address && address->is_v4() ? 32 : 128);
        if (!address || !bits)
            return;
        entry.address = *address;
        entry.prefix = *bits;
        m_entries.push_back(std::move(entry));
        return;
    }
    auto host = text;
    const auto colon = text.rfind(':');
    const bool has_port = colon != std::string_view::npos && (text.find(':') == colon || text[colon - 1] == ']');
    if (has_port) {
        const auto port = parse_number(text.substr(colon + 1), 65535);
        if (!port || *port == 0)
            return;
        entry.port = static_cast<std::uint16_t>(*port);
        host = text.substr(0, colon);
    }
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    if (const auto address = parse_address(host)) {
        entry.address = *address;
        entry.prefix = address->is_v4() ? 32 : 128;
    } else {
        host.remove_prefix(host.starts_with("*.") ? 2 : host.starts_with('.') ? 1 : 0);
        host.remove_suffix(host.ends_with('.') ? 1 : 0);
        if (host.empty())
            return;
        entry.name = lower(host);
    }
    m_entries.push_back(std::move(entry));
}

bool NoProxy::matches(const Url& origin) const
{
    if (m_all)
        return true;
    std::string_view host = origin.host;
    host.remove_suffix(host.ends_with('.') ? 1 : 0);
    const auto address = parse_address(host);
    return std::any_of(m_entries.begin(), m_entries.end(), [&](const Entry& entry) {
        if (entry.port != 0 && entry.port != origin.port)
            return false;
        if (entry.name.empty())
            return address && in_network(*address, entry.address, entry.prefix);
        if (address || !host.ends_with(entry.name))
            return false;
        const auto rest = host.substr(0, host.size() - entry.name.size());
        return rest.empty() || rest.ends_with('.');
    });
}

} // namespace tokenscope::net

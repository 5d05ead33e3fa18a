// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/middleware/origin_policy.h"

#include "base/url.h"
#include "gateway/middleware/refusal.h"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/host_name.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace tokenscope::gateway {

namespace {

struct Host {
    std::string name; ///< lower case, without brackets and trailing dot
    std::optional<std::uint16_t> port;
};

/// "name", "name:port", "[v6]", "[v6]:port" and nothing else.
std::optional<Host> parse_host(std::string_view text)
{
    // parse_url takes a path and refuses user info, queries and the many spellings of addresses that resolvers know.
    if (text.find_first_of("/\\?#") != std::string_view::npos)
        return std::nullopt;
    auto url = parse_url(fmt::format("http://{}", text));
    if (!url)
        return std::nullopt;
    const bool names_port = text.rfind(':') != std::string_view::npos && !text.ends_with(']');
    Host host{.name = std::move(url->host)};
    if (names_port)
        host.port = url->port;
    if (host.name.ends_with('.'))
        host.name.pop_back();
    return host;
}

bool is_address(const std::string& name)
{
    boost::system::error_code error;
    boost::asio::ip::make_address(name, error);
    return !error;
}

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// scheme://host[:port] in one spelling: lower case, without the scheme's own port. Schemes of browser extensions and
/// desktop shells ("chrome-extension", "app", "tauri") have no port to drop.
std::optional<std::string> canonical_origin(std::string_view text)
{
    const auto separator = text.find("://");
    if (separator == std::string_view::npos || separator == 0)
        return std::nullopt;
    std::string origin(text);
    std::transform(origin.begin(), origin.end(), origin.begin(), lower);
    const auto scheme = std::string_view(origin).substr(0, separator);
    const auto rest = std::string_view(origin).substr(separator + 3);
    if (scheme == "http" || scheme == "https") {
        if (rest.find('/') != std::string_view::npos)
            return std::nullopt;
        auto url = parse_url(origin);
        return url ? std::optional(url->to_string()) : std::nullopt;
    }
    const auto is_one_of = [](std::string_view characters) {
        return [characters](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || characters.find(c) != std::string_view::npos;
        };
    };
    const bool valid = !rest.empty() && std::all_of(scheme.begin(), scheme.end(), is_one_of("+-."))
                       && std::all_of(rest.begin(), rest.end(), is_one_of("-._:[]"));
    return valid ? std::optional(std::move(origin)) : std::nullopt;
}

} // namespace

Result<OriginPolicy> OriginPolicy::make(const config::Auth& auth, std::string_view machine_name)
{
    OriginPolicy policy;
    for (const auto& entry : auth.allowed_hosts) {
        auto host = parse_host(entry);
        if (!host)
            return failure(ErrorCode::config,
                           fmt::format("The allowed host {} is neither a host name (in ASCII; \"xn--...\" where it has "
                                       "other letters) nor an address, alone or with a port.",
                                       quoted(entry)));
        policy.m_hosts.push_back({std::move(host->name), host->port});
    }
    if (!auth.keys.empty())
        policy = policy.open_to_network(machine_name);
    for (const auto& entry : auth.allowed_origins) {
        if (entry == "*" && auth.keys.empty())
            return failure(ErrorCode::config, "The allowed origin \"*\" would let every web page use this gateway. "
                                              "Configure client keys first, or name the pages' origins.");
        if (entry == "*") {
            policy.m_any_origin = true;
            continue;
        }
        auto origin = canonical_origin(entry);
        if (!origin)
            return failure(ErrorCode::config, fmt::format("The allowed origin {} is not scheme://host or "
                                                          "scheme://host:port, without a path and in ASCII.",
                                                          quoted(entry)));
        policy.m_origins.push_back(std::move(*origin));
    }
    return policy;
}

OriginPolicy OriginPolicy::open_to_network(std::string_view machine_name) const
{
    auto policy = *this;
    policy.m_any_address = true;
    if (auto own = parse_host(machine_name))
        policy.m_hosts.push_back({std::move(own->name), std::nullopt});
    return policy;
}

bool OriginPolicy::allows_host(std::string_view host_header) const
{
    const auto host = parse_host(host_header);
    if (!host)
        return false;
    if (is_loopback_host(host->name) || (m_any_address && is_address(host->name)))
        return true;
    return std::any_of(m_hosts.begin(), m_hosts.end(), [&](const HostEntry& entry) {
        if (entry.name != host->name)
            return false;
        // Behind a TLS proxy a Host without a port means 443.
        return !entry.port || (host->port ? entry.port == host->port : entry.port == 80 || entry.port == 443);
    });
}

OriginPolicy::Origin OriginPolicy::judge(std::string_view origin_header) const
{
    if (m_any_origin && origin_header == "null")
        return Origin::configured;
    const auto origin = canonical_origin(origin_header);
    if (!origin)
        return Origin::foreign;
    if (m_any_origin || std::find(m_origins.begin(), m_origins.end(), *origin) != m_origins.end())
        return Origin::configured;
    const auto url = parse_url(*origin);
    if (!url)
        return Origin::foreign;
    const auto name = parse_host(url->host_header());
    return name && is_loopback_host(name->name) ? Origin::loopback : Origin::foreign;
}

std::string own_host_name()
{
    boost::system::error_code error;
    auto name = boost::asio::ip::host_name(error);
    return error ? std::string() : name;
}

} // namespace tokenscope::gateway

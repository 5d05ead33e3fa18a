// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/proxy.h"

#include "net/headers.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <initializer_list>

namespace tokenscope::net {

namespace {

tl::unexpected<Error> bad(std::string message)
{
    return failure(ErrorCode::config, std::move(message));
}

int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::optional<std::string> percent_decode(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
        if (high < 0 || low < 0)
            return std::nullopt;
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

std::string base64(std::string_view bytes)
{
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0'); // EVP_EncodeBlock ends with a NUL
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

/// RFC 7617: the user name has no colon, and neither part control characters.
Result<std::string> basic_authorization(std::string_view user_info)
{
    const auto colon = std::min(user_info.find(':'), user_info.size());
    const auto user = percent_decode(user_info.substr(0, colon));
    const auto password = percent_decode(user_info.substr(std::min(colon + 1, user_info.size())));
    if (!user || !password)
        return bad("its user name or password has a % that is not followed by two hexadecimal digits");
    const auto plain = *user + ":" + *password;
    if (user->find(':') != std::string::npos || !is_field_value(plain))
        return bad("its user name or password has a character that proxies do not take");
    return "Basic " + base64(plain);
}

} // namespace

Result<Proxy> parse_proxy(std::string_view text)
{
    static constexpr std::string_view separator = "://";
    std::string_view scheme = "http";
    if (const auto at = text.find(separator); at != std::string_view::npos) {
        scheme = text.substr(0, at);
        text.remove_prefix(at + separator.size());
    }
    if (!same_header(scheme, "http"))
        return bad("only proxies whose URL starts with http:// are supported");
    auto authority = text.substr(0, text.find_first_of("/?#"));
    Proxy proxy;
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
        auto authorization = basic_authorization(authority.substr(0, at));
        if (!authorization)
            return failure(std::move(authorization.error()));
        proxy.authorization = std::move(*authorization);
        authority.remove_prefix(at + 1);
    }
    auto url = parse_url("http://" + std::string(authority));
    if (!url)
        return failure(std::move(url.error()));
    proxy.url = std::move(*url);
    return proxy;
}

ProxyRules ProxyRules::from_environment(const config::Env& env)
{
    const auto read = [&](const char* name) -> std::string { return env(name).value_or(std::string()); };
    const auto choose = [&](std::initializer_list<const char*> names) -> Choice {
        for (const char* name : names) {
            const auto value = read(name);
            if (value.empty())
                continue;
            auto proxy = parse_proxy(value);
            if (!proxy)
                return failure(ErrorCode::config,
                               fmt::format("The proxy in the environment variable {} cannot be used: {}.", name,
                                           proxy.error().message));
            return proxy;
        }
        return std::nullopt;
    };
    ProxyRules rules;
    const bool cgi = !read("REQUEST_METHOD").empty();
    rules.m_http = cgi ? choose({"http_proxy", "all_proxy", "ALL_PROXY"})
                       : choose({"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"});
    rules.m_https = choose({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
    const auto exceptions = read("no_proxy");
    rules.m_exceptions = NoProxy(exceptions.empty() ? read("NO_PROXY") : exceptions);
    return rules;
}

Result<std::optional<Proxy>> ProxyRules::proxy_for(const Url& origin) const
{
    const auto& choice = origin.tls ? m_https : m_http;
    if (!choice)
        return std::nullopt;
    std::string_view host = origin.host;
    host.remove_suffix(host.ends_with('.') ? 1 : 0);
    if (is_loopback_host(host) || host.ends_with(".localhost") || m_exceptions.matches(origin))
        return std::nullopt;
    if (!*choice)
        return failure(choice->error());
    return std::optional<Proxy>(**choice);
}

std::vector<std::string> ProxyRules::problems() const
{
    std::vector<std::string> out;
    for (const auto* choice : {&m_https, &m_http}) {
        const bool broken = choice->has_value() && !choice->value().has_value();
        if (broken && (out.empty() || out.back() != choice->value().error().message))
            out.push_back(choice->value().error().message);
    }
    return out;
}

} // namespace tokenscope::net

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/auth_values.h"

#include "base/key_hash.h"
#include "base/url.h"

#include <fmt/format.h>

#include <algorithm>

namespace tokenscope::config {
namespace {

constexpr std::string_view hash_prefix = "sha256:";

tl::unexpected<Error> bad(std::string message)
{
    return failure(ErrorCode::config, std::move(message));
}

std::string lower(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

bool is_scheme(std::string_view text)
{
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    return !text.empty() && is_letter(text.front()) && std::all_of(text.begin(), text.end(), [&](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    });
}

} // namespace

Result<std::string> parse_secret(std::string_view text)
{
    if (text == secret_mask)
        return bad(
            "is the mask that --print-config shows; put the key itself, a ${VARIABLE} or ${keychain:NAME} there");
    if (!std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; }))
        return bad("has a space, a line break or a character outside ASCII, which no key has");
    return std::string(text);
}

bool is_key_hash(std::string_view text)
{
    return lower(text.substr(0, hash_prefix.size())) == hash_prefix;
}

Result<std::string> parse_client_key(std::string_view text)
{
    if (is_key_hash(text)) {
        auto hash = lower(text);
        if (!parse_key_hash(hash))
            return bad("is not \"sha256:\" and 64 hexadecimal digits, as tokenscope-gateway --hash-key makes them");
        return hash;
    }
    if (text.empty())
        return bad("is empty; without a key, nobody could be told apart");
    return parse_secret(text).map(hash_key);
}

Result<std::string> parse_host(std::string_view text)
{
    const bool bare_ipv6 = !text.starts_with('[') && text.find(':') != std::string_view::npos;
    const auto address = parse_host_port(bare_ipv6 ? fmt::format("[{}]:1", text) : fmt::format("{}:1", text));
    if (!address)
        return bad("is not a host name or an IP address; give it without scheme, port or path");
    return address->host;
}

Result<std::string> parse_origin(std::string_view text)
{
    const std::string_view shape = "is not an origin, scheme://host or scheme://host:port";
    const auto separator = text.find("://");
    if (separator == std::string_view::npos)
        return bad(std::string(shape));
    const auto scheme = lower(text.substr(0, separator));
    const bool is_web = scheme == "http" || scheme == "https";
    const auto rest = text.substr(separator + 3);
    // Other schemes are those of desktop programs and browser extensions; the rest looks the same.
    const auto url = parse_url(fmt::format("{}://{}", is_web ? scheme : "http", rest));
    if (!url || !is_scheme(scheme))
        return bad(std::string(shape));
    if (!url->path.empty())
        return bad("has a path, which no origin has");
    if (is_web)
        return url->to_string();
    const bool has_port = rest.substr(rest.rfind(']') + 1).find(':') != std::string_view::npos;
    const auto host = HostPort{url->host, url->port}.to_string();
    return fmt::format("{}://{}", scheme, has_port ? host : host.substr(0, host.rfind(':')));
}

} // namespace tokenscope::config

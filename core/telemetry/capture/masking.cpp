// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/capture/masking.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <span>

namespace tokenscope::telemetry {

namespace {

constexpr std::string_view dots = "\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2";
constexpr std::string_view ellipsis = "\xE2\x80\xA6";
constexpr std::size_t long_enough = 24;
constexpr std::size_t shown_end = 4;
constexpr std::size_t longest_prefix = 3; ///< "sk-"

constexpr std::array<std::string_view, 10> secret_parts{"authorization", "cookie", "key",        "token",  "secret",
                                                        "password",      "passwd", "credential", "x-auth", "signature"};
constexpr std::array<std::string_view, 3> secret_parameters{"sig", "auth", "code"};
/// What may stand before a credential and is none itself. Of those after the first three the rest is no single token.
constexpr std::array<std::string_view, 10> schemes{"bearer", "token", "apikey",    "api-key", "basic",
                                                   "digest", "ntlm",  "negotiate", "hoba",    "aws4-hmac-sha256"};
constexpr std::size_t schemes_with_a_token = 4;

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lowered(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

std::string_view trimmed(std::string_view text)
{
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool is_plain(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.' || c == '~';
}

std::string join(std::string_view a, std::string_view b, std::string_view c = {})
{
    return std::string(a).append(b).append(c);
}

std::string masked_authorization(std::string_view value)
{
    const auto text = trimmed(value);
    const auto space = text.find(' ');
    if (space == std::string_view::npos)
        return masked_secret(text);
    const auto scheme = text.substr(0, space);
    const auto known = std::find(schemes.begin(), schemes.end(), lowered(scheme));
    if (known == schemes.end())
        return std::string(dots); // what looks like a scheme may be the half of a secret
    const bool has_token = static_cast<std::size_t>(known - schemes.begin()) < schemes_with_a_token;
    const auto rest = trimmed(text.substr(space));
    return join(scheme, " ", has_token ? masked_secret(rest) : std::string(dots));
}

/// "name=value": the value goes.
std::string masked_pair(std::string_view pair)
{
    const auto equals = pair.find('=');
    return equals == std::string_view::npos ? std::string(dots) : join(pair.substr(0, equals + 1), dots);
}

/// "a=1; b=2". `attributes`: only the first is a secret, the rest says what is to be done with it.
std::string masked_cookies(std::string_view value, bool attributes)
{
    std::string out;
    bool first = true;
    while (true) {
        const auto end = value.find(';');
        const auto pair = trimmed(value.substr(0, end));
        out += first ? "" : "; ";
        out += attributes && !first ? std::string(pair) : masked_pair(pair);
        first = false;
        if (end == std::string_view::npos)
            return out;
        value.remove_prefix(end + 1);
    }
}

std::optional<unsigned> hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return static_cast<unsigned>(c - '0');
    const char small = lower(c);
    return small >= 'a' && small <= 'f' ? std::optional(static_cast<unsigned>(small - 'a') + 10) : std::nullopt;
}

/// A parameter's name as the server reads it: percent signs must hide nothing.
std::string decoded(std::string_view name)
{
    std::string out;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const auto high = name[i] == '%' && i + 2 < name.size() ? hex_digit(name[i + 1]) : std::nullopt;
        const auto low = high ? hex_digit(name[i + 2]) : std::nullopt;
        out += low ? static_cast<char>(*high * 16 + *low) : name[i];
        i += low ? 2 : 0;
    }
    return out;
}

bool is_secret_parameter(std::string_view name)
{
    const auto plain = lowered(decoded(name));
    return is_secret_name(plain)
           || std::find(secret_parameters.begin(), secret_parameters.end(), plain) != secret_parameters.end();
}

std::string without_user(std::string_view address)
{
    const auto authority = address.find("://");
    if (authority == std::string_view::npos)
        return std::string(address);
    const auto begin = authority + 3;
    const auto end = std::min(address.find('/', begin), address.size());
    const auto at = address.substr(0, end).rfind('@');
    if (at == std::string_view::npos || at < begin)
        return std::string(address);
    return join(address.substr(0, begin), dots, address.substr(at));
}

} // namespace

bool is_secret_name(std::string_view name)
{
    const auto plain = lowered(name);
    if (plain.find("ratelimit") != std::string::npos)
        return false;
    return std::any_of(secret_parts.begin(), secret_parts.end(),
                       [&](std::string_view part) { return plain.find(part) != std::string::npos; });
}

std::string masked_secret(std::string_view secret)
{
    if (secret.size() < long_enough || !std::all_of(secret.begin(), secret.end(), is_plain))
        return std::string(dots);
    const auto dash = secret.substr(0, longest_prefix).find('-');
    const auto prefix = dash == std::string_view::npos ? std::string_view() : secret.substr(0, dash + 1);
    return join(prefix, ellipsis, secret.substr(secret.size() - shown_end));
}

std::string masked_header(std::string_view name, std::string_view value)
{
    const auto plain = lowered(name);
    if (plain == "referer" || plain == "location" || plain == "content-location")
        return masked_target(value);
    if (!is_secret_name(plain))
        return std::string(value);
    if (plain.find("authorization") != std::string::npos)
        return masked_authorization(value);
    if (plain == "cookie" || plain == "set-cookie")
        return masked_cookies(value, plain == "set-cookie");
    return masked_secret(trimmed(value));
}

std::string masked_target(std::string_view target)
{
    const auto question = target.find('?');
    auto out = without_user(target.substr(0, question));
    if (question == std::string_view::npos)
        return out;
    auto query = target.substr(question);
    while (!query.empty()) { // each round begins at a '?', '&' or ';'
        const auto end = std::min(query.find_first_of("&;", 1), query.size());
        const auto parameter = query.substr(1, end - 1);
        const auto equals = parameter.find('=');
        out += query.front();
        const bool secret = equals != std::string_view::npos && is_secret_parameter(parameter.substr(0, equals));
        out += secret ? masked_pair(parameter) : std::string(parameter);
        query.remove_prefix(end);
    }
    return out;
}

} // namespace tokenscope::telemetry

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/environment.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace tokenscope::config {
namespace {

bool is_variable_name(const std::string& name)
{
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    const auto is_part = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
    return !name.empty() && is_letter(name.front()) && std::all_of(name.begin(), name.end(), is_part);
}

Result<std::string> from_environment(const std::string& name, const Env& env)
{
    auto value = env(name);
    if (!value)
        return failure(ErrorCode::config, fmt::format("the environment variable {} is not set", name));
    return std::move(*value);
}

Result<std::string> from_keychain(const std::string& name, Keychain* keychain)
{
    if (!is_keychain_name(name))
        return failure(ErrorCode::config,
                       "\"${keychain:\" must be followed by an entry's name of up to 128 letters, digits or any of "
                       "\"._-/@+\", and \"}\"");
    if (!keychain)
        return failure(ErrorCode::config, "the system keychain cannot be used here; use an environment variable");
    auto secret = keychain->lookup(name);
    if (!secret)
        return tl::make_unexpected(std::move(secret.error()));
    if (!*secret)
        return failure(ErrorCode::config, fmt::format("the system keychain has no entry '{0}'; store it with "
                                                      "tokenscope-gateway --store-key {0}",
                                                      name));
    return std::move(**secret);
}

/// Puts what `name` stands for at the end of `out`.
void replace(const std::string& name, const Lookup& lookup, Expanded& out)
{
    constexpr std::string_view prefix = "keychain:";
    if (!name.starts_with(prefix) && !is_variable_name(name)) {
        out.error = "\"${\" must be followed by a variable's name, or \"keychain:\" and an entry's, and \"}\"; write "
                    "\"$$\" for a dollar sign";
        return;
    }
    auto value = name.starts_with(prefix) ? from_keychain(name.substr(prefix.size()), lookup.keychain)
                                          : from_environment(name, lookup.env);
    if (!value) {
        out.error = std::move(value.error().message);
        return;
    }
    out.text += *value;
    out.used = true;
}

} // namespace

Env process_environment()
{
    return [](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());
        return value ? std::optional<std::string>(value) : std::nullopt;
    };
}

bool is_keychain_name(std::string_view name)
{
    constexpr std::size_t longest = 128;
    return !name.empty() && name.size() <= longest && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
               || std::string_view("._-/@+").find(c) != std::string_view::npos;
    });
}

Expanded expand(const std::string& text, const Lookup& lookup)
{
    Expanded out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char next = i + 1 < text.size() ? text[i + 1] : '\0';
        if (text[i] != '$' || (next != '$' && next != '{')) {
            out.text += text[i];
            continue;
        }
        if (next == '$') {
            out.text += '$';
            ++i;
            continue;
        }
        const auto close = text.find('}', i);
        replace(close == std::string::npos ? std::string() : text.substr(i + 2, close - i - 2), lookup, out);
        if (!out.error.empty())
            return out;
        i = close;
    }
    return out;
}

} // namespace tokenscope::config

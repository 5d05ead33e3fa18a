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

} // namespace

Env process_environment()
{
    return [](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());
        return value ? std::optional<std::string>(value) : std::nullopt;
    };
}

Expanded expand(const std::string& text, const Env& env)
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
        const auto name = close == std::string::npos ? std::string() : text.substr(i + 2, close - i - 2);
        if (!is_variable_name(name)) {
            out.error = "\"${\" must be followed by a variable's name and \"}\"; write \"$$\" for a dollar sign";
            return out;
        }
        const auto value = env(name);
        if (!value) {
            out.error = fmt::format("the environment variable {} is not set", name);
            return out;
        }
        out.text += *value;
        out.used = true;
        i = close;
    }
    return out;
}

} // namespace tokenscope::config

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "otlp/server_words.h"

#include "telemetry/text.h"

#include <algorithm>

namespace tokenscope::otlp {

namespace {

/// Shorter values are no secrets, and would tear holes into every message.
constexpr std::size_t shortest_secret = 6;

void replace_all(std::string& text, std::string_view what, std::string_view by)
{
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

} // namespace

ServerWords::ServerWords(const std::map<std::string, std::string>& secret_headers)
{
    for (const auto& [name, value] : secret_headers) {
        m_secrets.push_back(value);
        // "Bearer <token>": the token alone is what a server would repeat.
        if (const auto space = value.rfind(' '); space != std::string::npos)
            m_secrets.push_back(value.substr(space + 1));
    }
    std::erase_if(m_secrets, [](const std::string& secret) { return secret.size() < shortest_secret; });
    std::sort(m_secrets.begin(), m_secrets.end(),
              [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
}

std::string ServerWords::clean(std::string_view text) const
{
    std::string whole(text);
    for (const auto& secret : m_secrets)
        replace_all(whole, secret, "***");
    std::string out;
    for (const char c : telemetry::valid_utf8(whole)) {
        const bool blank = static_cast<unsigned char>(c) <= ' ' || c == 0x7F;
        if (!blank)
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    if (out.size() > longest) {
        auto end = longest;
        while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0) == 0x80)
            --end; // not in the middle of a character
        out.resize(end);
        out += "...";
    }
    while (out.ends_with(' '))
        out.pop_back();
    return out;
}

} // namespace tokenscope::otlp

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/middleware/key_ring.h"

#include "base/key_hash.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace tokenscope::gateway {

namespace {

constexpr std::array<std::string_view, 3> credential_headers = {"authorization", "x-api-key", "api-key"};
constexpr std::string_view bearer = "bearer";
constexpr std::string_view blank = " \t";

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(blank);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

/// The key in one header's value, or nothing. Another scheme than Bearer is no key.
std::string_view key_in(std::string_view header_name, std::string_view value)
{
    value = trimmed(value);
    if (header_name != credential_headers[0])
        return value;
    const auto scheme = value.substr(0, value.find_first_of(blank));
    return net::same_header(scheme, bearer) ? trimmed(value.substr(scheme.size())) : std::string_view();
}

} // namespace

Result<KeyRing> KeyRing::make(const std::vector<config::ClientKey>& keys)
{
    KeyRing ring;
    for (const auto& key : keys) {
        if (key.name.empty() || key.name == "anonymous")
            return failure(ErrorCode::config, "A client key needs a name of its own, other than \"anonymous\".");
        auto hash = parse_key_hash(key.hash);
        if (!hash)
            return failure(ErrorCode::config, fmt::format("The client key {}: {}", key.name, hash.error().message));
        ring.m_keys.push_back({key.name, *hash});
    }
    return ring;
}

const KeyRing::Key* KeyRing::match(std::string_view presented) const
{
    const auto hash = sha256(presented);
    const Key* found = nullptr;
    // To the end even after a hit: how long this takes says nothing about the keys.
    for (const auto& key : m_keys)
        found = same_digest(key.hash, hash) ? &key : found;
    return found;
}

KeyRing::Found KeyRing::find(const net::Headers& headers) const
{
    if (empty())
        return {};
    Found found;
    for (const auto name : credential_headers) {
        std::string_view presented;
        for (const auto& field : headers) {
            if (!net::same_header(field.first, name))
                continue;
            const auto key = key_in(name, field.second);
            if (!presented.empty() && !key.empty() && key != presented)
                return {.verdict = Verdict::ambiguous};
            presented = key.empty() ? presented : key;
        }
        if (presented.empty())
            continue;
        const auto* key = match(presented);
        if (key && found.verdict == Verdict::known && found.name != key->name)
            return {.verdict = Verdict::ambiguous};
        if (key)
            found = {.verdict = Verdict::known, .name = key->name};
        else if (found.verdict == Verdict::absent)
            found.verdict = Verdict::unknown;
    }
    return found;
}

bool is_client_credential(std::string_view header_name)
{
    for (const auto name : credential_headers)
        if (net::same_header(header_name, name))
            return true;
    return false;
}

} // namespace tokenscope::gateway

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/key_hash.h"

#include <algorithm>
#include <optional>

namespace tokenscope {

namespace {

constexpr std::string_view prefix = "sha256:";
constexpr std::size_t min_key_length = 16;
constexpr std::size_t max_key_length = 1024;

std::optional<unsigned> hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f')
        return static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F')
        return static_cast<unsigned>(c - 'A' + 10);
    return std::nullopt;
}

} // namespace

std::string hash_key(std::string_view key)
{
    return std::string(prefix) + to_hex(sha256(key));
}

Result<void> check_key(std::string_view key)
{
    const bool printable = std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 0x7F; });
    if (!printable)
        return failure(ErrorCode::config,
                       "A key is printable ASCII without spaces or line ends, or clients cannot send it.");
    if (key.size() < min_key_length || key.size() > max_key_length)
        return failure(ErrorCode::config, "A key has 16 to 1024 characters, best made at random.");
    return {};
}

Result<Sha256> parse_key_hash(std::string_view text)
{
    Sha256 digest{};
    const auto hex = text.substr(std::min(text.size(), prefix.size()));
    bool valid = text.starts_with(prefix) && hex.size() == digest.size() * 2;
    for (std::size_t i = 0; valid && i < digest.size(); ++i) {
        const auto high = hex_digit(hex[2 * i]);
        const auto low = hex_digit(hex[2 * i + 1]);
        valid = high && low;
        if (valid)
            digest[i] = static_cast<std::uint8_t>(*high << 4 | *low);
    }
    if (!valid)
        return failure(ErrorCode::config,
                       "A key's hash is \"sha256:\" and 64 hexadecimal digits. Write the hash of the "
                       "key, never the key itself.");
    if (same_digest(digest, sha256({})))
        return failure(ErrorCode::config, "This is the hash of an empty key. Hash the key itself.");
    return digest;
}

} // namespace tokenscope

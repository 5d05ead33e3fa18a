// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "own_key.h"

#include "base/key_hash.h"

#include <openssl/rand.h>

#include <stdexcept>

namespace tokenscope::app {

namespace {

std::string new_key()
{
    Sha256 bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        throw std::runtime_error("OpenSSL has no random numbers");
    return "ts-" + to_hex(bytes);
}

} // namespace

OwnKey::OwnKey() : m_key(new_key()) {}

config::Config OwnKey::added_to(config::Config config) const
{
    if (!config.auth.keys.empty())
        config.auth.keys.push_back({.name = "tokenscope", .hash = hash_key(m_key)});
    return config;
}

std::string OwnKey::authorization() const
{
    return m_needed ? "Bearer " + m_key : std::string();
}

} // namespace tokenscope::app

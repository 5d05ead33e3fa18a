// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/sha256.h"

#include <string>
#include <string_view>

namespace tokenscope {

/// What is kept of a client key: "sha256:" and 64 lower-case hex digits. Without salt or stretching, which suits keys that
/// are long and random, as ours are; a password would not be safe this way.
std::string hash_key(std::string_view key);

/// Whether a client can send the text as a key: 16 to 1024 printable ASCII characters without spaces. Error: config, which
/// never repeats the key.
Result<void> check_key(std::string_view key);

/// Reads what hash_key wrote, hex digits of either case. Refuses the hash of the empty text, which only an unset variable
/// gives. Error: config; it never repeats the text, which may be a key put in the wrong place.
Result<Sha256> parse_key_hash(std::string_view text);

} // namespace tokenscope

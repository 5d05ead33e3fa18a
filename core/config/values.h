// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "config/schema.h"

#include <string>
#include <string_view>

namespace tokenscope::config {

/// What --print-config shows in place of a secret. The loader refuses it as a value.
inline constexpr std::string_view secret_mask = "********";

/// Text to value by the key's type and range. Durations need a unit (us, ms, s, m, h, d), sizes may have one (B, kB, MB,
/// GB, KiB, MiB, GiB); both take decimals where they come out whole. Errors continue the sentence "'<value>' ..." in
/// `message`, which never repeats the value; `detail` may quote parts of it.
Result<Value> parse_value(const KeySpec& spec, std::string_view text);

/// The shortest text that parse_value turns into the same value. Secrets are shown as they are.
std::string format_value(const KeySpec& spec, const Value& value);

/// "1ms to 1d", or empty for a key without a range worth telling.
std::string format_range(const KeySpec& spec);

/// The canonical host:port, if listening there is safe: without client keys the gateway would lend the upstream keys to
/// anybody who can reach it, so only loopback is accepted.
Result<std::string> check_listen(std::string_view text);

} // namespace tokenscope::config

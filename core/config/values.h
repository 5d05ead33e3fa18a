// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "config/schema.h"

#include <string>
#include <string_view>

namespace tokenscope::config {

/// Text to value by the key's type and range. Durations need a unit (us, ms, s, m, h, d), sizes may have one (B, kB, MB,
/// GB, KiB, MiB, GiB); both take decimals where they come out whole. Errors continue the sentence "'<value>' ..." in
/// `message`, which never repeats the value; `detail` may quote parts of it.
Result<Value> parse_value(const KeySpec& spec, std::string_view text);

/// The shortest text that parse_value turns into the same value. Secrets are shown as they are.
std::string format_value(const KeySpec& spec, const Value& value);

/// "1ms to 1d", or empty for a key without a range worth telling.
std::string format_range(const KeySpec& spec);

/// The canonical host:port.
Result<std::string> parse_listen(std::string_view text);

/// Whether listening there is safe: without client keys the gateway would lend the upstream keys to anybody who can reach
/// it, so only loopback is accepted then. `address` is what parse_listen gave; errors are as those of parse_value.
Result<void> check_listen(std::string_view address, const Auth& auth);

} // namespace tokenscope::config

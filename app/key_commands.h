// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "config/keychain.h"

#include <cstdio>
#include <string>

/// --store-key and --hash-key: what is done with a secret that is typed or piped in.
namespace tokenscope::app {

/// A secret from `input`, without the line feed at its end: a line that is not shown, after `prompt` on standard error, if
/// it is a terminal; else everything. It has at least one character and none that no key has.
Result<std::string> read_secret(int input, const std::string& prompt);

Result<void> store_key(int input, const std::string& name, config::Keychain& keychain);

/// The line for auth.keys, "sha256:...".
Result<std::string> hash_key(int input);

} // namespace tokenscope::app

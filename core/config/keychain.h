// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::config {

/// Secrets that the system keeps for its user, by name. Errors have ErrorCode::config, continue no sentence and never
/// have a secret in them.
class Keychain {
public:
    Keychain() = default;
    virtual ~Keychain() = default;
    Keychain(const Keychain&) = delete;
    Keychain& operator=(const Keychain&) = delete;

    /// Empty: there is no such entry. Never asks the user for anything: a locked keychain is an error.
    virtual Result<std::optional<std::string>> lookup(const std::string& name) = 0;
    /// Replaces an entry of the same name. The system may ask the user to unlock the keychain, and waits for the answer; once
    /// `cancel` is cancelled it no longer asks, and the call ends within a second with an error.
    virtual Result<void> store(const std::string& name, const std::string& secret, const CancelToken& cancel) = 0;
};

/// 1 to 128 letters, digits, '.', '_', '-', '/', '@' or '+'.
bool is_keychain_name(std::string_view name);

} // namespace tokenscope::config

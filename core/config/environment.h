// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/keychain.h"

#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace tokenscope::config {

/// Looks an environment variable up; empty optional: it is not set. Passed in so that tests can bring their own.
using Env = std::function<std::optional<std::string>(const std::string& name)>;

/// The environment of this process.
Env process_environment();

/// Where the "${...}" of a value come from.
struct Lookup {
    // NOLINTNEXTLINE(google-explicit-constructor): an environment alone is all that most values need
    Lookup(Env environment, Keychain* system_keychain = nullptr)
        : env(std::move(environment)), keychain(system_keychain)
    {
    }

    Env env;
    Keychain* keychain; ///< null: there is none, and ${keychain:NAME} is an error
};

/// Replaces every ${NAME} by the environment variable and every ${keychain:NAME} by the system keychain's entry, and turns
/// "$$" into "$"; any other "$" stays. What is put in is not looked at again. `error` is set, without any value in it, when
/// there is no such thing or the syntax is wrong.
struct Expanded {
    std::string text;
    std::string error;
    bool used = false; ///< something was replaced: the text may be secret
};
Expanded expand(const std::string& text, const Lookup& lookup);

} // namespace tokenscope::config

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace tokenscope::config {

/// Looks an environment variable up; empty optional: it is not set. Passed in so that tests can bring their own.
using Env = std::function<std::optional<std::string>(const std::string& name)>;

/// The environment of this process.
Env process_environment();

/// Replaces every ${NAME} and turns "$$" into "$"; any other "$" stays. `error` is set, without any value in it, when a
/// variable is not set or the syntax is wrong.
struct Expanded {
    std::string text;
    std::string error;
    bool used = false; ///< a variable was replaced: the text may be secret
};
Expanded expand(const std::string& text, const Env& env);

} // namespace tokenscope::config

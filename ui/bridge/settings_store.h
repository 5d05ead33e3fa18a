// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"
#include "config/config.h"

#include <functional>
#include <string>
#include <vector>

namespace tokenscope::ui {

/// The configuration's file as the Settings page reads and writes it. Everything that takes time runs elsewhere; handlers are called
/// once, on the thread of the windows, unless the token was cancelled before.
class SettingsStore {
public:
    virtual ~SettingsStore() = default;

    struct Contents {
        std::string file; ///< its path; empty: there is no place for one (neither HOME nor XDG_CONFIG_HOME)
        std::string text; ///< empty where there is no file yet
        bool exists = false;
        std::vector<std::string> overridden; ///< keys that the command line decides, e.g. "listen"
    };
    /// As it is on disk now.
    virtual Result<Contents> read() const = 0;
    /// Calls `changed` whenever the file has another content, whoever wrote it, until another or null is given.
    virtual void watch(std::function<void()> changed) = 0;
    /// What is in effect.
    virtual config::Config current() const = 0;

    /// What the gateway would say of this text: warnings, one line each, or an Error whose message has a line for each problem,
    /// "file:line:column: key: problem". Changes nothing.
    using Checked = std::function<void(Result<std::vector<std::string>>)>;
    virtual void check(std::string text, CancelToken cancel, Checked handler) = 0;

    /// Checks, writes the file (in one step, its mode kept, 0600 where it is new) and puts it into effect: all of it or nothing.
    /// `expected`: the text that was read before; where the file has another by now, nothing is written and the error has
    /// ErrorCode::conflict.
    struct Saved {
        std::vector<std::string> warnings;
        std::vector<std::string> after_restart; ///< keys that take effect with the next start, e.g. "listen"
    };
    using SaveHandler = std::function<void(Result<Saved>)>;
    virtual void save(std::string text, std::string expected, CancelToken cancel, SaveHandler handler) = 0;

    /// Asks the provider for its models, with its key and timeouts: the names, or in words why not.
    using Tested = std::function<void(Result<std::vector<std::string>>)>;
    virtual void test_provider(config::Provider provider, CancelToken cancel, Tested handler) = 0;
    /// The same for a provider as it stands in a text, its ${...} replaced.
    virtual void test_provider(std::string text, std::string name, CancelToken cancel, Tested handler) = 0;

    /// Base URLs of the Ollama servers that answer at OLLAMA_HOST and 127.0.0.1:11434.
    using Discovered = std::function<void(std::vector<std::string>)>;
    virtual void discover(CancelToken cancel, Discovered handler) = 0;

    /// Keeps a secret in the system's keychain; config.yaml then has ${keychain:name}. The error says what to do where there is no
    /// keychain. The system may ask the user to unlock it, for as long as it takes; cancelling takes that question back.
    using Stored = std::function<void(Result<void>)>;
    virtual void store_secret(std::string name, std::string secret, CancelToken cancel, Stored handler) = 0;
};

} // namespace tokenscope::ui

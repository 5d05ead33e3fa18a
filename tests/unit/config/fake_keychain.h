// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/keychain.h"

#include <atomic>
#include <chrono>
#include <map>
#include <string>
#include <thread>

namespace tokenscope::test {

/// Keeps secrets in memory, or fails.
class FakeKeychain : public config::Keychain {
public:
    Result<std::optional<std::string>> lookup(const std::string& name) override
    {
        ++lookups;
        if (!error.empty())
            return failure(ErrorCode::config, error);
        const auto found = secrets.find(name);
        return found == secrets.end() ? std::nullopt : std::optional(found->second);
    }

    Result<void> store(const std::string& name, const std::string& secret, const CancelToken& cancel) override
    {
        while (asks && !cancel.cancelled())
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        if (cancel.cancelled())
            return failure(ErrorCode::config, "no longer waited for");
        if (!error.empty())
            return failure(ErrorCode::config, error);
        secrets[name] = secret;
        return {};
    }

    std::map<std::string, std::string> secrets;
    std::string error; ///< of every call, if not empty
    int lookups = 0;
    std::atomic<bool> asks = false; ///< the user, who does not answer
};

} // namespace tokenscope::test

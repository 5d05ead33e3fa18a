// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/keychain.h"

#include <map>
#include <string>

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

    Result<void> store(const std::string& name, const std::string& secret) override
    {
        if (!error.empty())
            return failure(ErrorCode::config, error);
        secrets[name] = secret;
        return {};
    }

    std::map<std::string, std::string> secrets;
    std::string error; ///< of every call, if not empty
    int lookups = 0;
};

} // namespace tokenscope::test

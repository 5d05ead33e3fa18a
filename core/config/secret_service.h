// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/keychain.h"

#include <memory>

namespace tokenscope::config {

/// The keychain of the desktop: whatever answers as org.freedesktop.secrets on the session's D-Bus (GNOME Keyring, KWallet,
/// KeePassXC). Goes through libsecret, which is loaded by the first call, so that a gateway without such secrets needs
/// neither it nor a D-Bus (docs/decisions/0006-keychain.md). An entry has the schema "org.tokenscope.Secret" and the
/// attribute "name". One thread at a time.
class SecretServiceKeychain : public Keychain {
public:
    SecretServiceKeychain();
    ~SecretServiceKeychain() override;

    Result<std::optional<std::string>> lookup(const std::string& name) override;
    Result<void> store(const std::string& name, const std::string& secret, const CancelToken& cancel) override;

private:
    struct Api;
    class Call;
    Result<const Api*> api();

    std::unique_ptr<Api> m_api;
};

} // namespace tokenscope::config

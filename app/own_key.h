// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/config.h"

#include <atomic>
#include <string>

namespace tokenscope::app {

/// The key by which the program uses its own gateway (the Playground, the demo traffic) where others need one too. Made
/// anew at every start, and known to nobody else.
class OwnKey {
public:
    OwnKey();

    /// The configuration with our key among the others, as "tokenscope". One that asks nobody for a key stays as it is.
    config::Config added_to(config::Config config) const;
    /// Whether the configuration in effect has keys.
    void needed(bool needed) { m_needed = needed; }
    /// "Bearer ...", or empty where it is not needed.
    std::string authorization() const;

private:
    const std::string m_key;
    std::atomic<bool> m_needed = false;
};

} // namespace tokenscope::app

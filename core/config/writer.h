// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/config.h"

#include <string>

namespace tokenscope::config {

/// The configuration as YAML that load_config reads back to the same value, with a comment on every key. Upstream
/// keys are masked, and the loader asks for them again; client keys are hashes anyway. Providers that nobody named (discover_providers) are only commented on, so
/// that a copy of the output still finds them by itself.
std::string print_config(const Config& config);

} // namespace tokenscope::config

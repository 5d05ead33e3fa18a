// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/config.h"

#include <string>
#include <vector>

namespace tokenscope::config {

/// The keys whose values differ, in the order of the table, e.g. "listen", "providers.ollama.max_in_flight",
/// "providers.vllm (added)", "auth.keys.alice (removed)", "providers (order)". Values are left out: some are secret.
std::vector<std::string> describe_changes(const Config& from, const Config& to);

} // namespace tokenscope::config

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>

namespace tokenscope::app {

/// How long ago the system made this process, loading of its libraries included, to a hundredth of a second. Nothing where
/// there is no /proc.
std::optional<std::chrono::milliseconds> process_age();

} // namespace tokenscope::app

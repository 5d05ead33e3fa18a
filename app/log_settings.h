// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/config.h"
#include "telemetry/logging/log.h"

namespace tokenscope::app {

/// What the configuration says of the log, for a new one.
telemetry::LogOptions log_options(const config::Log& settings);
/// The same for one that runs.
void apply_log(const config::Log& settings, telemetry::Logger& log);

} // namespace tokenscope::app

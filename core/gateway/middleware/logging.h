// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/request_context.h"
#include "telemetry/logging/log.h"

namespace tokenscope::gateway {

/// Outermost: gives the request its id (the client's own, if usable) and writes one line when it has ended. Also the place
/// where an exception that should not have happened becomes a 500 instead of a crash.
Handler with_logging(telemetry::Logger& log, const Clock& clock, Handler next);

} // namespace tokenscope::gateway

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/tracing/span_errors.h"

namespace tokenscope::telemetry {

void note_error(Span& span, const Error& error)
{
    if (!span.recording())
        return;
    const auto type = to_string(error.code);
    if (error.code == ErrorCode::client_gone)
        span.abandon(type, error.message);
    else if (error.code == ErrorCode::upstream_error_event)
        span.fail(type, "The upstream sent an error inside its stream.");
    else
        span.fail(type, error.message);
}

} // namespace tokenscope::telemetry

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/request_context.h"
#include "telemetry/tracing/tracer.h"

#include <string>
#include <vector>

namespace tokenscope::gateway {

/// Gives the request its place in a trace: under the caller's span where it names one, else at the top of a new one. Of
/// what is sampled it records the request's own span, "HTTP POST /v1/responses", from the accept until its context is
/// destroyed. The span is an error for a status of 500 and above, for a stream that broke and for an exception; not for
/// what the client did, leaving before the end included. Where tracing is off nothing happens, and the headers of others'
/// traces pass as they are. The same goes for the paths in `untraced`: scrapes would push the requests that matter out of
/// what is kept. `tracer` must outlive the handler.
Handler with_tracing(const telemetry::Tracer& tracer, std::vector<std::string> untraced, Handler next);

} // namespace tokenscope::gateway

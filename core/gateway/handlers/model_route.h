// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/request_context.h"
#include "llm/model_request.h"
#include "telemetry/request_observation.h"

#include <functional>

namespace tokenscope::gateway {

/// Answers a model request that has been read and found well-formed.
using Serve = std::function<net::Task<void>(RequestContext&, telemetry::RequestObservation&, const llm::ModelRequest&)>;

/// What all routes that run a model have in common: checks and reads the request, and owns its one RequestObservation
/// from its headers to its last byte. `serve` does the rest.
Handler model_route(llm::Api api, const telemetry::Observers& observers, Serve serve);

} // namespace tokenscope::gateway

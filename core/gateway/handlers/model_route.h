// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/request_context.h"
#include "llm/model_request.h"
#include "telemetry/request_observation.h"

#include <functional>
#include <string_view>

namespace tokenscope::gateway {

/// Answers a model request that has been read and found well-formed.
using Serve = std::function<net::Task<void>(RequestContext&, telemetry::RequestObservation&, const llm::ModelRequest&)>;

/// What all routes that run a model have in common: checks and reads the request. `serve` does the rest. Behind
/// with_observation, which has begun the request's RequestObservation.
Handler model_route(llm::Api api, Serve serve);

/// Registers such a route, for POST.
using AddModelRoute = std::function<void(std::string_view path, llm::Api api, Serve serve)>;

} // namespace tokenscope::gateway

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/request_context.h"
#include "llm/api.h"
#include "telemetry/observers.h"

#include <functional>
#include <optional>

namespace tokenscope::gateway {

/// The API of a request that is to run a model; nothing for any other. Asked when its route is known.
using ApiOf = std::function<std::optional<llm::Api>(const RequestContext&)>;

/// Owns the one RequestObservation of every request that is to run a model, from its headers to its last byte, so that what
/// is refused further in (by a key, a rate limit, an origin) is recorded like everything else.
Handler with_observation(const telemetry::Observers& observers, ApiOf api_of, Handler next);

} // namespace tokenscope::gateway

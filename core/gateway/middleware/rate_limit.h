// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/middleware/key_ring.h"
#include "gateway/middleware/rate_limiter.h"
#include "gateway/request_context.h"
#include "telemetry/gateway_metrics.h"

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>

namespace tokenscope::gateway {

/// Answers 429 with Retry-After to a client that asks too often. A client is the key it came with; without a known key,
/// its address. Every reply tells where the client stands, in OpenAI's fields x-ratelimit-limit-requests,
/// x-ratelimit-remaining-requests and x-ratelimit-reset-requests (the time until nothing is used up, e.g. "120ms", "6m0s").
///
/// Reading /health, /ready and `free_paths` (the metrics pages, wherever they are) is free: a monitor must see a busy gateway
/// as busy, not as broken. `limiter` and `metrics` must outlive the handler.
Handler with_rate_limit(std::shared_ptr<const KeyRing> keys, RateLimiter& limiter, telemetry::GatewayMetrics& metrics,
                        std::set<std::string, std::less<>> free_paths, Handler next);

/// Whose bucket a peer ("10.0.0.1:50314", "[2001:db8::1]:50314") without a key uses: its address without the port. Of an
/// IPv6 address only the network (/64), within which a host can have any number of addresses; IPv4 in IPv6 is IPv4.
std::string rate_limit_address(std::string_view peer);

/// As OpenAI writes durations: "0s", "12ms", "8.64s", "6m0s", "1h0m0s"; rounded up to a millisecond.
std::string short_duration(Nanos duration);

} // namespace tokenscope::gateway

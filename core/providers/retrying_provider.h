// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "providers/provider_decorator.h"
#include "telemetry/gateway_metrics.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <random>

namespace tokenscope::providers {

struct RetryPolicy {
    std::size_t max_retries = 0;
    std::chrono::milliseconds backoff{250}; ///< before the first retry; doubled for each further one
};

/// Sends a request again while the client has not seen anything of a reply: after a refused or reset connection and after
/// 429, 500, 502, 503, 504 and 529 (Anthropic's "overloaded"). Timeouts are not repeated: the upstream may still be at
/// work on the first one. Waits by jittered exponential back-off, or as long as the upstream's Retry-After says; if
/// that is longer than `longest_wait`, the refusal goes to the client, who can plan with it. No place in the provider's
/// queue is held while waiting.
class RetryingProvider final : public ProviderDecorator {
public:
    static constexpr std::chrono::milliseconds longest_wait{10'000};

    RetryingProvider(std::unique_ptr<Provider> inner, RetryPolicy policy, telemetry::GatewayMetrics& metrics);

    Task<Result<Reply>> generate(ModelCall& call) override;
    Task<Result<StreamOutcome>> generate_stream(ModelCall& call, StreamSink& sink) override;

private:
    /// Why and how soon an attempt is worth repeating.
    struct Cause {
        std::string_view reason;
        std::optional<std::chrono::milliseconds> retry_after;
    };
    static std::optional<Cause> cause_of(const Error& error);
    static std::optional<Cause> cause_of(const Reply& reply);
    /// False where it is not to be repeated after all.
    Task<bool> pause(const std::optional<Cause>& cause, std::size_t attempt, CancelToken cancel);

    const RetryPolicy m_policy;
    telemetry::GatewayMetrics& m_metrics;
    std::minstd_rand m_random;
};

} // namespace tokenscope::providers

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "providers/provider_decorator.h"
#include "telemetry/provider_metrics.h"

#include <memory>
#include <utility>

namespace tokenscope::providers {

/// The one place that turns what a provider does into what is recorded: in ProviderMetrics each call for itself, and in the
/// RequestObservation chunks, usage, and the model's name once the backend has accepted it. Whether the request came to a
/// good end is for the caller to say: another provider may still save it, and a good reply has yet to reach the client.
class InstrumentedProvider final : public ProviderDecorator {
public:
    InstrumentedProvider(std::unique_ptr<Provider> inner, telemetry::ProviderMetrics& metrics, const Clock& clock)
        : ProviderDecorator(std::move(inner)), m_metrics(metrics), m_clock(clock)
    {
    }

    Task<Result<Reply>> generate(ModelCall& call) override;
    Task<Result<StreamOutcome>> generate_stream(ModelCall& call, StreamSink& sink) override;

private:
    telemetry::ProviderMetrics& m_metrics;
    const Clock& m_clock;
};

} // namespace tokenscope::providers

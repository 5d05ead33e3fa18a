// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "providers/provider_decorator.h"

namespace tokenscope::providers {

/// The one place that turns what a provider does into what RequestObservation records: chunks, usage, and the model's
/// name once the backend has accepted it. Whether the request came to a good end is for the caller to say: another provider
/// may still save it, and a good reply has yet to reach the client.
class InstrumentedProvider final : public ProviderDecorator {
public:
    using ProviderDecorator::ProviderDecorator;

    Task<Result<Reply>> generate(ModelCall& call) override;
    Task<Result<StreamOutcome>> generate_stream(ModelCall& call, StreamSink& sink) override;
};

} // namespace tokenscope::providers

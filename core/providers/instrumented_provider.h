// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "providers/provider.h"

#include <memory>

namespace tokenscope::providers {

/// The one place that turns what a provider does into what RequestObservation records: chunks, usage, and the model's
/// name once the backend has accepted it. Whether the request came to a good end is for the caller to say: another provider
/// may still save it, and a good reply has yet to reach the client.
class InstrumentedProvider final : public Provider {
public:
    explicit InstrumentedProvider(std::unique_ptr<Provider> inner) : m_inner(std::move(inner)) {}

    const std::string& name() const override { return m_inner->name(); }
    std::string_view kind() const override { return m_inner->kind(); }
    bool speaks(llm::Api api) const override { return m_inner->speaks(api); }
    Task<Result<Reply>> generate(ModelCall& call) override;
    Task<Result<StreamOutcome>> generate_stream(ModelCall& call, StreamSink& sink) override;
    Task<Result<std::vector<ModelInfo>>> models(CancelToken cancel) override
    {
        return m_inner->models(std::move(cancel));
    }
    Task<Result<void>> health(CancelToken cancel) override { return m_inner->health(std::move(cancel)); }
    Task<Result<Reply>> side_call(SideCall call) override { return m_inner->side_call(std::move(call)); }

private:
    std::unique_ptr<Provider> m_inner;
};

} // namespace tokenscope::providers

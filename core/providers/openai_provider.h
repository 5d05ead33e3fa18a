// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "providers/provider.h"
#include "providers/upstream.h"

namespace tokenscope::providers {

/// OpenAI's API and every server compatible with it, which may have less of it than we speak. Nothing is translated: the client's bytes go up with only the model's
/// name and, in a stream, include_usage spliced in; the upstream's bytes come down as they are.
class OpenAiProvider final : public Provider {
public:
    explicit OpenAiProvider(Upstream upstream) : m_upstream(std::move(upstream)) {}

    const std::string& name() const override { return m_upstream.settings().name; }
    std::string_view kind() const override { return "openai"; }
    bool speaks(llm::Api api) const override
    {
        return api == llm::Api::chat || api == llm::Api::completions || api == llm::Api::embeddings
               || api == llm::Api::rerank;
    }
    Task<Result<Reply>> generate(ModelCall& call) override;
    Task<Result<StreamOutcome>> generate_stream(ModelCall& call, StreamSink& sink) override;
    Task<Result<std::vector<ModelInfo>>> models(CancelToken cancel) override;
    Task<Result<void>> health(CancelToken cancel) override
    {
        return m_upstream.probe(listing_target, std::move(cancel));
    }
    Task<Result<Reply>> side_call(SideCall call) override;

private:
    static constexpr std::string_view listing_target = "/models";

    Upstream m_upstream;
};

} // namespace tokenscope::providers

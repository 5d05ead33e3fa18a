// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "providers/openai_provider.h"
#include "providers/provider.h"
#include "providers/upstream.h"

namespace tokenscope::providers {

/// An Ollama server. Its native API is passed through, byte for byte but for the model's name; completions and embeddings
/// go to its own OpenAI-compatible ones. Chat completions are translated to the native API, which has exact token
/// counts where the compatible one has none for a broken stream.
class OllamaProvider final : public Provider {
public:
    OllamaProvider(Upstream upstream, const Clock& clock)
        : m_upstream(std::move(upstream)), m_compatible(m_upstream.below("/v1"), clock), m_clock(clock)
    {
    }

    const std::string& name() const override { return m_upstream.settings().name; }
    std::string_view kind() const override { return "ollama"; }
    std::string_view genai_name() const override { return "ollama"; }
    bool speaks(llm::Api api) const override;
    Task<Result<Reply>> generate(ModelCall& call) override;
    Task<Result<StreamOutcome>> generate_stream(ModelCall& call, StreamSink& sink) override;
    Task<Result<std::vector<ModelInfo>>> models(CancelToken cancel) override;
    Task<Result<void>> health(CancelToken cancel) override
    {
        return m_upstream.probe(listing_target, std::move(cancel));
    }
    Task<Result<Reply>> side_call(SideCall call) override;

private:
    static constexpr std::string_view listing_target = "/api/tags";

    Task<Result<Reply>> chat(ModelCall& call);
    Task<Result<StreamOutcome>> stream_chat(ModelCall& call, StreamSink& sink);
    Task<Result<Reply>> pass(ModelCall& call);
    Task<Result<StreamOutcome>> stream_pass(ModelCall& call, StreamSink& sink);

    Upstream m_upstream;
    OpenAiProvider m_compatible;
    const Clock& m_clock;
};

} // namespace tokenscope::providers

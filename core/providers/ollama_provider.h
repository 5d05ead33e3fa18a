// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "providers/provider.h"
#include "providers/upstream.h"

namespace tokenscope::providers {

/// Ollama's native API: exact token counts, where its OpenAI-compatible one has none for a broken stream. Requests are
/// translated from OpenAI's dialect and replies, whole or streamed as NDJSON, back into it.
class OllamaProvider final : public Provider {
public:
    OllamaProvider(Upstream upstream, const Clock& clock) : m_upstream(std::move(upstream)), m_clock(clock) {}

    const std::string& name() const override { return m_upstream.settings().name; }
    std::string_view kind() const override { return "ollama"; }
    bool speaks(llm::Api api) const override { return api == llm::Api::chat; }
    Task<Result<Reply>> generate(ModelCall& call) override;
    Task<Result<StreamOutcome>> generate_stream(ModelCall& call, StreamSink& sink) override;
    Task<Result<std::vector<ModelInfo>>> models(CancelToken cancel) override;
    Task<Result<void>> health(CancelToken cancel) override { return m_upstream.probe(listing_target, std::move(cancel)); }
    Task<Result<Reply>> side_call(SideCall call) override;

private:
    static constexpr std::string_view listing_target = "/api/tags";

    Upstream m_upstream;
    const Clock& m_clock;
};

} // namespace tokenscope::providers

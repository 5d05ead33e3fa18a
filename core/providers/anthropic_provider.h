// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/url.h"
#include "providers/provider.h"
#include "providers/upstream.h"

namespace tokenscope::providers {

/// Anthropic's Messages API, and servers compatible with it. Requests of that API go up as the client's own bytes, with only
/// the model's name spliced in, and its replies come down as they are. Chat requests are translated, both ways.
class AnthropicProvider final : public Provider {
public:
    static constexpr std::string_view default_base_url = "https://api.anthropic.com";
    /// The configured base URL may end with /v1, as OpenAI's does: here targets bring that along themselves.
    static Url without_version(Url base);

    AnthropicProvider(Upstream upstream, const Clock& clock) : m_upstream(std::move(upstream)), m_clock(clock) {}

    const std::string& name() const override { return m_upstream.settings().name; }
    std::string_view kind() const override { return "anthropic"; }
    std::string_view genai_name() const override { return "anthropic"; }
    bool speaks(llm::Api api) const override { return api == llm::Api::chat || api == llm::Api::messages; }
    Task<Result<Reply>> generate(ModelCall& call) override;
    Task<Result<StreamOutcome>> generate_stream(ModelCall& call, StreamSink& sink) override;
    Task<Result<std::vector<ModelInfo>>> models(CancelToken cancel) override;
    Task<Result<void>> health(CancelToken cancel) override { return m_upstream.probe(probe_target, std::move(cancel)); }
    /// E.g. /v1/messages/count_tokens.
    Task<Result<Reply>> side_call(SideCall call) override { return m_upstream.ask(std::move(call)); }

private:
    static constexpr std::string_view listing_target = "/v1/models?limit=1000";
    static constexpr std::string_view probe_target = "/v1/models?limit=1";

    Task<Result<net::UpstreamReply>> send(ModelCall& call);
    Task<Result<Reply>> read_native(net::UpstreamReply& upstream) const;
    Task<Result<Reply>> read_translated(net::UpstreamReply& upstream, const ModelCall& call) const;
    Task<Result<Reply>> read(net::UpstreamReply& upstream, const ModelCall& call) const;

    Upstream m_upstream;
    const Clock& m_clock;
};

} // namespace tokenscope::providers

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "providers/provider.h"
#include "providers/upstream.h"

#include <chrono>
#include <optional>

namespace tokenscope::providers {

/// OpenAI's API and every server compatible with it, which may have less of it than we speak. Nothing is translated: the
/// client's bytes go up with only the model's name and, in a stream, include_usage spliced in; the upstream's bytes come
/// down as they are.
///
/// Many servers lack the Responses API. One that says so is taken at its word for some minutes: the request ends with
/// unsupported_api before anything has reached the client, and speaks() denies that API meanwhile.
class OpenAiProvider final : public Provider {
public:
    static constexpr std::chrono::minutes asked_again{10};

    OpenAiProvider(Upstream upstream, const Clock& clock) : m_upstream(std::move(upstream)), m_clock(clock) {}

    const std::string& name() const override { return m_upstream.settings().name; }
    std::string_view kind() const override { return "openai"; }
    /// Of the servers that speak OpenAI's API only one is OpenAI's.
    std::string_view genai_name() const override
    {
        return m_upstream.host() == "api.openai.com" ? std::string_view("openai") : name();
    }
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
    static constexpr std::string_view listing_target = "/models";

    /// The refusal as an error, if it says that there is no such API.
    std::optional<Error> lacks_api(const ModelCall& call, const Reply& reply);
    Task<Result<StreamOutcome>> plain_reply(net::UpstreamReply& upstream, const ModelCall& call);
    Task<Result<Reply>> read(net::UpstreamReply& upstream, const ModelCall& call);

    Upstream m_upstream;
    const Clock& m_clock;
    std::optional<Instant> m_no_responses_until;
};

} // namespace tokenscope::providers

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/client_sink.h"
#include "gateway/delivery.h"
#include "gateway/model_catalog.h"
#include "gateway/request_context.h"
#include "telemetry/request_observation.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tokenscope::gateway {

/// Carries model requests out: finds the provider, translates where that speaks another API, goes on to the fallbacks
/// where it cannot be had (no connection, a full queue, 429 or 5xx before the first byte), relays the reply to the
/// client, and says in the observation how it ended.
class Dispatcher {
public:
    /// The name a client asks for, or "provider/model" -> what to try next, in order.
    using Fallbacks = std::map<std::string, std::vector<std::string>>;

    /// `hide_credentials`: the client's keys are ours, and not for providers. `cut` ends what is still in flight, with an
    /// error that the client is told.
    Dispatcher(ModelCatalog& catalog, Fallbacks fallbacks, bool hide_credentials, CancelToken cut)
        : m_catalog(catalog), m_fallbacks(std::move(fallbacks)), m_hide_credentials(hide_credentials),
          m_cut(std::move(cut))
    {
    }

    net::Task<void> dispatch(RequestContext& context, telemetry::RequestObservation& observed,
                             const llm::ModelRequest& request, Delivery& delivery);

private:
    struct Attempt;

    /// Both leave why nothing has reached the client in `attempt.refusal`, or clear it.
    net::Task<void> attempt(Attempt& attempt);
    net::Task<void> run(Attempt& attempt, const llm::ModelRequest& request);
    net::Task<void> relay_reply(Attempt& attempt, providers::Reply reply);
    net::Task<void> end_stream(Attempt& attempt, const ClientSink& sink, providers::StreamEnd end);
    net::Task<void> tell_refusal(Attempt& attempt);
    std::vector<std::string> fallbacks_of(const std::string& asked, const ModelCatalog::Choice& choice) const;
    /// A request that was cut off comes back from its provider as one that the client has left.
    Error explained(Error error, const RequestContext& context) const;

    ModelCatalog& m_catalog;
    const Fallbacks m_fallbacks;
    const bool m_hide_credentials;
    const CancelToken m_cut;
};

/// Refuses the request with one of the gateway's own errors, and notes that in the observation.
net::Task<void> refuse(RequestContext& context, telemetry::RequestObservation& observed, Error error);

} // namespace tokenscope::gateway

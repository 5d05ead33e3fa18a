// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/model_catalog.h"
#include "gateway/request_context.h"
#include "telemetry/request_observation.h"

namespace tokenscope::gateway {

/// POST /v1/chat/completions: reads the request, finds its provider, relays the reply, and owns the request's one
/// RequestObservation from its headers to its last byte.
class ChatCompletions {
public:
    ChatCompletions(ModelCatalog& catalog, telemetry::TokenMetrics& metrics, telemetry::RecordSink& records,
                    const Clock& clock)
        : m_catalog(catalog), m_metrics(metrics), m_records(records), m_clock(clock)
    {
    }

    net::Task<void> handle(RequestContext& context);

private:
    net::Task<void> serve(RequestContext& context, telemetry::RequestObservation& observed);
    net::Task<void> relay_reply(RequestContext& context, providers::Provider& provider, providers::ModelCall& call);
    net::Task<void> relay_stream(RequestContext& context, providers::Provider& provider, providers::ModelCall& call);

    ModelCatalog& m_catalog;
    telemetry::TokenMetrics& m_metrics;
    telemetry::RecordSink& m_records;
    const Clock& m_clock;
};

} // namespace tokenscope::gateway

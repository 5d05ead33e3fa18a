// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/provider_metrics.h"
#include "telemetry/recorders.h"
#include "telemetry/registry/series_bundles.h"

namespace tokenscope::telemetry {

/// Family B, the providers.
class ProviderRecorder final : public ProviderMetrics {
public:
    explicit ProviderRecorder(SeriesFactory& factory);
    void first_byte(const ProviderCall& call, Nanos ttfb, std::string_view trace_id) override;
    void chunks(const ProviderCall& call, std::uint64_t count) override;
    void finished(const ProviderCall& call, RequestStatus status, Nanos duration, std::optional<Nanos> streamed,
                  const llm::Usage& usage, std::string_view trace_id) override;

private:
    struct Bundle {
        Remembered<Counter> successes, errors, input, output, chunks;
        Remembered<Histogram> duration, ttfb, stream_duration;
    };

    Series<Counter> m_requests;
    Series<Histogram> m_duration;
    Series<Counter> m_tokens;
    Series<Histogram> m_ttfb;
    Series<Counter> m_chunks;
    Series<Histogram> m_stream_duration;
    Bundles<Bundle> m_bundles; ///< by provider, model and operation
};

} // namespace tokenscope::telemetry

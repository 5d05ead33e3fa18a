// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/recorders.h"
#include "telemetry/registry/series_bundles.h"
#include "telemetry/token_metrics.h"

namespace tokenscope::telemetry {

/// Family A, and the estimated tokens of family F.
class TokenRecorder final : public TokenMetrics {
public:
    explicit TokenRecorder(SeriesFactory& factory);
    void first_token(const Target& target, Nanos latency, std::string_view trace_id) override;
    void inter_token(const Target& target, std::span<const TokenGap> gaps) override;
    void usage(const Target& target, const llm::Usage& usage) override;
    void finished(const Target& target, RequestStatus status, Nanos total, std::string_view trace_id) override;

private:
    struct Outcome {
        Remembered<Counter> requests;
        Remembered<Histogram> total;
    };
    struct Bundle {
        Remembered<Histogram> first_token, inter_token;
        Remembered<Counter> prompt, completion, total, estimated;
        Outcome success, error;
    };

    Series<Histogram> m_first_token;
    Series<Histogram> m_inter_token;
    Series<Histogram> m_total;
    Series<Counter> m_tokens;
    Series<Counter> m_requests;
    Series<Counter> m_estimated;
    Bundles<Bundle> m_bundles; ///< by backend and model
};

} // namespace tokenscope::telemetry

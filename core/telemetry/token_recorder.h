// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/recorders.h"
#include "telemetry/registry/series_bundles.h"
#include "telemetry/token_metrics.h"

namespace tokenscope::telemetry {

/// Family A, the latencies of a stream's tokens.
class TokenRecorder final : public TokenMetrics {
public:
    explicit TokenRecorder(SeriesFactory& factory);
    void first_token(const Target& target, Nanos latency, std::string_view trace_id) override;
    void inter_token(const Target& target, std::span<const TokenGap> gaps) override;

private:
    struct Bundle {
        Remembered<Histogram> first_token, inter_token;
    };

    Series<Histogram> m_first_token;
    Series<Histogram> m_inter_token;
    Bundles<Bundle> m_bundles; ///< by backend and model
};

} // namespace tokenscope::telemetry

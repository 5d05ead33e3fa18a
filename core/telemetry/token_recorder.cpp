// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/token_recorder.h"

#include "telemetry/shared_time.h"

namespace tokenscope::telemetry {

TokenRecorder::TokenRecorder(SeriesFactory& factory)
    : m_first_token(factory.make<Histogram>(Metric::first_token_latency)),
      m_inter_token(factory.make<Histogram>(Metric::inter_token_latency)), m_bundles(factory.labels())
{
}

void TokenRecorder::first_token(const Target& target, Nanos latency, std::string_view trace_id)
{
    Bundles<Bundle>::Spare spare;
    auto& series = m_bundles.at(spare, target.backend, target.model);
    series.first_token.in(m_first_token, target.backend, target.model).observe(latency, trace_id);
}

void TokenRecorder::inter_token(const Target& target, std::span<const TokenGap> gaps)
{
    Bundles<Bundle>::Spare spare;
    auto& series = m_bundles.at(spare, target.backend, target.model);
    Histogram* histogram = nullptr; // not before there is something to observe: a series that is asked for appears
    for (const auto& [gap, tokens] : gaps) {
        if (tokens == 0)
            continue;
        if (!histogram)
            histogram = &series.inter_token.in(m_inter_token, target.backend, target.model);
        histogram->observe_times(shared(gap, tokens), tokens, gap);
    }
}

} // namespace tokenscope::telemetry

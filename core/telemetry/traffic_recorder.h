// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/recorders.h"
#include "telemetry/registry/series_bundles.h"
#include "telemetry/request_record.h"

namespace tokenscope::telemetry {

/// What of family A is known once a request has ended, and the estimated tokens of family F.
class TrafficRecorder {
public:
    struct Outcome {
        Remembered<Counter> requests;
        Remembered<Histogram> total;
    };
    /// Of one target.
    struct Bundle {
        Remembered<Counter> prompt, completion, total, estimated;
        Outcome success, error;
    };

    explicit TrafficRecorder(SeriesFactory& factory);
    const Series<Histogram>& total() const { return m_total; }
    // Inline, as its one caller's path is hot.
    [[gnu::always_inline]] void record(const RequestRecord& record, Nanos time, std::string_view trace, Bundle& series)
    {
        const auto& target = record.target;
        const auto ended = [&](Outcome& outcome, const auto& status) {
            outcome.requests.in(m_requests, target.backend, target.model, status).increment();
            outcome.total.in(m_total, target.backend, target.model, status).observe(time, trace);
        };
        if (record.status == RequestStatus::success) [[likely]]
            ended(series.success, "success");
        else
            ended(series.error, "error");
        const auto count = [&](Remembered<Counter>& counter, const auto& type, const auto& tokens) {
            if (tokens) [[likely]]
                counter.in(m_tokens, target.backend, target.model, type).increment(*tokens);
        };
        const auto& usage = record.usage;
        count(series.prompt, "prompt", usage.prompt);
        count(series.completion, "completion", usage.completion);
        count(series.total, "total", usage.total);
        if (usage.estimated && usage.completion) [[unlikely]]
            series.estimated.in(m_estimated, target.backend, target.model, "completion").increment(*usage.completion);
    }

private:
    Series<Histogram> m_total;
    Series<Counter> m_tokens;
    Series<Counter> m_requests;
    Series<Counter> m_estimated;
};

} // namespace tokenscope::telemetry

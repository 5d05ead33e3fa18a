// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/label_lists.h"
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
    // Inline, as its one caller's path is hot.
    [[gnu::always_inline]] void record(const RequestRecord& record, std::string_view trace, Bundle& series)
    {
        const auto& [backend, model] = record.target;
        auto& outcome = record.status == RequestStatus::success ? series.success : series.error;
        outcome.requests.in(m_requests, backend, model, to_string(record.status)).increment();
        outcome.total.in(m_total, backend, model, to_string(record.status)).observe(record.total(), trace);
        const auto count = [&](Remembered<Counter>& counter, const char* type, const auto& tokens) {
            if (tokens) [[likely]]
                counter.in(m_tokens, backend, model, type).increment(*tokens);
        };
        const auto& usage = record.usage;
        count(series.prompt, "prompt", usage.prompt);
        count(series.completion, "completion", usage.completion);
        count(series.total, "total", usage.total);
        if (usage.estimated && usage.completion) [[unlikely]]
            series.estimated.in(m_estimated, backend, model, "completion").increment(*usage.completion);
    }

private:
    Series<Histogram> m_total;
    Series<Counter> m_tokens;
    Series<Counter> m_requests;
    Series<Counter> m_estimated;
};

} // namespace tokenscope::telemetry

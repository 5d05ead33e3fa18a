// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/measured_gateway.h"
#include "support/metrics_page.h"

#include <map>
#include <string>

namespace tokenscope::test {

/// What a page should say, counted anew from what is known of each request.
class RequestTruth {
public:
    RequestTruth() = default;
    /// Every family that request records decide: their numbers, bucket by bucket. HTTP metrics as far as model routes go.
    explicit RequestTruth(const Records& records);

    void count(const std::string& sample, LabelMap labels, double by = 1);
    /// `times` observations of `value`; buckets as in the catalogue.
    void observe(const std::string& family, LabelMap labels, double value, double times = 1);

    /// Of that name; none: empty.
    InstantVector at(const std::string& sample) const;
    const std::map<std::string, InstantVector>& samples() const { return m_samples; }

    /// The first sample that the page has otherwise; empty where all is the same. Series at 0 that the truth does not
    /// know are fine: nothing has happened to them.
    std::string contradiction(const MetricsPage& page) const;

private:
    void add_traffic(const telemetry::RequestRecord& record);
    void add_gaps(const telemetry::RequestRecord& record, const LabelMap& target);
    void add_stages(const telemetry::RequestRecord& record);
    void add_overhead(const telemetry::RequestRecord& record);
    void add_gen_ai(const telemetry::RequestRecord& record);
    void add_gen_ai_stream(const telemetry::RequestRecord& record, const LabelMap& labels);

    std::map<std::string, InstantVector> m_samples;
};

/// `is` without the series at 0 that `should` does not know.
InstantVector without_idle(InstantVector is, const InstantVector& should);

} // namespace tokenscope::test

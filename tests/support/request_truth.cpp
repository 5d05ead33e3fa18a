// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/request_truth.h"

#include "telemetry/catalogue.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace tokenscope::test {

using telemetry::RequestRecord;

namespace {

std::span<const double> buckets_of(const std::string& family)
{
    for (const auto& row : telemetry::catalogue())
        if (row.name == family)
            return row.buckets;
    throw std::runtime_error(family + " is not in the catalogue");
}

std::string status_of(const RequestRecord& record)
{
    return record.status == telemetry::RequestStatus::success ? "success" : "error";
}

} // namespace

void RequestTruth::count(const std::string& sample, LabelMap labels, double by)
{
    // To Prometheus an empty label and none are the same.
    std::erase_if(labels, [](const auto& label) { return label.second.empty(); });
    m_samples[sample][std::move(labels)] += by;
}

void RequestTruth::observe(const std::string& family, LabelMap labels, double value, double times)
{
    count(family + "_sum", labels, value * times);
    count(family + "_count", labels, times);
    for (const auto bound : buckets_of(family)) {
        labels["le"] = bound_text(bound);
        count(family + "_bucket", labels, value <= bound ? times : 0);
    }
    labels["le"] = "+Inf";
    count(family + "_bucket", labels, times);
}

RequestTruth::RequestTruth(const Records& records)
{
    for (const auto& record : records)
        add_traffic(*record);
}

void RequestTruth::add_traffic(const RequestRecord& record)
{
    const LabelMap target{{"backend", record.target.backend}, {"model", record.target.model}};
    const auto with = [](LabelMap labels, const std::string& name, const std::string& value) {
        labels[name] = value;
        return labels;
    };
    count("aigateway_requests_total", with(target, "status", status_of(record)));
    observe("aigateway_total_latency_seconds", with(target, "status", status_of(record)), seconds(record.total()));
    const auto tokens = [&](const std::string& type, const std::optional<std::uint64_t>& number) {
        if (number)
            count("aigateway_model_tokens_total", with(target, "type", type), static_cast<double>(*number));
    };
    tokens("prompt", record.usage.prompt);
    tokens("completion", record.usage.completion);
    tokens("total", record.usage.total);
    if (record.usage.estimated && record.usage.completion)
        count("tokenscope_estimated_tokens_total",
              {{"provider", record.target.backend}, {"model", record.target.model}, {"type", "completion"}},
              static_cast<double>(*record.usage.completion));
    if (record.first_token) {
        observe("aigateway_first_token_latency_seconds", target, seconds(*record.ttft()));
        add_gaps(record, target);
    }
    count("http_requests_total", {{"method", "POST"},
                                  {"path", record.route},
                                  {"endpoint", record.route},
                                  {"status", std::to_string(record.http_status)}});
}

void RequestTruth::add_gaps(const RequestRecord& record, const LabelMap& target)
{
    const std::string family = "aigateway_inter_token_latency_seconds";
    std::optional<Instant> before;
    for (const auto& chunk : record.chunks) {
        if (chunk.tokens == 0)
            continue;
        if (before)
            observe(family, target, seconds(chunk.at - *before) / chunk.tokens, chunk.tokens);
        else if (chunk.tokens > 1)
            observe(family, target, 0, chunk.tokens - 1);
        before = chunk.at;
    }
}

InstantVector RequestTruth::at(const std::string& sample) const
{
    const auto found = m_samples.find(sample);
    return found == m_samples.end() ? InstantVector() : found->second;
}

std::string RequestTruth::contradiction(const MetricsPage& page) const
{
    for (const auto& [sample, should] : m_samples)
        if (auto wrong = difference(without_idle(page.at(sample), should), should); !wrong.empty())
            return sample + " " + wrong;
    return {};
}

InstantVector without_idle(InstantVector is, const InstantVector& should)
{
    std::erase_if(is, [&should](const auto& series) { return series.second == 0 && !should.contains(series.first); });
    return is;
}

} // namespace tokenscope::test

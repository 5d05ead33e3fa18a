// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/exposition.h"

#include "telemetry/text.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

namespace tokenscope::telemetry {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

std::string_view type_name(MetricType type)
{
    switch (type) {
    case MetricType::Counter: return "counter";
    case MetricType::Gauge: return "gauge";
    case MetricType::Summary: return "summary";
    case MetricType::Histogram: return "histogram";
    case MetricType::Untyped: break;
    }
    return "untyped";
}

/// Calls sample(name suffix, labels, value) for each line of one series. `labels` are sorted.
template <typename OnSample>
void walk_series(MetricType type, const ClientMetric& metric, const Labels& labels, const OnSample& sample)
{
    const auto with = [&labels](const char* name, double value) {
        Labels more = labels;
        more.push_back({name, number_text(value)});
        return more;
    };
    const auto sum_and_count = [&](double sum, std::uint64_t count) {
        sample("_sum", labels, sum);
        sample("_count", labels, static_cast<double>(count));
    };
    switch (type) {
    case MetricType::Counter: sample("", labels, metric.counter.value); break;
    case MetricType::Gauge: sample("", labels, metric.gauge.value); break;
    case MetricType::Untyped: sample("", labels, metric.untyped.value); break;
    case MetricType::Summary:
        for (const auto& quantile : metric.summary.quantile)
            sample("", with("quantile", quantile.quantile), quantile.value);
        sum_and_count(metric.summary.sample_sum, metric.summary.sample_count);
        break;
    case MetricType::Histogram:
        // The +Inf bucket is the count by definition, so both are written from the one number.
        for (const auto& bucket : metric.histogram.bucket) {
            if (!std::isinf(bucket.upper_bound))
                sample("_bucket", with("le", bucket.upper_bound), static_cast<double>(bucket.cumulative_count));
        }
        sample("_bucket", with("le", std::numeric_limits<double>::infinity()),
               static_cast<double>(metric.histogram.sample_count));
        sum_and_count(metric.histogram.sample_sum, metric.histogram.sample_count);
        break;
    }
}

/// The one walk behind every format: family(f) once for each family with series, then its samples, all in page order.
template <typename OnFamily, typename OnSample>
void walk(const std::vector<MetricFamily>& families, const OnFamily& family, const OnSample& sample)
{
    std::vector<const MetricFamily*> sorted;
    for (const auto& f : families) {
        if (!f.metric.empty())
            sorted.push_back(&f);
    }
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->name < b->name; });

    for (const auto* f : sorted) {
        std::vector<std::pair<Labels, const ClientMetric*>> series;
        for (const auto& metric : f->metric) {
            series.emplace_back(metric.label, &metric);
            std::sort(series.back().first.begin(), series.back().first.end());
        }
        std::stable_sort(series.begin(), series.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
        family(*f);
        for (const auto& [labels, metric] : series)
            walk_series(f->type, *metric, labels, [&](std::string_view suffix, const Labels& all, double value) {
                sample(*f, suffix, all, value, metric->timestamp_ms);
            });
    }
}

void append_escaped(std::string& out, std::string_view text, bool quotes_too)
{
    for (const char c : text) {
        if (c == '\\')
            out += "\\\\";
        else if (c == '\n')
            out += "\\n";
        else if (c == '"' && quotes_too)
            out += "\\\"";
        else
            out += c;
    }
}

void append_header(std::string& out, const MetricFamily& family)
{
    if (!family.help.empty()) {
        out.append("# HELP ").append(family.name).append(" ");
        append_escaped(out, family.help, false);
        out += '\n';
    }
    out.append("# TYPE ").append(family.name).append(" ").append(type_name(family.type)).append("\n");
}

void append_line(std::string& out, const MetricFamily& family, std::string_view suffix, const Labels& labels,
                 double value, std::int64_t timestamp_ms)
{
    out.append(family.name).append(suffix);
    char before = '{';
    for (const auto& label : labels) {
        out += before;
        out.append(label.name).append("=\"");
        append_escaped(out, label.value, true);
        out += '"';
        before = ',';
    }
    if (!labels.empty())
        out += '}';
    out.append(" ").append(number_text(value));
    if (timestamp_ms != 0)
        out.append(" ").append(std::to_string(timestamp_ms));
    out += '\n';
}

} // namespace

std::string write_text(const std::vector<MetricFamily>& families)
{
    std::string out;
    walk(
        families, [&out](const MetricFamily& family) { append_header(out, family); },
        [&out](const MetricFamily& family, std::string_view suffix, const Labels& labels, double value,
               std::int64_t timestamp_ms) { append_line(out, family, suffix, labels, value, timestamp_ms); });
    return out;
}

std::vector<FlatSample> flatten(const std::vector<MetricFamily>& families)
{
    std::vector<FlatSample> out;
    walk(
        families, [](const MetricFamily&) {},
        [&out](const MetricFamily& family, std::string_view suffix, const Labels& labels, double value, std::int64_t) {
            auto& flat = out.emplace_back();
            flat.name.append(family.name).append(suffix);
            for (const auto& label : labels)
                flat.labels.emplace(label.name, label.value);
            flat.value = value;
            flat.cumulative = family.type == MetricType::Counter || family.type == MetricType::Histogram;
        });
    return out;
}

} // namespace tokenscope::telemetry

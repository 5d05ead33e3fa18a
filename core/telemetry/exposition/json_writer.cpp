// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/json_object_writer.h"
#include "query/histogram_quantile.h"
#include "telemetry/exposition.h"
#include "telemetry/exposition/page_order.h"
#include "telemetry/text.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

namespace tokenscope::telemetry {

namespace {

using llm::ObjectWriter;

constexpr std::array<std::pair<std::string_view, double>, 4> quantiles{
    {{"0.5", 0.5}, {"0.9", 0.9}, {"0.95", 0.95}, {"0.99", 0.99}}};

void append_value(std::string& out, double value)
{
    if (!std::isfinite(value))
        out += '"';
    append_number(out, value);
    if (!std::isfinite(value))
        out += '"';
}

void append_count(std::string& out, std::uint64_t count)
{
    const fmt::format_int text(count);
    out.append(text.data(), text.size());
}

void append_quantiles(std::string& out, const HistogramValue& histogram)
{
    std::vector<query::Bucket> buckets;
    buckets.reserve(histogram.buckets.size());
    for (const auto& bucket : histogram.buckets)
        buckets.push_back({bucket.upper_bound, static_cast<double>(bucket.cumulative)});
    const query::CumulativeHistogram cumulative(std::move(buckets));
    ObjectWriter object(out);
    for (const auto& [name, quantile] : quantiles) {
        object.begin(name);
        const double value = cumulative.quantile(quantile);
        if (std::isnan(value))
            out += "null";
        else
            append_value(out, value);
    }
    object.end();
}

/// The members of a histogram's sample.
void append_histogram(ObjectWriter& sample, std::string& out, const HistogramValue& histogram)
{
    sample.begin("buckets");
    char before = '[';
    const auto bucket = [&](double bound, std::uint64_t count) {
        out += std::exchange(before, ',');
        out += "{\"le\":";
        append_value(out, bound);
        out += ",\"count\":";
        append_count(out, count);
        out += '}';
    };
    for (const auto& one : histogram.buckets)
        if (!std::isinf(one.upper_bound))
            bucket(one.upper_bound, one.cumulative);
    bucket(std::numeric_limits<double>::infinity(), histogram.count());
    out += ']';
    sample.begin("sum");
    append_value(out, histogram.sum);
    sample.begin("count");
    append_count(out, histogram.count());
    sample.begin("quantiles");
    append_quantiles(out, histogram);
}

void append_sample(std::string& out, const SeriesSnapshot& series)
{
    ObjectWriter sample(out);
    sample.begin("labels");
    ObjectWriter labels(out);
    for (const auto& label : series.labels)
        labels.text(label.name, label.value);
    labels.end();
    if (const auto* histogram = std::get_if<HistogramValue>(&series.value)) {
        append_histogram(sample, out, *histogram);
    } else {
        sample.begin("value");
        append_value(out, std::get<double>(series.value));
    }
    sample.end();
}

void append_family(std::string& out, const OrderedFamily& ordered)
{
    ObjectWriter family(out);
    family.text("name", ordered.family->name);
    family.text("help", ordered.family->help);
    family.text("type", type_name(ordered.family->kind));
    family.begin("samples");
    char before = '[';
    for (const auto* series : ordered.series) {
        out += std::exchange(before, ',');
        append_sample(out, *series);
    }
    out += ']';
    family.end();
}

void append_store(std::string& out, const StoreFacts& store)
{
    ObjectWriter object(out);
    object.text("backend", store.backend);
    object.raw("responses", std::to_string(store.responses));
    object.raw("degraded", store.degraded ? "true" : "false");
    object.raw("ttl_seconds", std::to_string(store.ttl.count()));
    if (!store.path.empty())
        object.text("path", store.path);
    object.end();
}

} // namespace

std::string write_json(const Snapshot& snapshot, WallTime time, const StoreFacts& store)
{
    const auto families = in_page_order(snapshot);
    std::string out;
    out.reserve(text_size(families));
    ObjectWriter page(out);
    page.text("timestamp", rfc3339(time));
    page.begin("database");
    append_store(out, store);
    page.begin("metrics");
    out += '[';
    for (const auto& family : families) {
        if (&family != &families.front())
            out += ',';
        append_family(out, family);
    }
    out += ']';
    page.end();
    out += '\n';
    return out;
}

} // namespace tokenscope::telemetry

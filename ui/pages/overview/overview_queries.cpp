// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/overview/overview_queries.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <memory>

namespace tokenscope::ui::overview {

namespace {

using query::Aggregation;
using query::Function;
using query::Query;

QString tr(const char* text)
{
    return QCoreApplication::translate("Overview", text);
}

// That of the shipped dashboards, so that two pages do not say two numbers of one thing: short enough that the console feels
// live, long enough to hold a few slow requests.
constexpr std::chrono::milliseconds window{60'000};

Query value(std::string metric, Aggregation aggregation = Aggregation::sum)
{
    return {.metric = std::move(metric), .function = Function::value, .aggregation = aggregation, .window = window};
}

Query rate(std::string metric, std::map<std::string, std::string> where = {}, std::vector<std::string> by = {})
{
    return {.metric = std::move(metric),
            .function = Function::rate,
            .by = std::move(by),
            .where = std::move(where),
            .window = window};
}

Query quantiles(std::string metric, std::vector<double> quantiles)
{
    return {.metric = std::move(metric),
            .function = Function::quantile,
            .quantiles = std::move(quantiles),
            .window = window};
}

PanelSpec percentileChart(QString id, QString title, std::string metric)
{
    return {.id = std::move(id),
            .title = std::move(title),
            .unit = Unit::seconds,
            .queries = {quantiles(std::move(metric), {0.5, 0.95, 0.99})},
            .percentiles = true,
            .yMinimumSpan = 0.01};
}

} // namespace

Query requestRate()
{
    return rate("aigateway_requests_total");
}
Query outputRate()
{
    return rate("aigateway_model_tokens_total", {{"type", "completion"}});
}
Query inFlight()
{
    return value("http_requests_in_flight");
}
Query queued()
{
    return value("tokenscope_queue_depth");
}
Query gpuUse()
{
    return value("gpu_utilization_pct", Aggregation::avg);
}
Query residentMemory()
{
    return value("process_resident_memory_bytes");
}

std::optional<double> answering(std::optional<double> inFlight, std::optional<double> queued)
{
    if (!inFlight || !queued)
        return std::nullopt;
    return std::max(0.0, *inFlight - *queued); // two gauges are not read at the same instant
}

query::FramePtr answering(const query::FramePtr& inFlight, const query::FramePtr& queued)
{
    auto result = std::make_shared<query::Frame>();
    if (!inFlight || !queued || inFlight->columns.empty() || queued->columns.empty()
        || inFlight->times != queued->times)
        return result;
    result->times = inFlight->times;
    auto column = inFlight->columns.front();
    const auto& waiting = queued->columns.front().values;
    for (std::size_t row = 0; row < column.values.size(); ++row) {
        const double some = column.values[row] - waiting[row];
        column.values[row] = std::isnan(some) ? some : std::max(0.0, some);
    }
    result->columns.push_back(std::move(column));
    return result;
}

Query failedTotal()
{
    auto query = value("aigateway_requests_total");
    query.where = {{"status", "error"}};
    return query;
}

std::vector<PanelSpec> tiles()
{
    return {
        {.id = QStringLiteral("requestRate"),
         .title = tr("Requests"),
         .unit = Unit::requestsPerSecond,
         .queries = {requestRate()}},
        {.id = QStringLiteral("errorShare"),
         .title = tr("Errors"),
         .unit = Unit::percent,
         .queries = {rate("aigateway_requests_total", {{"status", "error"}}), requestRate()},
         .combine = Combine::percentage,
         .warnFrom = 1,
         .badFrom = 5},
        {.id = QStringLiteral("ttft"),
         .title = tr("TTFT p95"),
         .unit = Unit::seconds,
         .queries = {quantiles("aigateway_first_token_latency_seconds", {0.95})},
         .warnFrom = 1,
         .badFrom = 5},
        {.id = QStringLiteral("totalLatency"),
         .title = tr("Total p95"),
         .unit = Unit::seconds,
         .queries = {quantiles("aigateway_total_latency_seconds", {0.95})},
         .warnFrom = 30,
         .badFrom = 120},
        {.id = QStringLiteral("outputRate"),
         .title = tr("Output"),
         .unit = Unit::tokensPerSecond,
         .queries = {outputRate()}},
        {.id = QStringLiteral("inFlight"),
         .title = tr("In flight"),
         .queries = {inFlight(), queued()},
         .combine = Combine::without},
        {.id = QStringLiteral("gpu"),
         .title = tr("GPU"),
         .unit = Unit::percent,
         .queries = {gpuUse()},
         .ifMeasured = true},
        {.id = QStringLiteral("gpuMemory"),
         .title = tr("GPU memory"),
         .unit = Unit::bytes,
         .queries = {[] {
             auto query = value("gpu_memory_mb");
             query.scale = 1024 * 1024;
             return query;
         }()},
         .ifMeasured = true},
    };
}

Query latencyHeatmap()
{
    return {.metric = "aigateway_total_latency_seconds", .function = Function::heatmap};
}

std::vector<PanelSpec> charts()
{
    return {
        percentileChart(QStringLiteral("totalLatency"), tr("Total latency"), "aigateway_total_latency_seconds"),
        percentileChart(QStringLiteral("ttft"), tr("Time to first token"), "aigateway_first_token_latency_seconds"),
        percentileChart(QStringLiteral("interToken"), tr("Between tokens"), "aigateway_inter_token_latency_seconds"),
        {.id = QStringLiteral("tokens"),
         .title = tr("Output tokens by model"),
         .subtitle = tr("tok/s"),
         .unit = Unit::tokensPerSecond,
         .queries = {rate("aigateway_model_tokens_total", {{"type", "completion"}}, {"model"})},
         .yMinimumSpan = 1},
        {.id = QStringLiteral("queue"),
         .title = tr("Queue and in flight"),
         .subtitle = tr("requests"),
         .unit = Unit::none,
         .queries = {inFlight(), queued()},
         .names = {"in flight", "queued"},
         .combine = Combine::without,
         .yMinimumSpan = 4},
        {.id = QStringLiteral("status"),
         .title = tr("Requests by status"),
         .subtitle = tr("req/s"),
         .unit = Unit::requestsPerSecond,
         .queries = {rate("aigateway_requests_total", {}, {"status"})},
         .yMinimumSpan = 0.1},
        {.id = QStringLiteral("machine"),
         .title = tr("CPU and GPU"),
         .subtitle = tr("this machine"),
         .unit = Unit::percent,
         .queries = {value("cpu_percent", Aggregation::avg),
                     [] {
                         auto query = value("gpu_utilization_pct", Aggregation::avg);
                         query.by = {"gpu"};
                         return query;
                     }()},
         .names = {"CPU", "GPU"},
         .yMinimumSpan = 100,
         .emptyText = tr("Not measured yet.")},
    };
}

} // namespace tokenscope::ui::overview

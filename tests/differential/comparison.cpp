// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "comparison.h"

#include "query/evaluator.h"
#include "query/histogram_quantile.h"
#include "query/promql.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

namespace tokenscope::tests {

using query::Function;
using query::Labels;
using query::Query;

namespace {

using ByLabels = std::map<Labels, std::map<std::int64_t, double>>;

void without_empty(Labels& labels)
{
    std::erase_if(labels, [](const auto& label) { return label.second.empty(); });
}

bool close(double ours, double theirs)
{
    return ours == theirs || std::abs(ours - theirs) <= 1e-9 * std::abs(theirs);
}

/// An answer of Prometheus; NaN counts as no value, as it does in a Frame.
ByLabels parse(const QByteArray& body)
{
    ByLabels result;
    const auto json = nlohmann::json::parse(body.begin(), body.end(), nullptr, false);
    if (json.is_discarded() || json.value("status", "") != "success")
        throw std::runtime_error(body.toStdString());
    for (const auto& series : json["data"]["result"]) {
        std::map<std::int64_t, double> values;
        for (const auto& pair : series["values"]) {
            const auto text = pair[1].get<std::string>();
            const double value = text == "+Inf"   ? INFINITY
                                 : text == "-Inf" ? -INFINITY
                                                  : QByteArray::fromStdString(text).toDouble();
            if (text != "NaN")
                values[std::llround(pair[0].get<double>() * 1'000)] = value;
        }
        if (!values.empty())
            result[series["metric"].get<Labels>()] = std::move(values);
    }
    return result;
}

/// A bucket without a number for its bound is no column of a heatmap.
void without_odd_bounds(ByLabels& answer)
{
    std::erase_if(answer, [](const auto& series) {
        const auto le = series.first.find("le");
        return le == series.first.end() || !query::parse_bound(le->second);
    });
}

/// The columns of one quantile, or all where there are none.
ByLabels of_frame(const query::Frame& frame, const Query& query, const std::string& quantile)
{
    ByLabels result;
    for (const auto& column : frame.columns) {
        auto labels = column.labels;
        if (query.function == Function::quantile) {
            if (labels.at("quantile") != quantile)
                continue;
            labels.erase("quantile");
        }
        without_empty(labels);
        auto& values = result[labels];
        for (std::size_t i = 0; i < frame.times.size(); ++i)
            if (!std::isnan(column.values[i]))
                values[frame.times[i]] = column.values[i];
    }
    return result;
}

std::string name(const Labels& labels)
{
    return nlohmann::json(labels).dump();
}

std::string difference(const ByLabels& ours, const ByLabels& theirs)
{
    for (const auto& [labels, values] : theirs)
        if (!ours.contains(labels))
            return "only Prometheus has " + name(labels);
    for (const auto& [labels, values] : ours) {
        const auto other = theirs.find(labels);
        if (other == theirs.end())
            return "Prometheus does not have " + name(labels);
        for (const auto& [time, value] : other->second)
            if (!values.contains(time))
                return fmt::format("no value of ours at {} in {}", time, name(labels));
        for (const auto& [time, value] : values) {
            const auto their = other->second.find(time);
            if (their == other->second.end())
                return fmt::format("no value of theirs at {} in {}", time, name(labels));
            if (!close(value, their->second))
                return fmt::format("{} instead of {} at {} in {}", value, their->second, time, name(labels));
        }
    }
    return {};
}

/// Both have kept the same values at each step, and Prometheus only such as `all` has, where nothing was left out.
std::string difference_of_top(const ByLabels& ours, const ByLabels& theirs, const ByLabels& all)
{
    const auto by_time = [](const ByLabels& answer) {
        std::map<std::int64_t, std::vector<double>> result;
        for (const auto& [labels, values] : answer)
            for (const auto& [time, value] : values)
                result[time].push_back(value);
        for (auto& [time, values] : result)
            std::ranges::sort(values);
        return result;
    };
    const auto mine = by_time(ours);
    const auto their = by_time(theirs);
    if (!std::ranges::equal(mine, their, [](const auto& a, const auto& b) {
            return a.first == b.first && std::ranges::equal(a.second, b.second, close);
        }))
        return "other values are the highest: " + difference(ours, theirs);
    for (const auto& [labels, values] : theirs)
        for (const auto& [time, value] : values)
            if (const auto series = all.find(labels);
                series == all.end() || !series->second.contains(time) || !close(series->second.at(time), value))
                return fmt::format("{} at {} is not a value of {}", value, time, name(labels));
    return {};
}

} // namespace

QString copy_to(PrometheusServer& server, const query::SeriesStore& store)
{
    std::vector<PrometheusServer::NamedSeries> all;
    for (const auto& metric : store.metric_names()) {
        auto found = store.select(
            metric, [](const Labels&) { return true; }, 0, std::numeric_limits<std::int64_t>::max());
        std::ranges::sort(found, {}, &query::SeriesStore::Series::labels);
        for (auto& series : found)
            all.push_back({metric, std::move(series)});
    }
    return write_all(server, std::move(all));
}

QString write_all(PrometheusServer& server, std::vector<PrometheusServer::NamedSeries> series)
{
    constexpr std::size_t at_once = 500;
    for (std::size_t first = 0; first < series.size(); first += at_once) {
        const auto begin = series.begin() + static_cast<std::ptrdiff_t>(first);
        const auto end = begin + static_cast<std::ptrdiff_t>(std::min(at_once, series.size() - first));
        const std::vector part(std::make_move_iterator(begin), std::make_move_iterator(end));
        if (auto error = server.write(part); !error.isEmpty())
            return error;
    }
    return {};
}

std::string Comparison::compare(const Query& query, std::int64_t from, std::int64_t to, std::int64_t step)
{
    const auto frame = query::evaluate(query, m_store, from, to, step);
    if (!frame)
        return frame.error().param + ": " + frame.error().message;
    auto everything = query;
    everything.topk = 0;
    const auto all = query.topk > 0 ? query::evaluate(everything, m_store, from, to, step) : frame;
    const auto quantiles = query.function == Function::quantile
                               ? std::set<double>(query.quantiles.begin(), query.quantiles.end())
                               : std::set<double>{0};
    for (const auto q : quantiles) {
        const auto promql = to_promql(query, q, std::chrono::milliseconds(step));
        try {
            auto theirs = parse(m_server.query_range(promql, from, to, step));
            if (query.function == Function::heatmap)
                without_odd_bounds(theirs);
            const auto quantile = fmt::format("{}", q);
            const auto ours = of_frame(*frame, query, quantile);
            const auto wrong = query.topk > 0 ? difference_of_top(ours, theirs, of_frame(*all, query, quantile))
                                              : difference(ours, theirs);
            if (!wrong.empty())
                return promql + ": " + wrong;
            for (const auto& [labels, values] : ours)
                m_values += values.size();
            ++m_expressions;
        } catch (const std::runtime_error& error) {
            return promql + ": " + error.what();
        }
    }
    return {};
}

} // namespace tokenscope::tests

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/evaluator.h"

#include "query/aggregator.h"
#include "query/histogram_quantile.h"
#include "query/matcher.h"
#include "query/rate.h"
#include "query/validate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <set>

namespace tokenscope::query {

namespace {

using Series = SeriesStore::Series;
using Values = std::vector<double>;
/// The values of Query::by, in its order.
using GroupKey = std::vector<std::string>;
using Groups = std::map<GroupKey, std::vector<Series>>;

constexpr std::size_t max_values = 20'000'000;
constexpr std::int64_t latest_time = 253'402'300'799'999;

std::optional<Error> validate_range(std::int64_t from, std::int64_t to, std::int64_t step)
{
    const auto invalid = [](std::string param, std::string message) {
        return Error{.code = ErrorCode::invalid_request, .message = std::move(message), .param = std::move(param)};
    };
    if (step <= 0)
        return invalid("step", "The step must be longer than 0.");
    if (from > to)
        return invalid("from", "The range must not end before it begins.");
    if (from < -latest_time || to > latest_time)
        return invalid("from", "The range must lie within the years up to 9999.");
    if ((to - from) / step > max_steps)
        return invalid(
            "step", fmt::format("The range has more than {} steps: use a longer step or a shorter range.", max_steps));
    return std::nullopt;
}

std::vector<std::string> distinct(const std::vector<std::string>& labels, std::string_view without)
{
    std::vector<std::string> result;
    for (const auto& label : labels) {
        if (label != without && std::ranges::find(result, label) == result.end())
            result.push_back(label);
    }
    return result;
}

class Evaluation {
public:
    Evaluation(const Query& query, const SeriesStore& store, Matchers matchers, std::vector<std::int64_t> times)
        : m_query(query), m_store(store), m_matchers(std::move(matchers)),
          m_by(distinct(query.by, query.function == Function::quantile ? "le" : "")), m_window(query.window.count())
    {
        m_frame.times = std::move(times);
    }

    Result<Frame> run() &&;

private:
    Groups select(std::string_view suffix, std::int64_t back) const;
    std::optional<Error> too_many(std::size_t columns) const;
    void add_column(const GroupKey& key, Values values, std::optional<double> quantile = std::nullopt);

    void add_rates(Aggregator& sum, Series& series) const;
    Values rates(std::vector<Series>& group) const;
    Values instants(const std::vector<Series>& group) const;
    void add_quantiles(const GroupKey& key, std::vector<Series>& group, const std::set<double>& quantiles);

    std::size_t steps() const { return m_frame.times.size(); }

    const Query& m_query;
    const SeriesStore& m_store;
    Matchers m_matchers;
    std::vector<std::string> m_by;
    std::int64_t m_window;
    Frame m_frame;
};

Groups Evaluation::select(std::string_view suffix, std::int64_t back) const
{
    Groups groups;
    // The store leaves the span's beginning out, Prometheus does not.
    auto found = m_store.select(
        m_query.metric + std::string(suffix), [this](const Labels& labels) { return m_matchers.accept(labels); },
        m_frame.times.front() - back - 1, m_frame.times.back());
    for (auto& series : found) {
        GroupKey key;
        for (const auto& label : m_by) {
            const auto value = series.labels.find(label);
            key.push_back(value == series.labels.end() ? std::string() : value->second);
        }
        groups[std::move(key)].push_back(std::move(series));
    }
    return groups;
}

std::optional<Error> Evaluation::too_many(std::size_t columns) const
{
    if (columns * steps() <= max_values)
        return std::nullopt;
    return Error{.code = ErrorCode::invalid_request,
                 .message = fmt::format(
                     "The answer would have {} columns of {} values: group by fewer labels, match fewer series "
                     "or use a longer step.",
                     columns, steps()),
                 .param = "by"};
}

void Evaluation::add_column(const GroupKey& key, Values values, std::optional<double> quantile)
{
    if (std::ranges::all_of(values, [](double value) { return std::isnan(value); }))
        return;
    Column column;
    std::vector<std::string> parts;
    if (quantile)
        parts.push_back(fmt::format("p{:.6g}", *quantile * 100));
    for (std::size_t i = 0; i < m_by.size(); ++i) {
        parts.push_back(key[i].empty() ? fmt::format("(no {})", m_by[i]) : key[i]);
        column.labels.emplace(m_by[i], key[i]);
    }
    if (quantile)
        column.labels.emplace("quantile", fmt::format("{}", *quantile));
    column.name = parts.empty() ? m_query.metric : fmt::format("{}", fmt::join(parts, " / "));
    for (auto& value : values)
        value *= m_query.scale;
    column.values = std::move(values);
    m_frame.columns.push_back(std::move(column));
}

void Evaluation::add_rates(Aggregator& sum, Series& series) const
{
    const CounterSeries counter(std::move(series.points));
    const bool total = m_query.function == Function::increase;
    for (std::size_t i = 0; i < steps(); ++i) {
        const auto time = m_frame.times[i];
        const auto from = time - m_window;
        if (const auto growth = total ? counter.increase(from, time) : counter.rate(from, time))
            sum.add(i, *growth);
    }
}

Values values_of(const Aggregator& aggregator, std::size_t steps)
{
    Values values(steps);
    for (std::size_t i = 0; i < steps; ++i)
        values[i] = aggregator.value(i);
    return values;
}

Values Evaluation::rates(std::vector<Series>& group) const
{
    Aggregator sum(Aggregation::sum, steps());
    for (auto& series : group)
        add_rates(sum, series);
    return values_of(sum, steps());
}

Values Evaluation::instants(const std::vector<Series>& group) const
{
    Aggregator aggregator(m_query.aggregation, steps());
    for (const auto& series : group) {
        auto next = series.points.begin();
        for (std::size_t i = 0; i < steps(); ++i) {
            const auto time = m_frame.times[i];
            next = std::upper_bound(next, series.points.end(), time,
                                    [](std::int64_t t, const Point& point) { return t < point.time; });
            if (next == series.points.begin())
                continue;
            const auto& latest = *(next - 1);
            if (latest.time >= time - look_back_ms && !is_stale(latest.value))
                aggregator.add(i, latest.value);
        }
    }
    return values_of(aggregator, steps());
}

void Evaluation::add_quantiles(const GroupKey& key, std::vector<Series>& group, const std::set<double>& quantiles)
{
    std::map<double, Aggregator> buckets;
    for (auto& series : group) {
        const auto le = series.labels.find("le");
        const auto bound = le == series.labels.end() ? std::nullopt : parse_bound(le->second);
        if (bound)
            add_rates(buckets.try_emplace(*bound, Aggregation::sum, steps()).first->second, series);
    }
    std::vector<Values> values(quantiles.size(), Values(steps(), std::numeric_limits<double>::quiet_NaN()));
    for (std::size_t i = 0; i < steps(); ++i) {
        std::vector<Bucket> present;
        for (const auto& [bound, rate] : buckets) {
            if (rate.has(i))
                present.push_back({bound, rate.value(i)});
        }
        if (present.empty())
            continue;
        const CumulativeHistogram histogram(std::move(present));
        std::size_t at = 0;
        for (const auto q : quantiles)
            values[at++][i] = histogram.quantile(q);
    }
    std::size_t at = 0;
    for (const auto q : quantiles)
        add_column(key, std::move(values[at++]), q);
}

Result<Frame> Evaluation::run() &&
{
    switch (m_query.function) {
    case Function::value: {
        const auto groups = select("", look_back_ms);
        if (auto error = too_many(groups.size()))
            return failure(std::move(*error));
        for (const auto& [key, group] : groups)
            add_column(key, instants(group));
        break;
    }
    case Function::rate:
    case Function::increase: {
        auto groups = select("", m_window);
        if (auto error = too_many(groups.size()))
            return failure(std::move(*error));
        for (auto& [key, group] : groups)
            add_column(key, rates(group));
        break;
    }
    case Function::mean: {
        auto sums = select("_sum", m_window);
        auto counts = select("_count", m_window);
        if (auto error = too_many(sums.size()))
            return failure(std::move(*error));
        for (auto& [key, group] : sums) {
            const auto count = counts.find(key);
            if (count == counts.end())
                continue;
            auto values = rates(group);
            std::ranges::transform(values, rates(count->second), values.begin(), std::divides<>());
            add_column(key, std::move(values));
        }
        break;
    }
    case Function::quantile: {
        std::set<double> quantiles;
        std::ranges::copy_if(m_query.quantiles, std::inserter(quantiles, quantiles.end()),
                             [](double q) { return !std::isnan(q); });
        auto groups = select("_bucket", m_window);
        if (auto error = too_many(groups.size() * quantiles.size()))
            return failure(std::move(*error));
        for (auto& [key, group] : groups)
            add_quantiles(key, group, quantiles);
        break;
    }
    case Function::heatmap:
    case Function::share: return failure(ErrorCode::invalid_request, "Not a function of this version.");
    }
    std::ranges::stable_sort(m_frame.columns, {}, &Column::labels);
    return std::move(m_frame);
}

} // namespace

Result<Frame> evaluate(const Query& query, const SeriesStore& store, std::int64_t from, std::int64_t to,
                       std::int64_t step)
{
    if (auto error = validate(query))
        return failure(std::move(*error));
    if (auto error = validate_range(from, to, step))
        return failure(std::move(*error));
    auto matchers = Matchers::compile(query.where);
    if (!matchers)
        return failure(matchers.error());
    std::vector<std::int64_t> times;
    times.reserve(static_cast<std::size_t>((to - from) / step) + 1);
    for (auto time = from; time <= to; time += step) {
        times.push_back(time);
        if (step > to - time)
            break;
    }
    return Evaluation(query, store, std::move(*matchers), std::move(times)).run();
}

} // namespace tokenscope::query

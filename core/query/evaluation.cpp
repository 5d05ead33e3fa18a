// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/evaluation.h"

#include "query/columns.h"
#include "query/evaluator.h"
#include "query/histogram_quantile.h"
#include "query/rate.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <map>

namespace tokenscope::query {

namespace {

constexpr std::size_t max_values = 20'000'000;

std::vector<double> distinct(std::vector<double> numbers)
{
    std::ranges::sort(numbers);
    const auto rest = std::ranges::unique(numbers);
    numbers.erase(rest.begin(), rest.end());
    return numbers;
}

std::vector<double> values_of(const Aggregator& aggregator, std::size_t steps)
{
    std::vector<double> values(steps);
    for (std::size_t i = 0; i < steps; ++i)
        values[i] = aggregator.value(i);
    return values;
}

} // namespace

Evaluation::Evaluation(const Selection& selection, std::span<const std::int64_t> times, std::int64_t step)
    : m_selection(selection), m_query(selection.query), m_labels(grouping(m_query)),
      m_quantiles(distinct(m_query.quantiles)),
      m_window(m_query.function == Function::heatmap ? step : m_query.window.count()),
      m_times(times.begin(), times.end())
{
    for (auto& time : m_times)
        time -= m_query.offset.count();
}

Result<Evaluation::Answers> Evaluation::run() const
{
    switch (m_query.function) {
    case Function::value: return values();
    case Function::rate:
    case Function::increase: return growths();
    case Function::mean: return means();
    case Function::quantile: return quantiles();
    case Function::heatmap: return heatmap();
    case Function::share: break; // two evaluations, not one
    }
    return Answers();
}

Evaluation::Answers Evaluation::alone(Answer answer)
{
    Answers answers;
    answers.push_back(std::move(answer));
    return answers;
}

Groups Evaluation::select(std::string_view suffix, std::int64_t back) const
{
    return m_selection.groups(m_labels, suffix, m_times.front() - back, m_times.back());
}

std::optional<Error> Evaluation::too_many(std::size_t columns) const
{
    if (columns * m_times.size() <= max_values)
        return std::nullopt;
    return Error{.code = ErrorCode::invalid_request,
                 .message = fmt::format("The answer would have {} columns of {} values: group by fewer labels, match "
                                        "fewer series or use a longer step.",
                                        columns, m_times.size()),
                 .param = "/by"};
}

Column Evaluation::column(const GroupKey& key, Values values) const
{
    Column column;
    for (std::size_t i = 0; i < m_labels.size(); ++i)
        column.labels.emplace(m_labels[i], key[i]);
    column.values = std::move(values);
    return column;
}

Result<Evaluation::Answers> Evaluation::values() const
{
    const auto groups = select("", look_back_ms);
    if (auto error = too_many(groups.size()))
        return failure(std::move(*error));
    Answer answer;
    for (const auto& [key, group] : groups)
        answer.push_back(column(key, instants(group)));
    return alone(std::move(answer));
}

Result<Evaluation::Answers> Evaluation::growths() const
{
    auto groups = select("", m_window);
    if (auto error = too_many(groups.size()))
        return failure(std::move(*error));
    Answer answer;
    for (auto& [key, group] : groups)
        answer.push_back(column(key, rates(group)));
    return alone(std::move(answer));
}

Result<Evaluation::Answers> Evaluation::means() const
{
    auto sums = select("_sum", m_window);
    auto counts = select("_count", m_window);
    if (auto error = too_many(sums.size()))
        return failure(std::move(*error));
    Answer answer;
    for (auto& [key, group] : sums) {
        const auto count = counts.find(key);
        if (count == counts.end())
            continue;
        auto values = rates(group);
        std::ranges::transform(values, rates(count->second), values.begin(), std::divides<>());
        answer.push_back(column(key, std::move(values)));
    }
    return alone(std::move(answer));
}

Result<Evaluation::Answers> Evaluation::quantiles() const
{
    auto groups = select("_bucket", m_window);
    if (auto error = too_many(groups.size() * m_quantiles.size()))
        return failure(std::move(*error));
    Answers answers(m_quantiles.size());
    for (auto& [key, group] : groups)
        if (auto error = add_quantiles(key, group, answers))
            return failure(std::move(*error));
    return answers;
}

Result<Evaluation::Answers> Evaluation::heatmap() const
{
    auto groups = select("_bucket", m_window);
    if (auto error = too_many(groups.size()))
        return failure(std::move(*error));
    Answer answer;
    for (auto& [key, group] : groups)
        if (parse_bound(key.front()))
            answer.push_back(column(key, rates(group)));
    return alone(std::move(answer));
}

Evaluation::Values Evaluation::instants(const Group& group) const
{
    Aggregator aggregator(m_query.aggregation, m_times.size());
    for (const auto& series : group) {
        std::size_t next = 0;
        for (std::size_t i = 0; i < m_times.size(); ++i) {
            while (next < series.points.size() && series.points[next].time <= m_times[i])
                ++next;
            if (next == 0)
                continue;
            const auto& latest = series.points[next - 1];
            if (latest.time >= m_times[i] - look_back_ms && !is_stale(latest.value))
                aggregator.add(i, latest.value);
        }
    }
    return values_of(aggregator, m_times.size());
}

Evaluation::Values Evaluation::rates(Group& group) const
{
    Aggregator sum(Aggregation::sum, m_times.size());
    for (auto& series : group)
        add_rates(sum, series);
    return values_of(sum, m_times.size());
}

void Evaluation::add_rates(Aggregator& sum, SeriesStore::Series& series) const
{
    const CounterSeries counter(std::move(series.points));
    const auto add = [&sum](std::size_t step, double growth) { sum.add(step, growth); };
    if (m_query.function == Function::increase || m_query.function == Function::heatmap)
        counter.each_increase(m_times, m_window, add);
    else
        counter.each_rate(m_times, m_window, add);
}

std::optional<Error> Evaluation::add_quantiles(const GroupKey& key, Group& group, Answers& answers) const
{
    // By the text first, then by the number, as Prometheus adds them up.
    std::map<std::pair<double, std::string>, std::vector<SeriesStore::Series*>> by_bound;
    for (auto& series : group) {
        const auto le = series.labels.find("le");
        if (const auto bound = le == series.labels.end() ? std::nullopt : parse_bound(le->second))
            by_bound[{*bound, le->second}].push_back(&series);
    }
    if (auto error = too_many(by_bound.size()))
        return error;
    std::vector<std::pair<double, Aggregator>> buckets;
    for (const auto& [bound, members] : by_bound) {
        auto& sum = buckets.emplace_back(bound.first, Aggregator(Aggregation::sum, m_times.size())).second;
        for (auto* series : members)
            add_rates(sum, *series);
    }
    std::vector<Values> values(m_quantiles.size(),
                               Values(m_times.size(), std::numeric_limits<double>::quiet_NaN()));
    for (std::size_t i = 0; i < m_times.size(); ++i) {
        std::vector<Bucket> present;
        for (const auto& [bound, rate] : buckets)
            if (rate.has(i))
                present.push_back({bound, rate.value(i)});
        if (present.empty())
            continue;
        const CumulativeHistogram histogram(std::move(present));
        for (std::size_t q = 0; q < m_quantiles.size(); ++q)
            values[q][i] = histogram.quantile(m_quantiles[q]);
    }
    for (std::size_t q = 0; q < m_quantiles.size(); ++q) {
        auto& added = answers[q].emplace_back(column(key, std::move(values[q])));
        added.labels.emplace("quantile", fmt::format("{}", m_quantiles[q]));
    }
    return std::nullopt;
}

} // namespace tokenscope::query

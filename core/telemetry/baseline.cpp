// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/baseline.h"

#include "telemetry/request_figures.h"

#include <algorithm>

namespace tokenscope::telemetry {

namespace {

constexpr std::array time_quantiles{0.5, 0.95, 0.99};

std::vector<double>& values_of(Sample& sample, Measure measure)
{
    return sample.values[static_cast<std::size_t>(measure)];
}

void take(Sample& sample, Measure measure, std::optional<double> value)
{
    if (value)
        values_of(sample, measure).push_back(*value);
}

std::optional<double> quantile_of(std::span<const double> sorted, double q)
{
    return sorted.empty() ? std::nullopt : std::optional(sorted_quantile(sorted, q));
}

std::optional<double> error_share(const Sample& sample)
{
    return sample.requests == 0
               ? std::nullopt
               : std::optional(static_cast<double>(sample.errors) / static_cast<double>(sample.requests));
}

Comparison::Verdict judge(const std::optional<Difference>& difference, bool more_is_better)
{
    using enum Comparison::Verdict;
    if (!difference)
        return too_few;
    if (!difference->certain())
        return unclear;
    return (difference->value > 0) == more_is_better ? better : worse;
}

} // namespace

Sample sample(std::span<const std::shared_ptr<const RequestRecord>> records, WallTime from, WallTime to,
              std::string_view model)
{
    Sample out;
    for (const auto& record : records) {
        const auto end = ended_at(*record);
        if (end < from || end >= to)
            continue;
        if (!model.empty() && record->target.backend + '/' + record->target.model != model)
            continue;
        ++out.requests;
        if (record->status == RequestStatus::error) {
            ++out.errors; // how long it took to fail is another question
            continue;
        }
        take(out, Measure::first_token, record->ttft() ? std::optional(seconds(*record->ttft())) : std::nullopt);
        take(out, Measure::total, seconds(record->total()));
        take(out, Measure::per_token, time_per_output_token(*record));
        take(out, Measure::speed, output_speed(*record));
    }
    for (auto& values : out.values)
        std::sort(values.begin(), values.end());
    return out;
}

std::vector<Comparison> compare(const Sample& before, const Sample& after)
{
    std::vector<Comparison> all;
    const auto add = [&](Measure measure, double q, bool more_is_better) {
        const auto& one = before.values[static_cast<std::size_t>(measure)];
        const auto& two = after.values[static_cast<std::size_t>(measure)];
        const auto difference = quantile_difference(one, two, q);
        all.push_back({.measure = measure,
                       .quantile = q,
                       .before = quantile_of(one, q),
                       .after = quantile_of(two, q),
                       .difference = difference,
                       .verdict = judge(difference, more_is_better)});
    };
    for (const auto measure : {Measure::first_token, Measure::total, Measure::per_token}) {
        for (const double q : time_quantiles)
            add(measure, q, false);
    }
    add(Measure::speed, 0.5, true);
    const auto errors = share_difference(before.errors, before.requests, after.errors, after.requests);
    all.push_back({.measure = Measure::errors,
                   .quantile = 0,
                   .before = error_share(before),
                   .after = error_share(after),
                   .difference = errors,
                   .verdict = judge(errors, false)});
    return all;
}

} // namespace tokenscope::telemetry

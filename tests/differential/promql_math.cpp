// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "promql_math.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace tokenscope::tests {

namespace {

/// What counters have grown by, resets included, extrapolated over the window.
std::optional<double> extrapolated_growth(const std::vector<RawPoint>& points, std::int64_t at_ms, double window)
{
    if (points.size() < 2)
        return std::nullopt;
    double growth = points.back().value - points.front().value;
    for (std::size_t i = 1; i < points.size(); ++i)
        if (points[i].value < points[i - 1].value)
            growth += points[i - 1].value;
    const auto between = [](std::int64_t from, std::int64_t to) { return static_cast<double>(to - from) / 1e3; };
    const double sampled = between(points.front().ms, points.back().ms);
    const double spacing = sampled / static_cast<double>(points.size() - 1);
    double before = window - between(points.front().ms, at_ms);
    const double after = between(points.back().ms, at_ms);
    // A counter cannot have been below zero, which says when it must have begun.
    if (growth > 0 && points.front().value >= 0)
        before = std::min(before, sampled * points.front().value / growth);
    const auto reach = [&](double gap) { return gap < spacing * 1.1 ? gap : spacing / 2; };
    return growth * (sampled + reach(before) + reach(after)) / sampled;
}

double quantile_of(double q, std::map<double, double> buckets)
{
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    if (buckets.size() < 2 || !std::isinf(buckets.rbegin()->first) || buckets.rbegin()->second == 0)
        return nan;
    double highest = 0; // rounding may let a sum of rates fall a little
    for (auto& [bound, count] : buckets)
        highest = count = std::max(highest, count);
    const double rank = q * highest;
    double low = 0, below = 0;
    for (auto bucket = buckets.begin(); bucket != buckets.end(); ++bucket) {
        const auto& [bound, count] = *bucket;
        if (std::isinf(bound))
            return low; // in the last bucket only its lower end is known
        if (count >= rank)
            return low + (bound - low) * ((rank - below) / (count - below));
        low = bound;
        below = count;
    }
    return nan;
}

} // namespace

InstantVector rate(const RangeVector& samples, std::int64_t at_ms, std::chrono::seconds window)
{
    InstantVector out;
    const auto length = static_cast<double>(window.count());
    for (const auto& [labels, points] : samples)
        if (const auto growth = extrapolated_growth(points, at_ms, length))
            out[labels] = *growth / length;
    return out;
}

InstantVector histogram_quantile(double q, const InstantVector& buckets)
{
    std::map<LabelMap, std::map<double, double>> histograms;
    for (const auto& [labels, value] : buckets)
        histograms[test::without(labels, "le")][test::number_of(labels.at("le"))] += value;
    InstantVector out;
    for (const auto& [labels, histogram] : histograms)
        out[labels] = quantile_of(q, histogram);
    return out;
}

InstantVector sum_by(const InstantVector& vector, const std::set<std::string>& names)
{
    InstantVector out;
    for (const auto& [labels, value] : vector) {
        LabelMap kept;
        for (const auto& name : names)
            if (const auto label = labels.find(name); label != labels.end())
                kept.insert(*label);
        out[kept] += value;
    }
    return out;
}

InstantVector average(const InstantVector& vector)
{
    return scaled(sum_by(vector, {}), 1 / static_cast<double>(vector.size()));
}

InstantVector ratio(const InstantVector& a, const InstantVector& b, double factor)
{
    InstantVector out;
    for (const auto& [labels, value] : a)
        if (const auto other = b.find(labels); other != b.end())
            out[labels] = value / other->second * factor;
    return out;
}

InstantVector plus(const InstantVector& a, const InstantVector& b)
{
    InstantVector out;
    for (const auto& [labels, value] : a)
        if (const auto other = b.find(labels); other != b.end())
            out[labels] = value + other->second;
    return out;
}

InstantVector scaled(InstantVector vector, double factor)
{
    for (auto& [labels, value] : vector)
        value *= factor;
    return vector;
}

InstantVector topk(std::size_t most, const InstantVector& vector)
{
    std::vector<std::pair<double, LabelMap>> sorted;
    for (const auto& [labels, value] : vector)
        sorted.emplace_back(-value, labels);
    std::sort(sorted.begin(), sorted.end());
    InstantVector out;
    for (std::size_t i = 0; i < std::min(most, sorted.size()); ++i)
        out[sorted[i].second] = -sorted[i].first;
    return out;
}

InstantVector last_of(const RangeVector& samples)
{
    InstantVector out;
    for (const auto& [labels, points] : samples)
        out[labels] = points.back().value;
    return out;
}

RangeVector beginning_with(const RangeVector& samples, const std::string& label, const std::string& first_characters)
{
    RangeVector out;
    for (const auto& [labels, points] : samples) {
        const auto found = labels.find(label);
        if (found != labels.end() && !found->second.empty()
            && first_characters.find(found->second.front()) != std::string::npos)
            out.emplace(labels, points);
    }
    return out;
}

} // namespace tokenscope::tests

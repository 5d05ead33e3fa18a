// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fitting_series.h"

#include "query/matcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <regex>

namespace tokenscope::tests {

using query::Function;
using query::Labels;
using query::Query;

namespace {

constexpr std::array bounds = {0.005, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0, 1'000.0};

/// Texts one of which probably matches: its alternatives, with what is usual in patterns replaced by what it stands for.
std::vector<std::string> candidates(std::string_view pattern)
{
    std::vector<std::string> result{"other", "200", "404", "503", "0.5", "true", "a"};
    std::string text(pattern);
    constexpr std::array<std::pair<const char*, const char*>, 8> meanings = {{{"\\(\\?[:i]+", ""},
                                                                              {"[()^$]", ""},
                                                                              {"\\.[*+]\\??", "x"},
                                                                              {"\\\\d[+*]?", "5"},
                                                                              {"\\[\\^[^\\]]*\\][+*?]?", "~"},
                                                                              {"\\[(.)[^\\]]*\\][+*?]?", "$1"},
                                                                              {"\\\\(.)", "$1"},
                                                                              {"[?*+]", ""}}};
    for (const auto& [from, to] : meanings)
        text = std::regex_replace(text, std::regex(from), to);
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto end = std::min(text.find('|', begin), text.size());
        auto part = text.substr(begin, end - begin);
        result.push_back(part);
        std::ranges::replace(part, '.', '0');
        result.push_back(part);
        begin = end + 1;
    }
    return result;
}

std::string example(const std::string& label, const std::string& matcher)
{
    const auto [kind, value] = query::split_matcher(matcher);
    if (kind == query::MatchKind::equal)
        return std::string(value);
    const auto compiled = query::Matchers::compile({{label, matcher}});
    for (auto& candidate : candidates(value))
        if (compiled && compiled->accept({{label, candidate}}))
            return candidate;
    return "other";
}

} // namespace

void FittingSeries::add(const Query& query)
{
    for (const auto& part : query.parts)
        add(part);
    if (query.function == Function::share)
        return;
    auto& metric = m_metrics[query.metric];
    const auto& name = query.metric;
    if (query.function == Function::mean || query.function == Function::quantile || query.function == Function::heatmap)
        metric.kind = Kind::histogram;
    else if (metric.kind == Kind::gauge
             && (query.function != Function::value || name.ends_with("_total") || name.ends_with("_count")
                 || name.ends_with("_bucket") || name.ends_with("_sum")))
        metric.kind = Kind::counter;

    Labels fitting;
    for (const auto& label : query.by)
        if (label != "le")
            fitting.emplace(label, "a");
    for (const auto& [label, matcher] : query.where)
        if (auto value = example(label, matcher); value.empty())
            fitting.erase(label);
        else
            fitting[label] = std::move(value);
    metric.series[fitting];
    for (const auto& [label, value] : fitting) {
        for (const char* instead : {"b", ""}) {
            auto other = fitting;
            if (*instead == '\0')
                other.erase(label);
            else
                other[label] = instead;
            metric.series[std::move(other)];
        }
    }
}

std::vector<query::Sample> FittingSeries::scrape()
{
    m_samples.clear();
    for (auto& [name, metric] : m_metrics) {
        for (auto& [labels, state] : metric.series) {
            if (state.away == 0 && below(150) == 0)
                state.away = static_cast<int>(below(40));
            if (state.away > 0)
                --state.away;
            else
                scrape(name, labels, metric, state);
        }
    }
    return std::move(m_samples);
}

void FittingSeries::scrape(const std::string& name, const Labels& labels, Metric& metric, State& state)
{
    if (below(100) == 0)
        state = {};
    if (metric.kind == Kind::gauge) {
        constexpr double infinity = std::numeric_limits<double>::infinity();
        const auto odd = below(400);
        const double value = odd == 0 ? infinity : odd == 1 ? -infinity : static_cast<double>(below(4'000)) * 0.25;
        m_samples.push_back({name, labels, odd == 2 ? std::numeric_limits<double>::quiet_NaN() : value});
        return;
    }
    if (metric.kind == Kind::counter) {
        state.value += static_cast<double>(below(40)) * 0.25;
        m_samples.push_back({name, labels, state.value});
        return;
    }
    state.buckets.resize(bounds.size());
    for (auto observations = below(6); observations > 0; --observations) {
        const double value = std::exp(static_cast<double>(below(1'200)) / 100.0 - 6);
        for (std::size_t i = 0; i < bounds.size(); ++i)
            state.buckets[i] += value <= bounds[i] ? 1 : 0;
        state.sum += value;
        ++state.value;
    }
    auto bucket = labels;
    for (std::size_t i = 0; i < bounds.size(); ++i) {
        bucket["le"] = fmt::format("{}", bounds[i]);
        m_samples.push_back({name + "_bucket", bucket, state.buckets[i]});
    }
    bucket["le"] = "+Inf";
    m_samples.push_back({name + "_bucket", bucket, state.value});
    m_samples.push_back({name + "_sum", labels, state.sum});
    m_samples.push_back({name + "_count", labels, state.value});
}

} // namespace tokenscope::tests

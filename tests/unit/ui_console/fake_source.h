// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sources/metric_source.h"

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace tokenscope::test {

/// Remembers what it was asked and answers when told to, on whatever thread; or at once, with an empty frame or what a script
/// says.
class FakeSource final : public sources::MetricSource {
public:
    struct Call {
        query::Query query;
        sources::Range range;
        CancelToken cancel;
        Done done;
        std::string expression; ///< of a raw one
    };
    using Script = std::function<Result<query::FramePtr>(const Call&)>;

    explicit FakeSource(bool answersAtOnce = false, std::string name = "Local gateway")
        : m_atOnce(answersAtOnce), m_name(std::move(name))
    {
    }

    // Set before it is asked.
    Script script;
    Texts metricNames;
    Texts labelValues;
    bool silent = false; ///< never says which metrics and labels it has
    bool canPromql = false;
    std::chrono::milliseconds interval{0}; ///< of its samples
    sources::SourceStatus health;
    std::optional<Error> metricsError;
    std::vector<sources::MetricInfo> metricInfos; ///< besides metricNames
    Texts labelNames;
    std::optional<sources::Range> valuesOf; ///< the time of which values were asked last
    std::optional<Result<std::vector<sources::Target>>> targetList;
    std::optional<Result<std::vector<sources::RuleGroup>>> ruleList;
    bool silentOnRules = false; ///< never says which ones

    std::string name() const override { return m_name; }
    sources::Capabilities capabilities() const override
    {
        return {.promql = canPromql,
                .targets = targetList.has_value(),
                .rules = ruleList.has_value(),
                .interval = interval};
    }
    void targets(CancelToken, sources::Answer<std::vector<sources::Target>> done) override { done(*targetList); }
    void rules(CancelToken, sources::Answer<std::vector<sources::RuleGroup>> done) override
    {
        if (!silentOnRules)
            done(*ruleList);
    }
    void range(query::Query query, sources::Range range, CancelToken cancel, Done done) override
    {
        receive({std::move(query), range, std::move(cancel), std::move(done), {}});
    }
    void promql(std::string expression, sources::Range range, CancelToken cancel, Done done) override
    {
        receive({{}, range, std::move(cancel), std::move(done), std::move(expression)});
    }
    sources::SourceStatus status() const override { return health; }
    void test(CancelToken cancel, sources::Answer<std::string> done) override
    {
        const std::lock_guard lock(m_mutex);
        m_tests.emplace_back(std::move(cancel), std::move(done));
    }
    void metrics(CancelToken, sources::Answer<std::vector<sources::MetricInfo>> done) override
    {
        if (silent)
            return;
        if (metricsError) {
            done(failure(*metricsError));
            return;
        }
        auto metrics = metricInfos;
        for (const auto& metric : metricNames)
            metrics.push_back({.name = metric, .type = "gauge", .help = {}, .unit = {}});
        done(std::move(metrics));
    }
    void label_names(std::string, CancelToken, sources::Answer<Texts> done) override { done(labelNames); }
    void label_values(std::string, std::string, CancelToken, sources::Answer<Texts> done) override
    {
        if (!silent)
            done(labelValues);
    }
    void label_values_in(sources::Range range, std::string label, std::string metric, CancelToken cancel,
                         sources::Answer<Texts> done) override
    {
        valuesOf = range;
        label_values(std::move(label), std::move(metric), std::move(cancel), std::move(done));
    }

    std::vector<Call> calls() const
    {
        const std::lock_guard lock(m_mutex);
        return m_calls;
    }
    std::vector<Call> takeCalls()
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_calls, {});
    }
    std::vector<std::pair<CancelToken, sources::Answer<std::string>>> tests() const
    {
        const std::lock_guard lock(m_mutex);
        return m_tests;
    }

private:
    void receive(Call call)
    {
        if (script)
            call.done(script(call));
        else if (m_atOnce)
            call.done(std::make_shared<const query::Frame>());
        const std::lock_guard lock(m_mutex);
        m_calls.push_back(std::move(call));
    }

    const bool m_atOnce;
    const std::string m_name;
    mutable std::mutex m_mutex;
    std::vector<Call> m_calls;
    std::vector<std::pair<CancelToken, sources::Answer<std::string>>> m_tests;
};

inline query::FramePtr frameOf(std::vector<double> values, std::string name = "value")
{
    auto frame = std::make_shared<query::Frame>();
    for (std::size_t i = 0; i < values.size(); ++i)
        frame->times.push_back(static_cast<std::int64_t>(i) * 1000);
    frame->columns.push_back({.name = std::move(name), .labels = {}, .values = std::move(values)});
    return frame;
}

/// A column for each of the label values, over the steps that were asked for.
inline query::FramePtr frameFor(const sources::Range& range, const std::string& label,
                                const std::vector<std::pair<std::string, double>>& values)
{
    auto frame = std::make_shared<query::Frame>();
    for (auto time = range.from; time <= range.to; time += range.step)
        frame->times.push_back(time);
    for (const auto& [text, value] : values)
        frame->columns.push_back(
            {.name = text, .labels = {{label, text}}, .values = std::vector<double>(frame->times.size(), value)});
    return frame;
}

} // namespace tokenscope::test

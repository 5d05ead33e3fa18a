// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/scrape_pace.h"

#include "bridge/frame_math.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace tokenscope::ui {

namespace {

using namespace std::chrono_literals;
constexpr std::chrono::milliseconds stays = 5min;
constexpr std::chrono::milliseconds soon = 20s; ///< where there were too few samples to tell
constexpr std::chrono::milliseconds again = 4s; ///< after an error: before the questions that failed with it
constexpr double longest = 3600;                ///< s; no server looks back so far for a sample
constexpr double halves = 2;                    ///< of a second

/// The median distance of each series' samples, which an outage does not change, as the difference between two looks 5 s apart: what
/// comes more often reads as 5 s. The largest of all series, so that the windows hold two samples of each. A series with less than
/// two samples has none. All buckets of a histogram are scraped together, so one of them is enough.
std::string paceExpression(const std::string& samples)
{
    const std::string series = samples.ends_with("_bucket") ? samples + R"({le=~"|[+]Inf"})" : samples;
    return "max(quantile_over_time(0.5, (timestamp(" + series + ") - timestamp(" + series + " offset 5s) > 0)[5m:5s]))";
}

bool sameSource(const std::weak_ptr<sources::MetricSource>& one, const std::shared_ptr<sources::MetricSource>& other)
{
    return !one.owner_before(other) && !other.owner_before(one);
}

} // namespace

std::string samplesOf(const query::Query& query)
{
    using query::Function;
    switch (query.function) {
    case Function::quantile:
    case Function::heatmap: return query.metric + "_bucket";
    case Function::mean: return query.metric + "_count";
    case Function::rate:
    case Function::increase: return query.metric;
    case Function::value:
    case Function::share: break;
    }
    return {};
}

std::string ScrapePace::familyOf(const std::string& samples)
{
    static const std::set<std::string, std::less<>> common{"go",     "gpu",     "http",    "process",
                                                           "python", "request", "requests"};
    auto first = samples.substr(0, samples.find_first_of("_:"));
    return common.contains(first) ? samples : first;
}

ScrapePace::Known& ScrapePace::entryOf(const SourceList::Entry& source, const std::string& samples)
{
    auto& known = m_known[{source.id, familyOf(samples)}];
    if (!known || !sameSource(known->source, source.source)) {
        known = std::make_unique<Known>();
        known->source = source.source;
    }
    return *known;
}

const ScrapePace::Known* ScrapePace::find(const SourceList::Entry& source, const std::string& samples) const
{
    const auto found = m_known.find({source.id, familyOf(samples)});
    return found == m_known.end() || !sameSource(found->second->source, source.source) ? nullptr : found->second.get();
}

std::optional<std::chrono::milliseconds> ScrapePace::of(const SourceList::Entry& source, const std::string& samples,
                                                        std::int64_t at)
{
    auto& known = entryOf(source, samples);
    const std::chrono::milliseconds away(known.at ? std::abs(at - *known.at) : 0);
    // Of another time, such as a month ago, nothing is known yet.
    if (known.at && away > 2 * stays)
        known.pace.reset();
    if (known.inquiry.waiting() && known.since.hasExpired(source.patience.count())) {
        known.inquiry.cancel();
        known.failed = true;
        known.since.start();
    }
    if (known.inquiry.waiting() || (known.failed && !known.since.hasExpired(again.count())))
        return known.pace;
    if (known.failed || away > (known.sure ? stays : soon))
        known.tried.clear();
    if (known.tried.empty() || (!known.pace && !known.tried.contains(samples)))
        ask(source, samples, at, known);
    return known.pace;
}

std::optional<std::chrono::milliseconds> ScrapePace::known(const SourceList::Entry& source,
                                                           const std::string& samples) const
{
    const auto* known = find(source, samples);
    return known ? known->pace : std::nullopt;
}

void ScrapePace::ask(const SourceList::Entry& source, const std::string& samples, std::int64_t at, Known& known)
{
    known.at = at;
    known.sure = false;
    known.failed = false;
    known.tried.insert(samples);
    known.since.start();
    auto answer = known.inquiry.begin<query::FramePtr>([this, &known, samples](const Result<query::FramePtr>& frame) {
        known.failed = !frame && frame.error().code != ErrorCode::invalid_request; // which it would be again
        known.since.start();
        const auto gap = frame && *frame ? lastValue(**frame) : std::nullopt;
        if (!gap || !(*gap > 0 && *gap < longest))
            return; // another metric of these may have two samples
        known.sure = true;
        // Steps of whole seconds, which others may have asked for, too.
        const std::chrono::milliseconds pace(500 * std::max(1L, std::lround(*gap * halves)));
        if (known.pace != pace) {
            known.pace = pace;
            m_learnt(familyOf(samples));
        }
    });
    source.source->promql(paceExpression(samples), {.from = at, .to = at, .step = 1'000}, known.inquiry.token(),
                          std::move(answer));
}

void ScrapePace::renew()
{
    for (const auto& [key, known] : m_known) {
        known->tried.clear();
        known->failed = false;
    }
}

/// How far two samples of it are apart.
std::int64_t ScrapePace::gapOf(const query::Query& query, const SourceList::Entry& source, std::int64_t step,
                               std::int64_t at)
{
    constexpr std::int64_t coarse = 10'000; ///< of what a store keeps longer than an hour
    constexpr std::int64_t usual = 60'000;  ///< Prometheus' own scrape_interval, as long as no other is known
    const std::int64_t gap = paceOf(source).count();
    if (!source.source->capabilities().promql)
        return step >= coarse ? std::max(gap, coarse) : gap;
    const auto found = of(source, samplesOf(query), at);
    return found ? found->count() : std::max(gap, std::min(usual, step));
}

/// A rate over less than a step and the time between two samples would miss what happened between two windows, and a window with
/// less than two samples has no rate: see docs/dashboards.md.
bool ScrapePace::widen(query::Query& query, const SourceList::Entry& source, std::int64_t step, std::int64_t at)
{
    bool widened = false;
    for (auto& part : query.parts)
        widened = widen(part, source, step, at) || widened;
    if (query.function == query::Function::heatmap || samplesOf(query).empty())
        return widened;
    const auto gap = gapOf(query, source, step, at);
    const std::chrono::milliseconds least(std::max(step > 0 ? step + gap : 0, 2 * gap));
    if (query.window >= least)
        return widened;
    query.window = least;
    return true;
}

bool ScrapePace::findsOut(const query::Query& query, const SourceList::Entry& source) const
{
    const auto samples = samplesOf(query);
    const auto* known = samples.empty() ? nullptr : find(source, samples);
    return (known && !known->pace && known->inquiry.waiting())
           || std::any_of(query.parts.begin(), query.parts.end(),
                          [&](const query::Query& part) { return findsOut(part, source); });
}

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/scrape_pace.h"

#include "bridge/frame_math.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>

namespace tokenscope::ui {

namespace {

using namespace std::chrono_literals;
constexpr std::chrono::milliseconds looked = 5min;
constexpr std::chrono::milliseconds stays = 5min;
constexpr std::chrono::milliseconds soon = 20s; ///< where there were too few samples to tell
constexpr double enough = 4;                    ///< samples
constexpr int half_second = 500;

} // namespace

std::string ScrapePace::familyOf(const std::string& samples)
{
    static const std::set<std::string, std::less<>> common{"go",     "gpu",     "http",    "process",
                                                           "python", "request", "requests"};
    auto first = samples.substr(0, samples.find_first_of("_:"));
    return common.contains(first) ? samples : first;
}

std::optional<std::chrono::milliseconds> ScrapePace::of(const SourceList::Entry& source, const std::string& samples,
                                                        std::int64_t at)
{
    auto& known = m_known[{source.id, familyOf(samples)}];
    if (!known)
        known = std::make_unique<Known>();
    const std::chrono::milliseconds away(known->at ? std::abs(at - *known->at) : 0);
    // Of another time, such as a month ago, nothing is known yet.
    if (known->at && away > 2 * stays)
        known->pace.reset();
    if (!known->at || away > (known->sure ? stays : soon))
        known->tried.clear();
    const bool another = !known->pace && !known->tried.contains(samples);
    if (!known->inquiry.waiting() && (known->tried.empty() || another))
        ask(source, samples, at, *known);
    return known->pace;
}

std::optional<std::chrono::milliseconds> ScrapePace::known(const SourceList::Entry& source,
                                                           const std::string& samples) const
{
    const auto found = m_known.find({source.id, familyOf(samples)});
    return found == m_known.end() ? std::nullopt : found->second->pace;
}

void ScrapePace::ask(const SourceList::Entry& source, const std::string& samples, std::int64_t at, Known& known)
{
    known.at = at;
    known.sure = false;
    known.tried.insert(samples);
    auto answer = known.inquiry.begin<query::FramePtr>([this, &known, samples](const Result<query::FramePtr>& frame) {
        const auto count = frame && *frame ? lastValue(**frame) : std::nullopt;
        if (!count || !(*count > 1))
            return; // two samples at the least tell how far they are apart; another metric of these may have them
        known.sure = *count >= enough;
        const auto gap = static_cast<double>(looked.count()) / (*count - 1);
        // Steps of whole seconds, which others may have asked for, too.
        const auto pace = std::max(1L, std::lround(gap / half_second)) * std::chrono::milliseconds(half_second);
        if (known.pace != pace) {
            known.pace = pace;
            m_learnt(familyOf(samples));
        }
    });
    source.source->promql("max(count_over_time(" + samples + "[5m]))", {.from = at, .to = at, .step = 1'000},
                          known.inquiry.token(), std::move(answer));
}

} // namespace tokenscope::ui

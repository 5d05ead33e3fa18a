// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/scrape_pace.h"

#include "bridge/frame_math.h"

#include <algorithm>
#include <cmath>

namespace tokenscope::ui {

namespace {

constexpr std::chrono::minutes looked{5};
constexpr std::chrono::minutes stays{5};
constexpr int half_second = 500;

} // namespace

std::optional<std::chrono::milliseconds> ScrapePace::of(const SourceList::Entry& source, const std::string& metric,
                                                        std::int64_t now)
{
    auto& known = m_known[{source.id, metric}];
    if (!known)
        known = std::make_unique<Known>();
    if (!known->since.isValid() || known->since.hasExpired(std::chrono::milliseconds(stays).count()))
        ask(source, metric, now, *known);
    return known->pace;
}

std::optional<std::chrono::milliseconds> ScrapePace::known(const SourceList::Entry& source,
                                                           const std::string& metric) const
{
    const auto found = m_known.find({source.id, metric});
    return found == m_known.end() ? std::nullopt : found->second->pace;
}

void ScrapePace::ask(const SourceList::Entry& source, const std::string& metric, std::int64_t now, Known& known)
{
    known.since.start();
    auto answer = known.inquiry.begin<query::FramePtr>([this, &known](const Result<query::FramePtr>& frame) {
        const auto count = frame && *frame ? lastValue(**frame) : std::nullopt;
        if (!count || !(*count > 1))
            return; // two samples at the least tell how far they are apart
        const auto gap = static_cast<double>(std::chrono::milliseconds(looked).count()) / (*count - 1);
        // Steps of whole seconds, which others may have asked for, too.
        const auto pace = std::max(1L, std::lround(gap / half_second)) * std::chrono::milliseconds(half_second);
        if (known.pace != pace) {
            known.pace = pace;
            m_learnt();
        }
    });
    source.source->promql("max(count_over_time(" + metric + "_bucket[5m]))", {.from = now, .to = now, .step = 1'000},
                          known.inquiry.token(), std::move(answer));
}

} // namespace tokenscope::ui

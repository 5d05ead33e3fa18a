// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/chart_group.h"

#include "charts/span_pyramid.h"

#include <algorithm>
#include <cstdlib>

namespace tokenscope::ui {

ChartGroup::ChartGroup(QObject* parent) : QObject(parent) {}

ChartGroup::~ChartGroup() = default;

void ChartGroup::setTime(std::optional<std::int64_t> msSinceEpoch)
{
    if (msSinceEpoch == m_time)
        return;
    m_time = msSinceEpoch;
    Q_EMIT timeChanged();
}

void ChartGroup::zoomedTo(ChartSpan span, Gesture gesture)
{
    const bool continues = gesture == Gesture::continued && m_continued && !m_ranges.empty();
    if (continues)
        m_ranges.back() = span;
    else if (m_ranges.empty() || m_ranges.back() != span)
        m_ranges.push_back(span);
    if (m_ranges.size() > mostRanges)
        m_ranges.erase(m_ranges.begin());
    m_continued = gesture == Gesture::continued;
}

std::optional<ChartSpan> ChartGroup::back()
{
    m_continued = false;
    if (!m_ranges.empty())
        m_ranges.pop_back();
    return m_ranges.empty() ? std::nullopt : std::optional(m_ranges.back());
}

void ChartGroup::shown(ChartSpan span)
{
    if (m_ranges.empty())
        return;
    // Sources answer in whole steps, so the range is somewhat wider than what was asked for.
    const ChartSpan& wanted = m_ranges.back();
    const std::int64_t tolerance = std::max<std::int64_t>(2500, (wanted.to - wanted.from) / 20);
    if (std::abs(span.from - wanted.from) > tolerance || std::abs(span.to - wanted.to) > tolerance)
        m_ranges.clear();
}

std::shared_ptr<FramePyramids> ChartGroup::pyramids(const query::FramePtr& frame)
{
    std::erase_if(m_pyramids, [](const auto& kept) { return kept.expired(); });
    for (const auto& kept : m_pyramids) {
        if (auto found = kept.lock(); found && found->frame() == frame)
            return found;
    }
    auto made = std::make_shared<FramePyramids>(frame);
    m_pyramids.push_back(made);
    return made;
}

} // namespace tokenscope::ui

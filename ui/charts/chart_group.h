// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/frame.h"

#include <QObject>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace tokenscope::ui {

class FramePyramids;

/// A stretch of time, ms since 1970.
struct ChartSpan {
    std::int64_t from = 0;
    std::int64_t to = 0;
    bool operator==(const ChartSpan&) const = default;
};

/// What the charts of a page share: the crosshair (where one is hovered, all show the same instant), the ranges that were zoomed
/// to one after the other, and what was worked out of the frames they show.
class ChartGroup : public QObject {
    Q_OBJECT

public:
    explicit ChartGroup(QObject* parent = nullptr);
    ~ChartGroup() override;

    std::optional<std::int64_t> time() const { return m_time; }
    void setTime(std::optional<std::int64_t> msSinceEpoch);

    enum class Gesture { single, continued }; ///< a continued one replaces the range it began with: turns of the wheel
    void zoomedTo(ChartSpan span, Gesture gesture);
    /// The range before the one that is shown; nothing where there was no other: then all time goes on.
    std::optional<ChartSpan> back();
    bool zoomed() const { return !m_ranges.empty(); }
    void forgetRanges() { m_ranges.clear(); }
    /// A range that is shown now. One that was not zoomed to, was chosen elsewhere: there is nothing to go back to.
    void shown(ChartSpan span);

    /// One for all charts that show this frame, as long as one of them keeps it.
    std::shared_ptr<FramePyramids> pyramids(const query::FramePtr& frame);

Q_SIGNALS:
    void timeChanged();

private:
    static constexpr std::size_t mostRanges = 50;

    std::optional<std::int64_t> m_time;
    std::vector<ChartSpan> m_ranges;
    bool m_continued = false;
    std::vector<std::weak_ptr<FramePyramids>> m_pyramids;
};

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/time_ticks.h"

#include <QRectF>

#include <cstdint>
#include <vector>

QT_BEGIN_NAMESPACE
class QFontMetricsF;
class QPainter;
QT_END_NAMESPACE

namespace tokenscope::ui {

struct ThemeTokens;

constexpr double axisLabelGap = 8; ///< px between a label and the plot or its neighbour
/// px left of a plot: enough for "500 ms", so that charts below each other begin at the same place, as their crosshair needs it.
constexpr double narrowestGutter = 54;

/// What stands below a plot and behind its data, by the same rules in every chart over time. An instant whose label would touch "now"
/// has its grid line alone, so that the lines stay evenly apart; one whose label would stand in the gutter, where the values have theirs,
/// has neither.
struct TimeAxis {
    struct Mark {
        double x = 0;    ///< of the grid line
        double left = 0; ///< of the label
        QString label;   ///< may be empty
        bool line = true;
    };
    std::vector<Mark> marks; ///< from left to right; "now" is the last, and no grid line
};

/// How long after its end a range still ends "now", in ms.
std::int64_t nowLasts(std::int64_t fromMs, std::int64_t toMs);

/// `plot`: where the data are, between `fromMs` and `toMs`.
TimeAxis timeAxis(const QRectF& plot, std::int64_t fromMs, std::int64_t toMs, std::int64_t nowMs,
                  const QFontMetricsF& metrics);

void paintTimeGrid(QPainter& painter, const TimeAxis& axis, const QRectF& plot, const ThemeTokens& tokens);
/// In the painter's font and pen.
void paintTimeLabels(QPainter& painter, const TimeAxis& axis, const QRectF& plot, const QFontMetricsF& metrics);

/// On the middle of a pixel, where a hairline is sharp.
double crisp(double position);

} // namespace tokenscope::ui

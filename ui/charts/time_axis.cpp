// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/time_axis.h"

#include "theme/color_math.h"
#include "theme/theme.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace tokenscope::ui {
namespace {

/// Labels of seconds need more room than those of minutes, so how many fit is known only when it is known which. Far apart where that
/// is still enough of them to read a time off, closer where it is not.
std::vector<TimeTick> ticksFitting(double width, std::int64_t fromMs, std::int64_t toMs, std::int64_t nowMs,
                                   const QFontMetricsF& metrics)
{
    constexpr std::size_t enough = 4;
    const auto fitting = [&](const QString& label, double gap) {
        return timeTicks(fromMs, toMs, static_cast<int>(width / (metrics.horizontalAdvance(label) + gap)), nowMs);
    };
    std::vector<TimeTick> ticks;
    for (const double gap : {4 * axisLabelGap, 2 * axisLabelGap}) {
        ticks = fitting(QStringLiteral("00:00"), gap);
        if (!ticks.empty() && ticks.back().label.count(QLatin1Char(':')) == 2)
            ticks = fitting(QStringLiteral("00:00:00"), gap);
        if (ticks.size() >= enough)
            break;
    }
    return ticks;
}

} // namespace

double crisp(double position)
{
    return std::floor(position) + 0.5;
}

std::int64_t nowLasts(std::int64_t fromMs, std::int64_t toMs)
{
    return std::max<std::int64_t>(2000, (toMs - fromMs) / 100);
}

TimeAxis timeAxis(const QRectF& plot, std::int64_t fromMs, std::int64_t toMs, std::int64_t nowMs,
                  const QFontMetricsF& metrics)
{
    TimeAxis axis;
    const std::int64_t range = toMs - fromMs;
    const auto add = [&](const QString& label, double x, bool line) {
        axis.marks.push_back({x, x - metrics.horizontalAdvance(label) / 2, label, line});
    };
    double free = plot.right() + axisLabelGap;
    if (std::abs(nowMs - toMs) <= nowLasts(fromMs, toMs)) {
        const QString now = QCoreApplication::translate("TimeSeriesChart", "now");
        add(now, plot.right(), false);
        // It says where the plot ends, rather than an instant, and so may stand aside.
        axis.marks.back().left = std::min(axis.marks.back().left, free - metrics.horizontalAdvance(now));
        free = axis.marks.back().left - axisLabelGap;
    }
    const auto ticks = ticksFitting(plot.width(), fromMs, toMs, nowMs, metrics);
    // From right to left: "now" has precedence, and a label that would touch its right neighbour is left out.
    for (auto tick = ticks.rbegin(); tick != ticks.rend(); ++tick) {
        const double x =
            plot.left() + plot.width() * static_cast<double>(tick->ms - fromMs) / static_cast<double>(range);
        const double width = metrics.horizontalAdvance(tick->label);
        // The values' labels end a gap before the plot.
        if (x - width / 2 < plot.left() - axisLabelGap / 2)
            continue;
        const bool fits = x + width / 2 <= free;
        if (!fits && axis.marks.empty())
            continue;
        add(fits ? tick->label : QString(), x, true);
        if (fits)
            free = axis.marks.back().left - axisLabelGap;
    }
    std::reverse(axis.marks.begin(), axis.marks.end());
    return axis;
}

void paintTimeGrid(QPainter& painter, const TimeAxis& axis, const QRectF& plot, const ThemeTokens& tokens)
{
    painter.setPen(QPen(mixed(tokens.surface, tokens.hairline, 0.7), 1));
    for (const auto& mark : axis.marks) {
        if (mark.line)
            painter.drawLine(QPointF(crisp(mark.x), plot.top()), QPointF(crisp(mark.x), plot.bottom()));
    }
}

void paintTimeLabels(QPainter& painter, const TimeAxis& axis, const QRectF& plot, const QFontMetricsF& metrics)
{
    for (const auto& mark : axis.marks)
        painter.drawText(
            QRectF(mark.left, plot.bottom() + 4, metrics.horizontalAdvance(mark.label) + 1, metrics.height()),
            Qt::AlignLeft | Qt::AlignVCenter, mark.label);
}

} // namespace tokenscope::ui

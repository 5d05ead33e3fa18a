// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/plot_painter.h"

#include "charts/plot_scene.h"
#include "theme/color_math.h"
#include "theme/panel.h"
#include "theme/theme.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPolygonF>
#include <QTextOption>

#include <algorithm>
#include <cmath>

namespace tokenscope::ui {
namespace {

void paintGrid(QPainter& painter, const PlotScene& scene, const ThemeTokens& tokens)
{
    const QColor faint = mixed(tokens.surface, tokens.hairline, 0.7);
    for (const ValueTick& tick : scene.values.ticks) {
        const double y = crisp(std::min(scene.y(tick.value), scene.plot.bottom() - 1));
        painter.setPen(QPen(tick.value == 0 ? tokens.hairline : faint, 1));
        painter.drawLine(QPointF(scene.plot.left(), y), QPointF(scene.plot.right(), y));
    }
    paintTimeGrid(painter, scene.times, scene.plot, tokens);
}

void paintValueLabels(QPainter& painter, const PlotScene& scene, const QFontMetricsF& metrics)
{
    for (const ValueTick& tick : scene.values.ticks) {
        const double y = scene.y(tick.value) - metrics.height() / 2;
        painter.drawText(QRectF(0, y, scene.plot.left() - axisLabelGap, metrics.height()),
                         Qt::AlignRight | Qt::AlignVCenter, tick.label);
    }
}

void paintBand(QPainter& painter, const PlotScene& scene, const PlotBand& band)
{
    const auto& upper = scene.lines[band.upper].columns;
    const auto& lower = band.lower ? scene.lines[*band.lower].columns : scene.lines[band.upper].floor;
    QPolygonF top;
    QPolygonF bottom;
    const auto flush = [&] {
        std::reverse(bottom.begin(), bottom.end());
        painter.drawPolygon(top + bottom);
        top.clear();
        bottom.clear();
    };
    painter.setPen(Qt::NoPen);
    painter.setBrush(band.color);
    auto low = lower.begin();
    for (const PlotColumn& high : upper) {
        while (low != lower.end() && low->bucket < high.bucket)
            ++low;
        const bool both = low != lower.end() && low->bucket == high.bucket;
        if (!top.isEmpty() && (!both || high.startsRun || low->startsRun))
            flush();
        if (both) {
            const double x = scene.x((high.firstMs + high.lastMs) / 2);
            top << QPointF(x, scene.y(high.maximum));
            bottom << QPointF(x, scene.y(low->minimum));
        }
    }
    flush();
}

/// A few points: smooth strokes through each of them.
void paintSparse(QPainter& painter, const PlotScene& scene, const PlotLine& line)
{
    painter.setRenderHint(QPainter::Antialiasing);
    // Round joints would be an arc for each sample, and cannot be told apart at this width.
    const QPen pen(line.color, line.width, Qt::SolidLine, Qt::RoundCap, Qt::BevelJoin);
    QPolygonF run;
    const auto flush = [&] {
        if (run.size() == 1) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(line.color);
            painter.drawEllipse(run.front(), line.width + 0.5, line.width + 0.5);
        } else if (!run.isEmpty()) {
            painter.setPen(pen);
            painter.drawPolyline(run);
        }
        run.clear();
    };
    for (const PlotColumn& column : line.columns) {
        if (column.startsRun)
            flush();
        run << QPointF(scene.x(column.firstMs), scene.y(column.first));
        if (column.count > 1) {
            const double middle = scene.x((column.firstMs + column.lastMs) / 2);
            if (column.count > 2)
                run << QPointF(middle, scene.y(column.minimum)) << QPointF(middle, scene.y(column.maximum));
            run << QPointF(scene.x(column.lastMs), scene.y(column.last));
        }
    }
    flush();
}

/// More samples than pixels: one upright span for each column of the device's pixels, without the cost of stroking a path.
void paintDense(QPainter& painter, const PlotScene& scene, const PlotLine& line)
{
    const double ratio = scene.pixelRatio;
    const double thickness = std::round(ratio) - 0.5;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.scale(1 / ratio, 1 / ratio);
    QList<QLineF> lines;
    lines.reserve(static_cast<qsizetype>(line.columns.size()) + 16);
    QPointF end;
    for (const PlotColumn& column : line.columns) {
        const auto middle = static_cast<std::int64_t>((static_cast<double>(column.bucket) + 0.5) * scene.bucketMs);
        const double x = crisp(scene.x(middle) * ratio);
        double top = scene.y(column.maximum) * ratio;
        double bottom = scene.y(column.minimum) * ratio;
        const bool joined = !column.startsRun;
        if (joined && x - end.x() < 1.5) {
            // The way from the neighbour's last value is part of the span.
            top = std::min(top, end.y());
            bottom = std::max(bottom, end.y());
        } else if (joined) {
            lines << QLineF(end, QPointF(x, scene.y(column.first) * ratio));
        }
        lines << QLineF(x, top, x, std::max(bottom, top + thickness));
        end = QPointF(x, scene.y(column.last) * ratio);
    }
    painter.setPen(QPen(line.color, 1, Qt::SolidLine, Qt::FlatCap));
    painter.drawLines(lines);
    painter.restore();
}

/// It would cover the line below it: a layer of nothing but zeros, e.g. of errors, would look like all of the stack.
bool isFlat(const PlotColumn& column, const PlotColumn& floor)
{
    return floor.count > 0 && column.first == floor.first && column.last == floor.last
           && column.minimum == floor.minimum && column.maximum == floor.maximum;
}

/// The columns of a layer without the segments that are flat at both ends.
std::vector<PlotColumn> seenColumns(const PlotLine& line)
{
    std::vector<PlotColumn> seen;
    bool flatBefore = true;
    for (std::size_t i = 0; i < line.columns.size(); ++i) {
        PlotColumn column = line.columns[i];
        const bool flat = isFlat(column, line.floor[i]);
        const bool ends = i + 1 == line.columns.size() || line.columns[i + 1].startsRun;
        const bool flatAfter = ends || isFlat(line.columns[i + 1], line.floor[i + 1]);
        flatBefore = flatBefore || column.startsRun;
        column.startsRun = column.startsRun || (flat && flatBefore);
        if (!flat || !flatBefore || !flatAfter)
            seen.push_back(column);
        flatBefore = flat;
    }
    return seen;
}

void paintLine(QPainter& painter, const PlotScene& scene, const PlotLine& line)
{
    std::int64_t samples = 0;
    for (const PlotColumn& column : line.columns)
        samples += column.count;
    const auto columns = static_cast<std::int64_t>(line.columns.size());
    samples > columns * 3 / 2 && columns > 200 ? paintDense(painter, scene, line) : paintSparse(painter, scene, line);
}

void paintNotice(QPainter& painter, const PlotScene& scene, const ThemeTokens& tokens)
{
    const QFontMetricsF metrics(tokens.small);
    const QString text = metrics.elidedText(scene.notice, Qt::ElideRight, scene.plot.width() - 32);
    const QRectF box(scene.plot.left() + 8, scene.plot.top() + 4, metrics.horizontalAdvance(text) + 16,
                     metrics.height() + 8);
    painter.setPen(QPen(tokens.hairline, 1));
    painter.setBrush(tokens.raised);
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), tokens.radius, tokens.radius);
    painter.setPen(tokens.bad);
    painter.drawText(box, Qt::AlignCenter, text);
}

} // namespace

void paintPlot(QPainter& painter, const PlotScene& scene, const ThemeTokens& tokens)
{
    const QFontMetricsF metrics(tokens.small);
    painter.setFont(tokens.small);
    if (!scene.message.isEmpty()) {
        painter.setFont(tokens.body);
        painter.setPen(scene.messageIsError ? tokens.bad : tokens.secondary);
        painter.drawText(QRectF(16, 0, scene.plot.right() - 16, scene.plot.bottom()), scene.message, messageLayout());
        return;
    }
    paintGrid(painter, scene, tokens);
    painter.setPen(tokens.secondary);
    paintValueLabels(painter, scene, metrics);
    paintTimeLabels(painter, scene.times, scene.plot, metrics);

    painter.save();
    // A line on the ground or at the very top keeps its full width.
    painter.setClipRect(scene.plot.adjusted(0, -2, 0, 2));
    painter.setOpacity(scene.stale ? 0.45 : 1);
    painter.setRenderHint(QPainter::Antialiasing);
    for (const PlotBand& band : scene.bands)
        paintBand(painter, scene, band);
    for (const PlotLine& line : scene.lines) {
        if (line.floor.empty())
            paintLine(painter, scene, line);
        else
            paintLine(painter, scene, {line.color, line.width, seenColumns(line), {}});
    }
    painter.restore();

    painter.setRenderHint(QPainter::Antialiasing);
    if (!scene.remark.isEmpty()) {
        painter.setPen(tokens.secondary);
        painter.drawText(scene.plot, scene.remark, messageLayout());
    }
    if (!scene.notice.isEmpty())
        paintNotice(painter, scene, tokens);
}

} // namespace tokenscope::ui

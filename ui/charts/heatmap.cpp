// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/heatmap.h"

#include "charts/time_series_chart.h"
#include "charts/time_ticks.h"
#include "theme/color_math.h"
#include "theme/theme.h"

#include <QDateTime>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace tokenscope::ui {

namespace {

constexpr int labelGap = 6;

std::int64_t stepOf(const query::Frame& frame)
{
    return frame.times.size() < 2 ? 1'000 : frame.times[1] - frame.times[0];
}

} // namespace

Heatmap::Heatmap(const Theme& theme, ChartGroup* group, QWidget* parent) : TitledPanel(theme, parent), m_group(group)
{
    setMouseTracking(true);
    if (group)
        connect(group, &ChartGroup::timeChanged, this, qOverload<>(&QWidget::update));
}

void Heatmap::setTimeRange(std::int64_t fromMs, std::int64_t toMs)
{
    m_fromMs = fromMs;
    m_toMs = toMs;
    update();
}

QString Heatmap::boundName(const HeatCells::Bucket& bucket) const
{
    const auto bound = formatValue(bucket.to, unit());
    return !bucket.name.empty()    ? QString::fromStdString(bucket.name)
           : std::isinf(bucket.to) ? bound.number
                                   : bound.joined();
}

QString Heatmap::bucketName(const HeatCells::Bucket& bucket) const
{
    if (!bucket.name.empty())
        return QString::fromStdString(bucket.name);
    if (std::isinf(bucket.to))
        return tr("above %1").arg(formatValue(bucket.from, unit()).joined());
    return std::isinf(bucket.from) ? tr("up to %1").arg(boundName(bucket))
                                   : tr("%1 to %2").arg(formatValue(bucket.from, unit()).joined(), boundName(bucket));
}

QString Heatmap::readData()
{
    const auto data = frame();
    m_cells = data ? heatCells(*data) : HeatCells();
    m_image = {};
    if (!data || m_cells.highest <= 0)
        return {};
    const auto& tokens = theme().tokens();
    const int height = static_cast<int>(m_cells.buckets.size());
    m_image = QImage(static_cast<int>(data->times.size()), height, QImage::Format_ARGB32_Premultiplied);
    m_image.fill(Qt::transparent);
    QString words;
    for (int y = 0; y < height; ++y) {
        const auto& bucket = m_cells.buckets[static_cast<std::size_t>(height - 1 - y)];
        double sum = 0;
        for (int column = 0; column < m_image.width(); ++column) {
            const double count = bucket.counts[static_cast<std::size_t>(column)];
            if (!(count > 0))
                continue;
            const auto time = data->times[static_cast<std::size_t>(column)];
            if (m_toMs <= m_fromMs || (time > m_fromMs && time - stepOf(*data) < m_toMs))
                sum += count;
            // The square root, so that a single slow request among hundreds is still seen.
            const double strength = 0.15 + 0.85 * std::sqrt(std::min(1.0, count / m_cells.highest));
            m_image.setPixelColor(column, y, mixed(tokens.surface, tokens.accent, strength));
        }
        if (sum > 0)
            words += bucketName(bucket) + QStringLiteral(": ") + formatValue(sum, Unit::none).joined()
                     + QStringLiteral("; ");
    }
    return words;
}

double Heatmap::x(std::int64_t ms) const
{
    return m_plot.left()
           + m_plot.width() * static_cast<double>(ms - m_fromMs)
                 / std::max(1.0, static_cast<double>(m_toMs - m_fromMs));
}

void Heatmap::paintData(QPainter& painter, const QRect& area)
{
    const auto data = frame();
    const auto& tokens = theme().tokens();
    const QFontMetrics metrics(tokens.small);
    if (m_toMs <= m_fromMs) {
        m_fromMs = data->times.front();
        m_toMs = data->times.back() + 1;
    }
    int gutter = 0;
    for (const auto& bucket : m_cells.buckets)
        gutter = std::max(gutter, metrics.horizontalAdvance(boundName(bucket)));
    gutter = std::min(gutter, area.width() / 3) + labelGap;
    m_plot = QRectF(area).adjusted(gutter, 0, 0, -metrics.height() - labelGap);
    paintAxes(painter);
    // What a sample counts happened in the step before it.
    const auto left = x(data->times.front() - stepOf(*data));
    const auto right = x(data->times.back());
    painter.save();
    painter.setClipRect(m_plot);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    painter.drawImage(QRectF(left, m_plot.top(), right - left, m_plot.height()), m_image);
    painter.restore();
    const auto time = m_group ? m_group->time() : std::nullopt;
    if (time && *time >= m_fromMs && *time <= m_toMs) {
        painter.setPen(QPen(tokens.secondary, 1));
        painter.drawLine(QPointF(x(*time), m_plot.top()), QPointF(x(*time), m_plot.bottom()));
    }
}

void Heatmap::paintAxes(QPainter& painter)
{
    const auto& tokens = theme().tokens();
    const QFontMetrics metrics(tokens.small);
    painter.setFont(tokens.small);
    painter.setPen(tokens.secondary);
    const double rowHeight = m_plot.height() / static_cast<double>(m_cells.buckets.size());
    double free = m_plot.bottom() + metrics.height();
    for (std::size_t i = 0; i < m_cells.buckets.size(); ++i) {
        // A label stands at the upper edge of its bucket.
        const double y = m_plot.bottom() - rowHeight * static_cast<double>(i + 1);
        const double top = std::max(m_plot.top() - 1, y - metrics.height() / 2.0);
        if (top + metrics.height() > free)
            continue;
        free = top;
        const auto text = metrics.elidedText(boundName(m_cells.buckets[i]), Qt::ElideMiddle,
                                             static_cast<int>(m_plot.left()) - body().left() - labelGap + 1);
        painter.drawText(QRectF(body().left(), top, m_plot.left() - body().left() - labelGap + 1, metrics.height()),
                         static_cast<int>(Qt::AlignRight | Qt::AlignVCenter), text);
    }
    const int labelWidth = metrics.horizontalAdvance(QStringLiteral("00:00:00")) + 4 * labelGap;
    const auto now = QDateTime::currentMSecsSinceEpoch();
    for (const auto& tick : timeTicks(m_fromMs, m_toMs, static_cast<int>(m_plot.width()) / labelWidth, now)) {
        const int width = metrics.horizontalAdvance(tick.label);
        const double left = std::clamp(x(tick.ms) - width / 2.0, m_plot.left(), m_plot.right() - width);
        painter.drawText(QPointF(left, m_plot.bottom() + labelGap / 2.0 + metrics.ascent()), tick.label);
    }
}

std::optional<Heatmap::Cell> Heatmap::cellAt(const QPointF& position) const
{
    const auto data = frame();
    if (!hasData() || !data || !m_plot.contains(position))
        return std::nullopt;
    const double ms = static_cast<double>(m_fromMs)
                      + (position.x() - m_plot.left()) / m_plot.width() * static_cast<double>(m_toMs - m_fromMs);
    const double row = std::ceil((ms - static_cast<double>(data->times.front())) / static_cast<double>(stepOf(*data)));
    const double bucket =
        std::floor((m_plot.bottom() - position.y()) / m_plot.height() * static_cast<double>(m_cells.buckets.size()));
    if (row < 0 || row >= static_cast<double>(data->times.size()) || bucket < 0)
        return std::nullopt;
    return Cell{static_cast<std::size_t>(row), std::min(static_cast<std::size_t>(bucket), m_cells.buckets.size() - 1)};
}

void Heatmap::mouseMoveEvent(QMouseEvent* event)
{
    const auto cell = cellAt(event->position());
    if (m_group)
        m_group->setTime(cell ? std::optional(frame()->times[cell->row]) : std::nullopt);
    if (!cell) {
        QToolTip::hideText();
        return;
    }
    const auto& bucket = m_cells.buckets[cell->bucket];
    QToolTip::showText(event->globalPosition().toPoint(),
                       formatTime(frame()->times[cell->row], m_toMs - m_fromMs) + QLatin1Char('\n') + bucketName(bucket)
                           + QStringLiteral(": ") + formatValue(bucket.counts[cell->row], Unit::none).joined(),
                       this);
}

void Heatmap::leaveEvent(QEvent* event)
{
    TitledPanel::leaveEvent(event);
    if (m_group)
        m_group->setTime(std::nullopt);
}

} // namespace tokenscope::ui

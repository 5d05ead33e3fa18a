// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/heatmap.h"

#include "charts/chart_accessible.h"
#include "charts/chart_group.h"
#include "charts/time_axis.h"
#include "theme/color_math.h"
#include "theme/theme.h"

#include <QDateTime>
#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace tokenscope::ui {

namespace {

constexpr int keySteps = 8, keyStepWidth = 8; ///< of its colours

QString keyFrom()
{
    return heatCountText(0);
}

bool sameBounds(const HeatCells& a, const HeatCells& b)
{
    return std::ranges::equal(a.buckets, b.buckets, {}, &HeatCells::Bucket::to, &HeatCells::Bucket::to);
}

} // namespace

Heatmap::Heatmap(const Theme& theme, ChartGroup* group, QWidget* parent) : TitledPanel(theme, parent), m_group(group)
{
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    installChartAccessibility();
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
    return !bucket.name.empty()    ? QString::fromStdString(bucket.name)
           : std::isinf(bucket.to) ? formatValue(bucket.to, unit()).number
                                   : formatRound(bucket.to, unit());
}

QString Heatmap::boundBelow(std::size_t bucket) const
{
    return bucket > 0 && m_cells.buckets[bucket].name.empty() ? boundName(m_cells.buckets[bucket - 1]) : QString();
}

QString Heatmap::bucketName(const HeatCells::Bucket& bucket) const
{
    if (!bucket.name.empty())
        return QString::fromStdString(bucket.name);
    if (std::isinf(bucket.to))
        return tr("above %1").arg(formatRound(bucket.from, unit()));
    return std::isinf(bucket.from) ? tr("up to %1").arg(boundName(bucket))
                                   : tr("%1 to %2").arg(formatRound(bucket.from, unit()), boundName(bucket));
}

QString Heatmap::readData()
{
    const auto data = frame();
    HeatCells cells = data ? heatCells(*data) : HeatCells();
    const bool sameRows = sameBounds(cells, m_cells) && m_rowsSpan == m_toMs - m_fromMs;
    m_cells = std::move(cells);
    m_image = {};
    if (!data || m_cells.highest <= 0)
        return {};
    const bool ranged = m_toMs > m_fromMs;
    m_rows = rowsWorthSeeing(m_cells, data->times, ranged ? m_fromMs : std::numeric_limits<std::int64_t>::min(),
                             ranged ? m_toMs : std::numeric_limits<std::int64_t>::max(),
                             sameRows ? std::optional(m_rows) : std::nullopt);
    m_rowsSpan = m_toMs - m_fromMs;
    const int height = static_cast<int>(m_rows.count());
    m_image = QImage(static_cast<int>(data->times.size()), height, QImage::Format_ARGB32_Premultiplied);
    m_image.fill(Qt::transparent);
    QString words;
    for (int y = 0; y < height; ++y) {
        const auto& bucket = m_cells.buckets[m_rows.last - static_cast<std::size_t>(y)];
        double sum = 0;
        for (int column = 0; column < m_image.width(); ++column) {
            const double count = bucket.counts[static_cast<std::size_t>(column)];
            if (!(count > 0))
                continue;
            const auto time = data->times[static_cast<std::size_t>(column)];
            if (!ranged || (time > m_fromMs && time - stepOf(data->times) < m_toMs))
                sum += count;
            m_image.setPixelColor(column, y, colorOf(count));
        }
        if (sum > 0)
            words += bucketName(bucket) + QStringLiteral(": ") + heatCountText(sum) + QStringLiteral("; ");
    }
    return words;
}

QColor Heatmap::colorOf(double count) const
{
    const auto& tokens = theme().tokens();
    // The square root, so that a single slow request among hundreds is still seen.
    const double strength = 0.15 + 0.85 * std::sqrt(std::min(1.0, count / m_cells.highest));
    return mixed(tokens.surface, tokens.accent, strength);
}

QString Heatmap::highestText() const
{
    return m_cells.highest < 1 ? heatCountText(m_cells.highest)
                               : formatValue(std::round(m_cells.highest), Unit::none).joined();
}

int Heatmap::keyWidth() const
{
    const auto& tokens = theme().tokens();
    const QFontMetrics metrics(tokens.small);
    return metrics.horizontalAdvance(keyFrom()) + metrics.horizontalAdvance(highestText()) + keySteps * keyStepWidth
           + 2 * tokens.space1;
}

/// From nothing to the most that fell into a cell.
void Heatmap::paintKey(QPainter& painter, const QRect& area) const
{
    const auto& tokens = theme().tokens();
    const QFontMetrics metrics(tokens.small);
    const int left = area.left() + metrics.horizontalAdvance(keyFrom()) + tokens.space1;
    painter.setPen(tokens.secondary);
    painter.drawText(area, Qt::AlignLeft | Qt::AlignVCenter, keyFrom());
    painter.drawText(area, Qt::AlignRight | Qt::AlignVCenter, highestText());
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    const QRect strip(left, area.center().y() - 3, keySteps * keyStepWidth, 8);
    for (int i = 1; i < keySteps; ++i) // the first is of none, and empty as in the map
        painter.fillRect(QRect(strip.left() + i * keyStepWidth, strip.top(), keyStepWidth, strip.height()),
                         colorOf(m_cells.highest * i / (keySteps - 1)));
    painter.setPen(tokens.hairline);
    painter.drawRect(strip.adjusted(0, 0, -1, -1));
    painter.restore();
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
    const QFontMetricsF metrics(tokens.small);
    if (m_toMs <= m_fromMs) {
        m_fromMs = data->times.front();
        m_toMs = data->times.back() + 1;
    }
    double widest = metrics.horizontalAdvance(boundBelow(m_rows.first));
    for (std::size_t i = m_rows.first; i <= m_rows.last; ++i)
        widest = std::max(widest, metrics.horizontalAdvance(boundName(m_cells.buckets[i])));
    const double gutter = std::max(narrowestGutter, std::ceil(std::min(widest, area.width() / 3.0)) + axisLabelGap);
    // Its edges lie where those of a line chart in the same row do.
    m_plot = QRectF(area).adjusted(gutter, std::floor(metrics.height() / 2) - 2, -tokens.space1,
                                   tokens.space1 - 6 - std::ceil(metrics.height()));
    const TimeAxis times = timeAxis(m_plot, m_fromMs, m_toMs, QDateTime::currentMSecsSinceEpoch(), metrics);
    painter.setFont(tokens.small);
    paintTimeGrid(painter, times, m_plot, tokens);
    painter.setPen(tokens.secondary);
    paintTimeLabels(painter, times, m_plot, metrics);
    paintValueAxis(painter, area);
    // What a sample counts happened in the step before it.
    const auto left = x(data->times.front() - stepOf(data->times));
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
    if (const auto marked = markedCell()) {
        painter.setPen(QPen(tokens.text, 1.5));
        painter.drawRect(rectOf(*marked));
    }
}

void Heatmap::paintEvent(QPaintEvent* event)
{
    TitledPanel::paintEvent(event);
    if (!m_focusSeen)
        return;
    const auto& tokens = theme().tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(tokens.accent, 1.5));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), tokens.radius, tokens.radius);
}

/// A bucket's bound stands at its upper edge, the name of what is no bucket beside it.
void Heatmap::paintValueAxis(QPainter& painter, const QRect& area) const
{
    const auto& tokens = theme().tokens();
    const QFontMetricsF metrics(tokens.small);
    const QColor faint = mixed(tokens.surface, tokens.hairline, 0.7);
    const double rowHeight = m_plot.height() / static_cast<double>(m_rows.count());
    const double width = m_plot.left() - area.left() - axisLabelGap;
    double free = m_plot.bottom() + metrics.height();
    const auto place = [&](const QString& name, double y, bool line) {
        if (y + metrics.height() / 2 > free)
            return;
        free = y - metrics.height() / 2;
        if (line) {
            painter.setPen(QPen(faint, 1));
            painter.drawLine(QPointF(m_plot.left(), crisp(y)), QPointF(m_plot.right(), crisp(y)));
        }
        painter.setPen(tokens.secondary);
        painter.drawText(QRectF(area.left(), free, width, metrics.height()), Qt::AlignRight | Qt::AlignVCenter,
                         metrics.elidedText(name, Qt::ElideMiddle, width));
    };
    place(boundBelow(m_rows.first), std::floor(m_plot.bottom()) - 1, true);
    for (std::size_t i = m_rows.first; i <= m_rows.last; ++i) {
        const auto& bucket = m_cells.buckets[i];
        const bool named = !bucket.name.empty();
        const double top = m_plot.bottom() - rowHeight * static_cast<double>(i - m_rows.first + 1);
        place(boundName(bucket), named ? top + rowHeight / 2 : top, !named);
    }
}

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/phase_bar.h"

#include "format/format.h"
#include "theme/color_math.h"
#include "theme/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr int barHeight = 20;
constexpr int swatch = 8;
constexpr double dimmed = 0.55;

} // namespace

PhaseBar::PhaseBar(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setFocusPolicy(Qt::TabFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void PhaseBar::setSegments(std::vector<Segment> segments)
{
    m_segments = std::move(segments);
    m_current.reset();
    QStringList all;
    for (const auto& segment : m_segments)
        all << words(segment);
    setAccessibleDescription(all.join(QStringLiteral("; ")));
    updateGeometry();
    update();
}

double PhaseBar::sum() const
{
    double all = 0;
    for (const auto& segment : m_segments)
        all += segment.seconds;
    return all;
}

QString PhaseBar::words(const Segment& segment) const
{
    const auto all = sum();
    return tr("%1 %2 (%3)")
        .arg(segment.name, formatValue(segment.seconds, Unit::seconds).joined(),
             formatValue(all > 0 ? std::optional(100 * segment.seconds / all) : std::nullopt, Unit::percent).joined());
}

int PhaseBar::rowHeight() const
{
    return QFontMetrics(m_theme.tokens().small).height() + m_theme.tokens().space1;
}

QSize PhaseBar::sizeHint() const
{
    const auto rows = static_cast<int>(m_segments.size());
    return {240, barHeight + m_theme.tokens().space2 + std::max(1, rows) * rowHeight()};
}

QSize PhaseBar::minimumSizeHint() const
{
    return {120, sizeHint().height()};
}

QRectF PhaseBar::barOf(std::size_t segment) const
{
    const auto all = sum();
    if (all <= 0)
        return {};
    double before = 0;
    for (std::size_t i = 0; i < segment; ++i)
        before += m_segments[i].seconds;
    const double from = before / all * width();
    return {from, 0, std::max(1.0, m_segments.at(segment).seconds / all * width()), barHeight};
}

void PhaseBar::paintEvent(QPaintEvent*)
{
    const auto& tokens = m_theme.tokens();
    const QFontMetrics metrics(tokens.small);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(tokens.small);
    QPainterPath rounded;
    rounded.addRoundedRect(QRectF(0, 0, width(), barHeight), 4, 4);
    painter.fillPath(rounded, mixed(tokens.surface, tokens.hairline, 0.5));
    painter.setClipPath(rounded);
    for (std::size_t i = 0; i < m_segments.size(); ++i) {
        const auto color = tokens.series.at(m_segments[i].color % tokens.series.size());
        painter.fillRect(barOf(i), m_current && *m_current != i ? mixed(color, tokens.surface, dimmed) : color);
    }
    painter.setClipping(false);
    int y = barHeight + tokens.space2;
    for (std::size_t i = 0; i < m_segments.size(); ++i, y += rowHeight()) {
        const auto& segment = m_segments[i];
        const QRect row(0, y, width(), rowHeight());
        painter.setPen(Qt::NoPen);
        if (m_current == i) {
            painter.setBrush(mixed(tokens.surface, tokens.selection, 0.6));
            painter.drawRoundedRect(row, 3, 3);
        }
        painter.setBrush(tokens.series.at(segment.color % tokens.series.size()));
        painter.drawRoundedRect(QRectF(4, row.center().y() - swatch / 2.0 + 0.5, swatch, swatch), 2, 2);
        const auto share =
            formatValue(sum() > 0 ? std::optional(100 * segment.seconds / sum()) : std::nullopt, Unit::percent);
        const int shareWidth = metrics.horizontalAdvance(QStringLiteral("<0.01 %")) + tokens.space2;
        painter.setPen(tokens.secondary);
        painter.drawText(row.adjusted(0, 0, -4, 0), Qt::AlignRight | Qt::AlignVCenter, share.joined());
        painter.setPen(tokens.text);
        painter.drawText(row.adjusted(0, 0, -4 - shareWidth, 0), Qt::AlignRight | Qt::AlignVCenter,
                         formatValue(segment.seconds, Unit::seconds).joined());
        painter.drawText(row.adjusted(swatch + 12, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, segment.name);
    }
    if (m_segments.empty()) {
        painter.setPen(tokens.secondary);
        painter.drawText(QRect(0, y, width(), rowHeight()), Qt::AlignLeft | Qt::AlignVCenter,
                         tr("No time was measured."));
    }
    if (hasFocus()) {
        painter.setPen(QPen(tokens.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(1, 1, width() - 2, barHeight - 2), 4, 4);
    }
}

std::optional<std::size_t> PhaseBar::at(const QPoint& point) const
{
    if (point.y() < barHeight) {
        for (std::size_t i = m_segments.size(); i-- > 0;) {
            if (const auto bar = barOf(i); point.x() >= bar.left() && point.x() <= bar.right())
                return i;
        }
        return std::nullopt;
    }
    const int row = (point.y() - barHeight - m_theme.tokens().space2) / rowHeight();
    if (point.y() < barHeight + m_theme.tokens().space2 || row >= static_cast<int>(m_segments.size()))
        return std::nullopt;
    return static_cast<std::size_t>(row);
}

void PhaseBar::look(std::optional<std::size_t> segment)
{
    if (segment == m_current)
        return;
    m_current = segment;
    update();
}

bool PhaseBar::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    if (const auto segment = at(help->pos()))
        QToolTip::showText(help->globalPos(),
                           words(m_segments[*segment]) + QLatin1Char('\n') + m_segments[*segment].explanation, this);
    else
        QToolTip::hideText();
    return true;
}

void PhaseBar::keyPressEvent(QKeyEvent* event)
{
    const bool on = event->key() == Qt::Key_Right || event->key() == Qt::Key_Down;
    const bool back = event->key() == Qt::Key_Left || event->key() == Qt::Key_Up;
    if ((!on && !back) || m_segments.empty()) {
        QWidget::keyPressEvent(event);
        return;
    }
    const auto last = m_segments.size() - 1;
    const auto from = m_current.value_or(on ? last : 0);
    look(on ? (from == last ? 0 : from + 1) : (from == 0 ? last : from - 1));
    const auto& segment = m_segments[*m_current];
    QToolTip::showText(mapToGlobal(barOf(*m_current).bottomLeft().toPoint()),
                       words(segment) + QLatin1Char('\n') + segment.explanation, this);
}

void PhaseBar::mouseMoveEvent(QMouseEvent* event)
{
    look(at(event->position().toPoint()));
}

void PhaseBar::leaveEvent(QEvent*)
{
    look(std::nullopt);
}

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/bar_list.h"

#include "charts/chart_series.h"
#include "theme/color_math.h"
#include "theme/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace tokenscope::ui {

namespace {

constexpr double barHeight = 4;

} // namespace

int BarList::rowHeight() const
{
    return QFontMetrics(theme().tokens().small).height() + static_cast<int>(barHeight) + 2 * theme().tokens().space1;
}

QString BarList::textOf(const Bar& bar) const
{
    return formatValue(bar.value, unit()).joined();
}

QString BarList::readData()
{
    m_bars.clear();
    const auto data = frame();
    if (!data)
        return {};
    for (const auto& series : makeSeries(*data, theme(), false, m_colors)) {
        const auto& values = data->columns[series.column].values;
        if (!values.empty() && std::isfinite(values.back()))
            m_bars.push_back({series.name, values.back(), series.color});
    }
    std::stable_sort(m_bars.begin(), m_bars.end(), [](const Bar& a, const Bar& b) { return a.value > b.value; });
    QString words;
    for (const auto& bar : m_bars)
        words += bar.name + QLatin1Char(' ') + textOf(bar) + QStringLiteral("; ");
    return words;
}

void BarList::paintData(QPainter& painter, const QRect& area)
{
    const auto& tokens = theme().tokens();
    const QFontMetrics metrics(tokens.small);
    m_area = area;
    const int fitting = std::max(1, area.height() / rowHeight());
    const int count = static_cast<int>(m_bars.size());
    m_shown = count <= fitting ? count : std::max(1, fitting - 1);
    double longest = 0;
    for (const auto& bar : m_bars)
        longest = std::max(longest, std::abs(bar.value));
    const auto track = mixed(tokens.surface, tokens.hairline, 0.5);
    painter.setFont(tokens.small);
    for (int i = 0; i < m_shown; ++i) {
        const auto& bar = m_bars[static_cast<std::size_t>(i)];
        const int top = area.top() + i * rowHeight();
        const auto value = textOf(bar);
        const int valueWidth = metrics.horizontalAdvance(value);
        painter.setPen(tokens.text);
        painter.drawText(area.right() - valueWidth, top + metrics.ascent(), value);
        painter.setPen(tokens.secondary);
        painter.drawText(area.left(), top + metrics.ascent(),
                         metrics.elidedText(bar.name, Qt::ElideMiddle, area.width() - valueWidth - tokens.space3));
        const QRectF ground(area.left(), top + metrics.height() + 1, area.width(), barHeight);
        painter.setPen(Qt::NoPen);
        painter.setBrush(track);
        painter.drawRoundedRect(ground, barHeight / 2, barHeight / 2);
        if (longest <= 0 || bar.value == 0)
            continue;
        auto filled = ground;
        filled.setWidth(std::max(barHeight, ground.width() * std::abs(bar.value) / longest));
        painter.setBrush(bar.value < 0 ? tokens.secondary : bar.color);
        painter.drawRoundedRect(filled, barHeight / 2, barHeight / 2);
    }
    if (m_shown < count) {
        painter.setPen(tokens.secondary);
        painter.drawText(area.left(), area.top() + m_shown * rowHeight() + metrics.ascent(),
                         tr("+%1 more").arg(count - m_shown));
    }
}

bool BarList::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return TitledPanel::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int row = m_area.contains(help->pos()) ? (help->pos().y() - m_area.top()) / rowHeight() : -1;
    if (row >= 0 && row < m_shown && row < static_cast<int>(m_bars.size())) {
        const auto& bar = m_bars[static_cast<std::size_t>(row)];
        QToolTip::showText(help->globalPos(), bar.name + QLatin1Char('\n') + textOf(bar), this);
    } else {
        QToolTip::hideText();
    }
    return true;
}

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/chart_tooltip.h"

#include "theme/theme.h"

#include <QFontMetrics>
#include <QPainter>

#include <algorithm>

namespace tokenscope::ui {
namespace {

constexpr std::size_t mostRows = 12;
constexpr int padding = 8;
constexpr int swatch = 8;
constexpr int longestName = 260;

int rowHeight(const QFontMetrics& metrics)
{
    return metrics.height() + 3;
}

} // namespace

ChartTooltip::ChartTooltip(const Theme& theme, QWidget* window) : QWidget(window), m_theme(theme)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
}

void ChartTooltip::setContents(const QString& heading, std::vector<Row> rows, const QString& hint)
{
    m_heading = heading;
    m_hint = hint;
    m_left = rows.size() > mostRows ? rows.size() - mostRows : 0;
    rows.resize(rows.size() - m_left);
    m_rows = std::move(rows);

    const QFontMetrics metrics(m_theme.tokens().small);
    int names = 0;
    int values = 0;
    for (const Row& row : m_rows) {
        names = std::max(names, std::min(longestName, metrics.horizontalAdvance(row.name)));
        values = std::max(values, metrics.horizontalAdvance(row.value));
    }
    const int body = swatch + 6 + names + 16 + values;
    const auto lines = static_cast<int>(m_rows.size()) + (m_left > 0 ? 2 : 1) + (m_hint.isEmpty() ? 0 : 1);
    resize(std::max({body, metrics.horizontalAdvance(m_heading), metrics.horizontalAdvance(m_hint)}) + 2 * padding + 2,
           lines * rowHeight(metrics) + 2 * padding);
    update();
}

void ChartTooltip::showBeside(const QPoint& point)
{
    constexpr int distance = 12;
    const QRect room = parentWidget()->rect();
    int x = point.x() + distance;
    if (x + width() > room.right())
        x = point.x() - distance - width();
    const int y = std::clamp(point.y() - height() / 2, 0, std::max(0, room.height() - height()));
    move(std::max(0, x), y);
    if (!isVisible()) {
        raise();
        show();
    }
}

void ChartTooltip::paintEvent(QPaintEvent*)
{
    const ThemeTokens& tokens = m_theme.tokens();
    const QFontMetrics metrics(tokens.small);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(tokens.hairline, 1));
    painter.setBrush(tokens.raised);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), tokens.radius, tokens.radius);

    painter.setFont(tokens.small);
    QRect line(padding, padding, width() - 2 * padding, rowHeight(metrics));
    const auto next = [&line] { line.translate(0, line.height()); };
    painter.setPen(tokens.secondary);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, m_heading);
    next();
    for (const Row& row : m_rows) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(row.color);
        painter.drawEllipse(QRectF(line.left(), line.center().y() - swatch / 2 + 0.5, swatch, swatch));
        painter.setPen(tokens.secondary);
        painter.drawText(line.adjusted(swatch + 6, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(row.name, Qt::ElideMiddle, longestName));
        painter.setPen(tokens.text);
        painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, row.value);
        next();
    }
    if (m_left > 0) {
        painter.setPen(tokens.secondary);
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, tr("and %1 more").arg(m_left));
        next();
    }
    if (!m_hint.isEmpty()) {
        painter.setPen(tokens.accent);
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, m_hint);
    }
}

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/chart_legend.h"

#include "charts/chart_accessible.h"
#include "charts/short_names.h"
#include "theme/theme.h"

#include <QAccessible>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace tokenscope::ui {
namespace {

constexpr int swatchWidth = 8;
constexpr int gap = 4;
constexpr int entryGap = 12;
constexpr int longestName = 200;
constexpr int tableWidth = 640;
constexpr int narrowTable = 520; ///< from which on another stands beside it
constexpr int tableGap = 24;
constexpr int tallestColumn = 6; ///< rows; more go into another column where there is room for one
constexpr int statisticWidth = 88;
constexpr int statisticsWidth = 4 * statisticWidth + gap;
constexpr int slack = 6;         ///< px that a value may be narrower before its neighbours move up
constexpr int shortestName = 72; ///< shorter ones cannot be told apart: rather count what does not fit

int textWidth(const QFontMetrics& metrics, const QString& text)
{
    return text.isEmpty() ? 0 : metrics.horizontalAdvance(text) + 1;
}

void tellToggled(QObject* legend, std::size_t at)
{
    QAccessible::State changed;
    changed.checked = true;
    QAccessibleStateChangeEvent event(legend, changed);
    event.setChild(static_cast<int>(at));
    QAccessible::updateAccessibility(&event);
}

} // namespace

ChartLegend::ChartLegend(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    installChartAccessibility(); // before anybody asks for the interface
    setAccessibleName(tr("Legend"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    // Its picture covers the ground.
    setAttribute(Qt::WA_OpaquePaintEvent);
    connect(&theme, &Theme::changed, this, &ChartLegend::redraw);
}

void ChartLegend::setEntries(std::vector<LegendEntry> entries)
{
    if (entries == m_entries)
        return;
    const bool same = std::equal(
        entries.begin(), entries.end(), m_entries.begin(), m_entries.end(),
        [](const LegendEntry& a, const LegendEntry& b) { return a.identity == b.identity && a.name == b.name; });
    if (!same) {
        m_valueWidths.clear();
        m_widestValues.clear();
    }
    std::swap(m_entries, entries);
    m_current = std::clamp(m_current, 0, std::max(0, static_cast<int>(m_entries.size()) - 1));
    // One line that cannot be hidden is nothing to stop at with the Tab key.
    setFocusPolicy(m_entries.size() > 1 ? Qt::TabFocus : Qt::NoFocus);

    const QFontMetrics metrics(m_theme.tokens().small);
    const std::vector<int> widths = m_valueWidths;
    m_valueWidths.resize(m_entries.size());
    m_widestValues.resize(m_entries.size());
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        const int needed = textWidth(metrics, m_entries[i].value);
        if (needed > m_valueWidths[i] || needed < m_valueWidths[i] - slack)
            m_valueWidths[i] = needed;
        m_widestValues[i] = std::max(m_widestValues[i], needed);
    }

    QString description;
    for (const LegendEntry& entry : m_entries)
        description += entry.name + QLatin1Char(' ') + entry.value + QStringLiteral("; ");
    setAccessibleDescription(description);
    if (!same || widths != m_valueWidths)
        layOut();
    redraw();
    for (std::size_t i = 0; same && i < entries.size(); ++i) {
        if (entries[i].visible != m_entries[i].visible)
            tellToggled(this, i);
    }
}

void ChartLegend::setCurrent(int at)
{
    m_current = at;
    redraw();
    if (!hasFocus())
        return;
    QAccessibleEvent event(this, QAccessible::Focus);
    event.setChild(at);
    QAccessible::updateAccessibility(&event);
}

void ChartLegend::redraw()
{
    m_picture = {};
    update();
}

void ChartLegend::setTable(bool table)
{
    if (table == m_table)
        return;
    m_table = table;
    layOut();
    redraw();
}

int ChartLegend::rowHeight() const
{
    return QFontMetrics(m_theme.tokens().small).height() + 3;
}

QSize ChartLegend::sizeHint() const
{
    return {120, rowHeight()};
}

int ChartLegend::heightFor(int width, int mostRows) const
{
    int bottom = -1;
    const auto layout = layoutFor(width, mostRows, m_widestValues);
    for (const QRect& place : layout.places)
        bottom = std::max(bottom, place.bottom());
    return bottom + 1;
}

bool ChartLegend::fits(int width, int mostRows) const
{
    return layoutFor(width, mostRows, m_widestValues).places.size() == m_entries.size();
}

void ChartLegend::layOut()
{
    Layout layout = layoutFor(width(), std::max(1, height() / rowHeight()), m_valueWidths);
    m_names = std::move(layout.names);
    m_places = std::move(layout.places);
}

ChartLegend::Layout ChartLegend::layoutFor(int width, int mostRows, const std::vector<int>& valueWidths) const
{
    const QFontMetrics metrics(m_theme.tokens().small);
    QStringList names;
    for (const LegendEntry& entry : m_entries)
        names << entry.name;
    if (m_table) {
        std::vector<QRect> places = rows(width, mostRows);
        const int room = places.empty() ? 0 : places.front().width() - swatchWidth - gap - statisticsWidth;
        return {shortNames(names, metrics, room), std::move(places)};
    }
    int longest = shortestName;
    for (const QString& name : names)
        longest = std::max(longest, textWidth(metrics, name));
    for (int cap = std::min(longest, longestName);; cap -= 8) {
        Layout layout{shortNames(names, metrics, std::max(cap, shortestName)), {}};
        layout.places = flow(width, mostRows, layout.names, valueWidths);
        if (layout.places.size() == m_entries.size() || cap <= shortestName)
            return layout;
    }
}

/// What it takes to say how many are left out.
int ChartLegend::moreWidth() const
{
    return entryGap + QFontMetrics(m_theme.tokens().small).horizontalAdvance(QStringLiteral("+99"));
}

/// Below each other, under a heading, and in further such columns where there is room.
std::vector<QRect> ChartLegend::rows(int width, int mostRows) const
{
    std::vector<QRect> places;
    const int room = std::max(1, mostRows - 1);
    const int size = static_cast<int>(m_entries.size());
    // Values that stand far from their name slip into another's row.
    const QFontMetrics metrics(m_theme.tokens().small);
    int wanted = statisticsWidth;
    for (const LegendEntry& entry : m_entries)
        wanted = std::max(wanted, swatchWidth + gap + textWidth(metrics, entry.name) + entryGap + statisticsWidth);
    const int tallest = std::min(room, tallestColumn);
    const int columns =
        std::clamp((size + tallest - 1) / tallest, 1, std::max(1, (width + tableGap) / (narrowTable + tableGap)));
    const int more = columns * room < size ? moreWidth() : 0;
    const int columnWidth = std::min({(width - more - (columns - 1) * tableGap) / columns, tableWidth, wanted});
    const int inColumn = std::min(room, (size + columns - 1) / columns);
    for (int i = 0; i < std::min(columns * inColumn, size); ++i)
        places.emplace_back(i / inColumn * (columnWidth + tableGap), (i % inColumn + 1) * rowHeight(), columnWidth,
                            rowHeight());
    return places;
}

/// Rows from left to right; the last one keeps room to say how many are left out.
std::vector<QRect> ChartLegend::flow(int width, int mostRows, const QStringList& names,
                                     const std::vector<int>& valueWidths) const
{
    const QFontMetrics metrics(m_theme.tokens().small);
    const int more = moreWidth();
    std::vector<QRect> places;
    int x = 0;
    int row = 0;
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        const int name = textWidth(metrics, names[static_cast<qsizetype>(i)]);
        const int wanted = swatchWidth + gap + name + (valueWidths[i] > 0 ? gap + valueWidths[i] : 0);
        const int entryWidth = std::min(wanted, width);
        const bool lastRow = row + 1 == mostRows;
        const int room = lastRow && i + 1 < m_entries.size() ? width - more : width;
        if (x > 0 && x + entryWidth > room) {
            if (lastRow)
                break;
            x = 0;
            ++row;
        }
        places.emplace_back(x, row * rowHeight(), entryWidth, rowHeight());
        x += entryWidth + entryGap;
    }
    return places;
}

int ChartLegend::entryAt(const QPoint& position) const
{
    for (std::size_t i = 0; i < m_places.size(); ++i) {
        if (m_places[i].adjusted(-entryGap / 2, 0, entryGap / 2, 0).contains(position))
            return static_cast<int>(i);
    }
    return -1;
}

bool ChartLegend::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int at = entryAt(help->pos());
        if (at >= 0 && m_details)
            QToolTip::showText(help->globalPos(), m_details(static_cast<std::size_t>(at)), this);
        else
            QToolTip::hideText();
        return true;
    }
    return QWidget::event(event);
}

void ChartLegend::paintStatistics(QPainter& painter, const QRect& place, const std::array<QString, 4>& texts) const
{
    QRect cell(place.right() + 1 - statisticWidth, place.top(), statisticWidth, place.height());
    for (auto text = texts.rbegin(); text != texts.rend(); ++text) {
        painter.drawText(cell, Qt::AlignRight | Qt::AlignVCenter, *text);
        cell.translate(-statisticWidth, 0);
    }
}

void ChartLegend::paintEntry(QPainter& painter, std::size_t at) const
{
    const ThemeTokens& tokens = m_theme.tokens();
    const QFontMetrics metrics(tokens.small);
    const LegendEntry& entry = m_entries[at];
    const QRect place = m_places[at];
    const QRectF swatch(place.left(), place.center().y() - 1, swatchWidth, 3);
    painter.setPen(Qt::NoPen);
    painter.setBrush(entry.visible ? entry.color : tokens.hairline);
    painter.drawRoundedRect(swatch, 1.5, 1.5);

    const int valueWidth = entry.visible && m_valueWidths[at] > 0 ? gap + m_valueWidths[at] : 0;
    const int behind = m_table ? statisticsWidth : valueWidth;
    const QRect name = place.adjusted(swatchWidth + gap, 0, -behind, 0);
    painter.setPen(entry.visible ? tokens.secondary : tokens.disabled);
    painter.drawText(name, Qt::AlignLeft | Qt::AlignVCenter,
                     metrics.elidedText(m_names[static_cast<qsizetype>(at)], Qt::ElideMiddle, name.width()));
    if (entry.visible) {
        painter.setPen(tokens.text);
        if (m_table)
            paintStatistics(painter, place, entry.statistics);
        else
            painter.drawText(QRect(name.right() + 1 + gap, place.top(), m_valueWidths[at], place.height()),
                             Qt::AlignLeft | Qt::AlignVCenter, entry.value);
    }
    if (hasFocus() && static_cast<int>(at) == m_current) {
        painter.setPen(QPen(tokens.accent, 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(place).adjusted(-3, 1, 3, -1) & QRectF(rect()).adjusted(1, 1, -1, -1), 4, 4);
    }
}

void ChartLegend::paintEvent(QPaintEvent*)
{
    const double ratio = devicePixelRatioF();
    if (m_picture.isNull() || m_picture.devicePixelRatio() != ratio) {
        m_picture = QPixmap(size() * ratio);
        m_picture.setDevicePixelRatio(ratio);
        m_picture.fill(m_theme.tokens().surface);
        QPainter painter(&m_picture);
        draw(painter);
    }
    QPainter painter(this);
    painter.drawPixmap(0, 0, m_picture);
}

void ChartLegend::draw(QPainter& painter) const
{
    const ThemeTokens& tokens = m_theme.tokens();
    painter.setFont(tokens.small);
    painter.setRenderHint(QPainter::Antialiasing);
    for (std::size_t i = 0; i < m_places.size(); ++i)
        paintEntry(painter, i);
    painter.setPen(tokens.secondary);
    for (const QRect& place : m_places) {
        if (m_table && place.top() == rowHeight())
            paintStatistics(painter, place.translated(0, -rowHeight()), {tr("last"), tr("min"), tr("max"), tr("mean")});
    }
    if (m_places.size() < m_entries.size())
        painter.drawText(rect(), Qt::AlignRight | Qt::AlignBottom,
                         QStringLiteral("+%1").arg(m_entries.size() - m_places.size()));
}

void ChartLegend::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    layOut();
    redraw();
}

void ChartLegend::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    redraw();
}

void ChartLegend::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    redraw();
}

void ChartLegend::keyPressEvent(QKeyEvent* event)
{
    if (m_entries.empty())
        return QWidget::keyPressEvent(event);
    const QString& identity = m_entries[static_cast<std::size_t>(m_current)].identity;
    const int last = static_cast<int>(m_places.size()) - 1;
    switch (event->key()) {
    case Qt::Key_Up:
    case Qt::Key_Left: setCurrent(std::max(0, m_current - 1)); break;
    case Qt::Key_Down:
    case Qt::Key_Right: setCurrent(std::min(last, m_current + 1)); break;
    case Qt::Key_Return:
    case Qt::Key_Enter: Q_EMIT isolateRequested(identity); break;
    case Qt::Key_Space: Q_EMIT toggleRequested(identity); break;
    default: return QWidget::keyPressEvent(event);
    }
}

void ChartLegend::mousePressEvent(QMouseEvent* event)
{
    const int at = entryAt(event->position().toPoint());
    if (at < 0 || event->button() != Qt::LeftButton)
        return;
    setCurrent(at);
    const QString identity = m_entries[static_cast<std::size_t>(at)].identity;
    if (event->modifiers().testFlag(Qt::ControlModifier))
        Q_EMIT toggleRequested(identity);
    else
        Q_EMIT isolateRequested(identity);
}

} // namespace tokenscope::ui

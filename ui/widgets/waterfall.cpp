// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/waterfall.h"

#include "charts/value_ticks.h"
#include "format/format.h"
#include "theme/color_math.h"
#include "theme/theme.h"

#include <QHeaderView>
#include <QPainter>
#include <QStyledItemDelegate>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr int leftMargin = 8;
constexpr int rightMargin = 64; ///< for the length of a span that goes to the end
constexpr int barHeight = 10;
constexpr int tickDistance = 72;
constexpr double nameShare = 0.42; ///< at least, where a name needs it
constexpr int barsWidth = 240;     ///< px that the bars need, with the lengths beside them
constexpr int widestName = 420;

std::vector<ValueTick> ticksOf(const TraceModel& model, int width)
{
    if (model.seconds() <= 0)
        return {};
    return valueTicks(0, model.seconds(), std::max(1, width / tickDistance), Unit::seconds, AxisEnd::exact).ticks;
}

double place(double share, const QRect& cell)
{
    return cell.left() + leftMargin + share * std::max(0, cell.width() - leftMargin - rightMargin);
}

/// The bar, with its length beside it.
class BarDelegate : public QStyledItemDelegate {
public:
    BarDelegate(const Theme& theme, const TraceModel& model, QObject* parent)
        : QStyledItemDelegate(parent), m_theme(theme), m_model(model)
    {
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const auto& tokens = m_theme.tokens();
        const auto cell = option.rect;
        painter->save();
        painter->setClipRect(cell);
        if (option.state.testFlag(QStyle::State_Selected))
            painter->fillRect(cell, tokens.selection);
        painter->setPen(mixed(tokens.surface, tokens.hairline, 0.6));
        for (const auto& tick : ticksOf(m_model, cell.width() - rightMargin)) {
            const int x = static_cast<int>(place(tick.value / m_model.seconds(), cell));
            painter->drawLine(x, cell.top(), x, cell.bottom());
        }
        if (const auto bar = m_model.barOf(index); bar.drawn)
            paintBar(*painter, bar, cell, index.data().toString());
        painter->restore();
    }

private:
    void paintBar(QPainter& painter, const TraceModel::Bar& bar, const QRect& cell, const QString& length) const
    {
        const auto& tokens = m_theme.tokens();
        const auto drawn = Waterfall::barRect(bar, cell);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(bar.color);
        painter.drawRoundedRect(drawn, 2, 2);
        painter.setFont(tokens.small);
        const int wide = QFontMetrics(tokens.small).horizontalAdvance(length) + 6;
        const QRectF label(drawn.right() + 5, cell.top(), wide, cell.height());
        painter.setPen(tokens.text);
        painter.drawText(label, Qt::AlignLeft | Qt::AlignVCenter, length);
    }

    const Theme& m_theme;
    const TraceModel& m_model;
};

/// The time axis stands in the header of the bars.
class AxisHeader : public QHeaderView {
public:
    AxisHeader(const Theme& theme, const TraceModel& model)
        : QHeaderView(Qt::Horizontal), m_theme(theme), m_model(model)
    {
    }

protected:
    void paintSection(QPainter* painter, const QRect& cell, int section) const override
    {
        painter->save();
        QHeaderView::paintSection(painter, cell, section);
        painter->restore();
        if (section != TraceModel::time)
            return;
        painter->setFont(m_theme.tokens().small);
        painter->setPen(m_theme.tokens().secondary);
        const QFontMetrics metrics(m_theme.tokens().small);
        int free = cell.left();
        for (const auto& tick : ticksOf(m_model, cell.width() - rightMargin)) {
            const int wide = metrics.horizontalAdvance(tick.label) + 2;
            const int left = std::clamp(static_cast<int>(place(tick.value / m_model.seconds(), cell)) - wide / 2,
                                        cell.left() + 2, std::max(cell.left() + 2, cell.right() - wide));
            if (left < free)
                continue;
            painter->drawText(QRect(left, cell.top(), wide, cell.height()), Qt::AlignCenter, tick.label);
            free = left + wide + 8;
        }
    }

private:
    const Theme& m_theme;
    const TraceModel& m_model;
};

} // namespace

Waterfall::Waterfall(const Theme& theme, QWidget* parent)
    : QTreeView(parent), m_theme(theme), m_model(new TraceModel(theme, this))
{
    setHeader(new AxisHeader(theme, *m_model));
    setModel(m_model);
    setItemDelegateForColumn(TraceModel::time, new BarDelegate(theme, *m_model, this));
    setUniformRowHeights(true);
    setAllColumnsShowFocus(true);
    setRootIsDecorated(true);
    setIndentation(12);
    setTextElideMode(Qt::ElideRight);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(ScrollPerPixel);
    setEditTriggers(NoEditTriggers);
    header()->setStretchLastSection(true);
    header()->setSectionsMovable(false);
    header()->setHighlightSections(false);
    header()->setMinimumSectionSize(80);
    connect(selectionModel(), &QItemSelectionModel::currentChanged, this, &Waterfall::currentRowChanged);
    connect(this, &QTreeView::activated, this, [this](const QModelIndex& index) {
        if (index.isValid())
            Q_EMIT rowActivated(TraceModel::rowOf(index));
    });
    connect(&theme, &Theme::changed, this, &Waterfall::dress);
    dress();
}

void Waterfall::setTrace(TraceTree tree)
{
    m_model->setTree(std::move(tree));
    expandAll();
    layColumns();
    // The row that is looked at went with its trace.
    Q_EMIT currentRowChanged();
}

std::optional<std::size_t> Waterfall::currentRow() const
{
    const auto index = currentIndex();
    return index.isValid() ? std::optional(TraceModel::rowOf(index)) : std::nullopt;
}

void Waterfall::chooseRow(std::size_t row)
{
    const auto index = m_model->indexOf(row);
    setCurrentIndex(index);
    scrollTo(index);
}

QRectF Waterfall::barRect(const TraceModel::Bar& bar, const QRect& cell)
{
    const double from = place(std::clamp(bar.from, 0.0, 1.0), cell);
    const double to = place(std::clamp(bar.to, 0.0, 1.0), cell);
    return {from, cell.center().y() - barHeight / 2.0 + 0.5, std::max(2.0, to - from), barHeight};
}

void Waterfall::resizeEvent(QResizeEvent* event)
{
    QTreeView::resizeEvent(event);
    layColumns();
}

void Waterfall::layColumns()
{
    const int share = std::max(static_cast<int>(viewport()->width() * nameShare), viewport()->width() - barsWidth);
    setColumnWidth(TraceModel::name,
                   std::min({widestName, share, std::max(120, sizeHintForColumn(TraceModel::name) + 8)}));
}

void Waterfall::dress()
{
    setFont(m_theme.tokens().small);
    header()->setFont(m_theme.tokens().small);
    viewport()->update();
    header()->viewport()->update();
}

} // namespace tokenscope::ui

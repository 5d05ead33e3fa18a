// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/overview/feed_table.h"

#include "models/request_table_model.h"
#include "pages/common/status_delegate.h"

#include <QHeaderView>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <utility>

namespace tokenscope::ui {

FeedTable::FeedTable(const Theme& theme, RequestTableModel& model, QWidget* parent) : QTableView(parent), m_model(model)
{
    setModel(&model);
    setItemDelegate(new StatusDelegate(theme, this));
    setFrameShape(QFrame::NoFrame);
    setShowGrid(false);
    setWordWrap(false);
    setTextElideMode(Qt::ElideRight);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setTabKeyNavigation(false);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(QAbstractItemView::ScrollPerItem); // no half rows
    setAccessibleDescription(tr("A click or Enter opens a request in Requests"));
    viewport()->setCursor(Qt::PointingHandCursor);
    verticalHeader()->hide();
    auto* header = horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionsClickable(false);
    header->setMinimumSectionSize(36);
    header->setResizeContentsPrecision(0); // of the rows that can be seen
    header->setSectionResizeMode(QHeaderView::Fixed);
    connect(this, &QAbstractItemView::clicked, this, &FeedTable::open);
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, &FeedTable::countMissed);
}

bool FeedTable::atNewest() const
{
    return verticalScrollBar()->value() == verticalScrollBar()->minimum();
}

void FeedTable::keepPlace(const std::function<void()>& change)
{
    auto* bar = verticalScrollBar();
    const bool newest = atNewest();
    const auto* const top = m_model.record(rowAt(0));
    const auto sequence = top ? top->sequence : 0; // the record may go
    change();
    executeDelayedItemsLayout();
    updateGeometries(); // or there is nowhere yet to scroll to
    if (newest)
        bar->setValue(bar->minimum());
    else if (const int row = m_model.rowOf(sequence); row >= 0)
        bar->setValue(row); // it counts rows
    countMissed();
}

void FeedTable::countMissed()
{
    std::uint64_t last = m_lastSeen;
    int missed = 0;
    for (int row = 0; const auto* const record = m_model.record(row); ++row) {
        last = std::max(last, record->sequence);
        missed += record->sequence > m_lastSeen ? 1 : 0;
    }
    if (atNewest()) {
        m_lastSeen = last;
        missed = 0;
    }
    if (std::exchange(m_missed, missed) != missed)
        Q_EMIT missedChanged(missed);
}

/// QTableView would choose a neighbour of a row that goes, and scroll to it; nobody asked for that one.
void FeedTable::rowsAboutToBeRemoved(const QModelIndex& parent, int start, int end)
{
    if (const auto row = currentIndex().row(); row >= start && row <= end)
        selectionModel()->clear();
    QTableView::rowsAboutToBeRemoved(parent, start, end);
}

void FeedTable::open(const QModelIndex& index)
{
    if (const auto* const record = m_model.record(index.row()))
        Q_EMIT opened(QString::fromStdString(record->request_id));
}

/// Not by activated(), which on some desktops comes of a click as well.
void FeedTable::keyPressEvent(QKeyEvent* event)
{
    // Where no row is selected, keys begin at those that are seen: the focus alone had gone away with its row.
    if (!selectionModel()->hasSelection())
        selectionModel()->setCurrentIndex(m_model.index(rowAt(0), 0), QItemSelectionModel::NoUpdate);
    if (event->key() != Qt::Key_Return && event->key() != Qt::Key_Enter)
        return QTableView::keyPressEvent(event);
    open(currentIndex());
    event->accept();
}

bool FeedTable::viewportEvent(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QTableView::viewportEvent(event);
    const auto* const help = static_cast<QHelpEvent*>(event);
    const auto index = indexAt(help->pos());
    const auto hint = tr("Click: this request in Requests");
    const auto text = index.data(Qt::ToolTipRole).toString();
    // A tag makes rich text of all of it, for which the cell's is escaped.
    QToolTip::showText(help->globalPos(),
                       !index.isValid() ? QString()
                       : text.isEmpty() ? hint
                                        : QString(text + QStringLiteral("<br>") + hint),
                       viewport(), visualRect(index));
    return true;
}

} // namespace tokenscope::ui

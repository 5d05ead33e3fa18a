// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/requests/request_list.h"

#include "pages/requests/request_export.h"
#include "pages/common/status_delegate.h"
#include "theme/theme.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QScopedValueRollback>
#include <QScrollBar>

#include <chrono>
#include <utility>

namespace tokenscope::ui {

namespace {

constexpr std::chrono::milliseconds settlePause{50};

} // namespace

RequestList::RequestList(const Theme& theme, RequestListModel& model, QSettings& settings, QWidget* parent)
    : QTableView(parent), m_theme(theme), m_model(model), m_settings(settings)
{
    setModel(&model);
    setItemDelegate(new StatusDelegate(theme, this));
    setShowGrid(false);
    setWordWrap(false);
    setTextElideMode(Qt::ElideRight);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setTabKeyNavigation(false);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    auto* header = horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionsClickable(true);
    header->setSectionsMovable(true);
    header->setMinimumSectionSize(40);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    m_settle.setSingleShot(true);
    m_settle.setInterval(settlePause);
    connect(&m_settle, &QTimer::timeout, this, [this] {
        if (QGuiApplication::mouseButtons() == Qt::NoButton)
            fitColumns();
        else
            m_settle.start();
    });
    connect(header, &QHeaderView::sectionResized, this, [this](int column, int before, int width) {
        if (m_fitting)
            return;
        if (before > 0 && width > 0) // not hidden or shown
            m_widths[static_cast<std::size_t>(column)] = width;
        m_settle.start(); // not now: what is dragged would move away from the mouse
        Q_EMIT arrangementChanged();
    });
    connect(header, &QHeaderView::sectionMoved, this, &RequestList::arrangementChanged);
    connect(header, &QHeaderView::sectionClicked, this, &RequestList::cycleSort);
    connect(header, &QHeaderView::customContextMenuRequested, this, [this, header](const QPoint& place) {
        auto* menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        fillColumnMenu(*menu);
        menu->popup(header->mapToGlobal(place));
    });
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, &RequestList::scrolled);
    connect(&theme, &Theme::changed, this, &RequestList::dress);
    dress();
    layColumns();
    restore();
}

void RequestList::sortBy(int column, Qt::SortOrder order)
{
    m_ownSort.reset();
    applySort(column, order);
}

void RequestList::lendSort(int column, Qt::SortOrder order)
{
    if (!m_ownSort)
        m_ownSort = Sort{m_model.sortColumn(), m_model.sortOrder()};
    applySort(column, order);
}

void RequestList::endLentSort()
{
    const auto own = std::exchange(m_ownSort, std::nullopt);
    if (own && own->column == RequestListModel::newestFirst)
        setFollowing(true);
    else if (own)
        applySort(own->column, own->order);
}

void RequestList::applySort(int column, Qt::SortOrder order)
{
    const QScopedValueRollback own(m_own, true);
    m_model.sort(column, order);
    showSort();
    if (column != RequestListModel::newestFirst)
        setFollowingFlag(false);
    const auto selected = selectionModel()->selectedRows();
    if (selected.isEmpty())
        scrollToTop();
    else
        scrollTo(selected.front());
}

void RequestList::cycleSort(int column)
{
    // What matters of a number is its high end; a text begins with A.
    const bool number = column == RequestListModel::time || isNumber(RequestListModel::cellOf(column));
    const auto first = number ? Qt::DescendingOrder : Qt::AscendingOrder;
    const auto second = number ? Qt::AscendingOrder : Qt::DescendingOrder;
    if (m_model.sortColumn() != column)
        sortBy(column, first);
    else if (m_model.sortOrder() == first)
        sortBy(column, second);
    else
        setFollowing(true);
}

void RequestList::showSort()
{
    auto* header = horizontalHeader();
    const auto column = m_model.sortColumn();
    header->setSortIndicatorShown(column != RequestListModel::newestFirst);
    if (column != RequestListModel::newestFirst)
        header->setSortIndicator(column, m_model.sortOrder());
    fitColumns();
    Q_EMIT arrangementChanged();
}

void RequestList::setFollowing(bool following)
{
    if (following) {
        m_ownSort.reset();
        const QScopedValueRollback own(m_own, true);
        m_model.sort(RequestListModel::newestFirst);
        showSort();
        scrollToTop();
    }
    setFollowingFlag(following);
}

void RequestList::setFollowingFlag(bool following)
{
    if (following == m_following)
        return;
    m_following = following;
    Q_EMIT followingChanged(following);
}

void RequestList::scrolled(int value)
{
    if (m_own)
        return;
    const bool newest = m_model.sortColumn() == RequestListModel::newestFirst;
    setFollowingFlag(newest && value == 0 && !selectionModel()->hasSelection());
}

void RequestList::selectionChanged(const QItemSelection& selected, const QItemSelection& deselected)
{
    QTableView::selectionChanged(selected, deselected);
    // Who looks at a row does not want it to run away.
    if (!m_own && !selected.isEmpty())
        setFollowingFlag(false);
}

/// QTableView would choose a neighbour of a chosen row that goes; keys go on from there, but nobody asked for its details.
void RequestList::rowsAboutToBeRemoved(const QModelIndex& parent, int start, int end)
{
    if (const auto row = currentIndex().row(); row >= start && row <= end) {
        const auto next = end + 1 < m_model.rowCount() ? end + 1 : start - 1;
        const auto column = currentIndex().column();
        selectionModel()->clear();
        selectionModel()->setCurrentIndex(m_model.index(next, column), QItemSelectionModel::NoUpdate);
    }
    QTableView::rowsAboutToBeRemoved(parent, start, end);
}

void RequestList::keepPlace(const std::function<void()>& change)
{
    const QScopedValueRollback own(m_own, true);
    const auto top = m_model.record(rowAt(0));
    const auto y = top ? rowViewportPosition(rowAt(0)) : 0;
    const auto rows = selectionModel()->selectedRows();
    const auto chosen = rows.isEmpty() ? nullptr : m_model.record(rows.front().row());
    change();
    if (m_fitsWidth && !m_settle.isActive())
        fitColumns(); // one that had no value may have some now
    executeDelayedItemsLayout();
    updateGeometries();                                // or there is nowhere yet to scroll to
    if (chosen && !selectionModel()->hasSelection()) { // everything was set anew
        if (const auto row = m_model.rowOf(chosen->sequence); row >= 0)
            selectionModel()->setCurrentIndex(m_model.index(row, 0),
                                              QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    }
    if (m_following) {
        verticalScrollBar()->setValue(0);
        return;
    }
    if (const auto row = top ? m_model.rowOf(top->sequence) : -1; row >= 0)
        verticalScrollBar()->setValue(verticalScrollBar()->value() + rowViewportPosition(row) - y);
}

void RequestList::selectRow(int row)
{
    const auto index = m_model.index(row, visibleColumns().front());
    selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    scrollTo(index);
}

void RequestList::copySelection()
{
    QList<int> rows;
    for (const auto& index : selectionModel()->selectedRows())
        rows << index.row();
    if (!rows.isEmpty())
        QGuiApplication::clipboard()->setText(requestRows(m_model, rows, visibleColumns()));
}

void RequestList::keyPressEvent(QKeyEvent* event)
{
    const auto plain = (event->modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier)) == Qt::NoModifier;
    if (event->matches(QKeySequence::Copy)) {
        copySelection();
    } else if (plain && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)) {
        if (!selectionModel()->hasSelection() && currentIndex().isValid())
            selectRow(currentIndex().row());
        Q_EMIT opened();
    } else if (plain && event->key() == Qt::Key_Escape) {
        Q_EMIT left();
    } else if (plain && event->key() == Qt::Key_Up && currentIndex().row() <= 0) {
        Q_EMIT searched();
    } else if (plain && !event->text().isEmpty() && event->text().front().isPrint()) {
        event->ignore(); // Space pauses, ? helps: nothing is searched by its first letters here
    } else {
        QTableView::keyPressEvent(event);
    }
}

void RequestList::contextMenuEvent(QContextMenuEvent* event)
{
    const bool keyboard = event->reason() == QContextMenuEvent::Keyboard;
    const auto index = keyboard ? currentIndex() : indexAt(viewport()->mapFromGlobal(event->globalPos()));
    if (!index.isValid())
        return;
    Q_EMIT menuRequested(index, keyboard ? viewport()->mapToGlobal(visualRect(index).center()) : event->globalPos());
}

void RequestList::dress()
{
    const auto& tokens = m_theme.tokens();
    setStyleSheet(QStringLiteral("QHeaderView::section { padding: 5px 2px 5px 11px; }")); // in line with the cells
    setFont(tokens.small);
    horizontalHeader()->setFont(tokens.small);
    verticalHeader()->setDefaultSectionSize(QFontMetrics(tokens.small).height() + tokens.space2);
}

} // namespace tokenscope::ui

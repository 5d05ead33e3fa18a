// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How RequestList's columns stand, and what of its arrangement is kept in the settings.
#include "models/request_list_model.h"
#include "pages/requests/request_list.h"
#include "theme/theme.h"

#include <QHeaderView>
#include <QMenu>
#include <QSettings>

#include <algorithm>
#include <array>

namespace tokenscope::ui {

namespace {

/// Of the widest thing each column should have room for.
constexpr std::array samples = {"00:00:00.000",    "/v1/chat/completions",
                                "anthropic",       "llama3.1:70b-instruct",
                                "200 client left", "00.00 ms",
                                "00.00 ms",        "000,000",
                                "~00,000",         "00,000",
                                "$0.00000",        "0af7651916cd43dd"};
static_assert(samples.size() == RequestListModel::columnCount_);

constexpr int leastModel = 96; ///< px

const auto headerKey = QStringLiteral("requests/header");
const auto sortKey = QStringLiteral("requests/sort");
const auto descendingKey = QStringLiteral("requests/descending");

} // namespace

void RequestList::layColumns()
{
    const QFontMetrics metrics(m_theme.tokens().small);
    for (int column = 0; column < RequestListModel::columnCount_; ++column) {
        const auto sample = QLatin1StringView(samples[static_cast<std::size_t>(column)]);
        const auto title = m_model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
        setColumnWidth(column, std::max(metrics.horizontalAdvance(sample),
                                        metrics.horizontalAdvance(title) + m_theme.tokens().space3)
                                   + m_theme.tokens().space6);
    }
}

/// What one looks for first stands where a narrow window still shows it.
void RequestList::orderColumns()
{
    using enum RequestListModel::Column;
    int place = 0;
    for (const auto column :
         {time, model, status, ttft, total, tokensIn, tokensOut, speed, cost, provider, route, trace})
        horizontalHeader()->moveSection(horizontalHeader()->visualIndex(column), place++);
}

void RequestList::setModelWidth(int width)
{
    m_fitting = true;
    setColumnWidth(RequestListModel::model, width);
    m_fitting = false;
}

void RequestList::fitColumns()
{
    const auto* header = horizontalHeader();
    int others = 0;
    for (int place = 0; place <= header->visualIndex(RequestListModel::total); ++place) {
        const int column = header->logicalIndex(place);
        if (column != RequestListModel::model)
            others += header->sectionSize(column); // of a hidden one 0
    }
    const bool before = header->visualIndex(RequestListModel::model) < header->visualIndex(RequestListModel::total);
    const int room = before ? viewport()->width() - others : m_modelWidth;
    setModelWidth(std::clamp(room, std::min(leastModel, m_modelWidth), m_modelWidth));
}

void RequestList::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    if (!isColumnHidden(RequestListModel::model))
        fitColumns();
}

void RequestList::restore()
{
    orderColumns();
    // A state of other columns would hide what nobody hid.
    const auto state = m_settings.value(headerKey).toByteArray();
    QHeaderView probe(Qt::Horizontal);
    probe.setModel(&m_model);
    if (!state.isEmpty() && probe.restoreState(state) && probe.count() == RequestListModel::columnCount_
        && !probe.isSectionHidden(RequestListModel::time))
        horizontalHeader()->restoreState(state);
    if (!isColumnHidden(RequestListModel::model))
        m_modelWidth = columnWidth(RequestListModel::model);
    const auto column = m_settings.value(sortKey, RequestListModel::newestFirst).toInt();
    if (column >= 0 && column < RequestListModel::columnCount_)
        sortBy(column, m_settings.value(descendingKey).toBool() ? Qt::DescendingOrder : Qt::AscendingOrder);
    else
        showSort();
}

void RequestList::save()
{
    const bool fitted = !isColumnHidden(RequestListModel::model);
    if (fitted)
        setModelWidth(m_modelWidth); // not what little room there is now
    m_settings.setValue(headerKey, horizontalHeader()->saveState());
    if (fitted)
        fitColumns();
    m_settings.setValue(sortKey, m_ownSort ? m_ownSort->column : m_model.sortColumn());
    m_settings.setValue(descendingKey, (m_ownSort ? m_ownSort->order : m_model.sortOrder()) == Qt::DescendingOrder);
}

QList<int> RequestList::visibleColumns() const
{
    QList<int> columns;
    for (int place = 0; place < RequestListModel::columnCount_; ++place) {
        if (const auto column = horizontalHeader()->logicalIndex(place); !isColumnHidden(column))
            columns << column;
    }
    return columns;
}

void RequestList::fillColumnMenu(QMenu& menu)
{
    for (int column = 0; column < RequestListModel::columnCount_; ++column) {
        const auto title = m_model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
        auto* action = menu.addAction(title);
        action->setCheckable(true);
        action->setChecked(!isColumnHidden(column));
        action->setEnabled(column != RequestListModel::time);
        connect(action, &QAction::toggled, this, [this, column](bool shown) { setColumnHidden(column, !shown); });
    }
    menu.addSeparator();
    auto* sorts = menu.addMenu(tr("Sort by"));
    auto* newest = sorts->addAction(tr("Newest first"));
    newest->setCheckable(true);
    newest->setChecked(m_model.sortColumn() == RequestListModel::newestFirst);
    connect(newest, &QAction::triggered, this, [this] { setFollowing(true); });
    for (int column = 0; column < RequestListModel::columnCount_; ++column) {
        auto* action = sorts->addAction(m_model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        action->setCheckable(true);
        action->setChecked(m_model.sortColumn() == column);
        connect(action, &QAction::triggered, this, [this, column] { cycleSort(column); });
    }
    connect(menu.addAction(tr("Usual columns")), &QAction::triggered, this, [this] {
        for (int column = 0; column < RequestListModel::columnCount_; ++column)
            setColumnHidden(column, false);
        orderColumns();
        layColumns();
        fitColumns();
    });
}

} // namespace tokenscope::ui

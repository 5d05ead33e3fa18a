// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How RequestList's columns stand, and what of its arrangement is kept in the settings.
#include "pages/requests/request_list.h"
#include "theme/fonts.h"
#include "theme/theme.h"

#include <QHeaderView>
#include <QMenu>
#include <QScopedValueRollback>
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

/// Whether models' names may be cut to have it: the times and tokens are what one compares.
bool worthCutting(int column)
{
    return column >= RequestListModel::model && column <= RequestListModel::speed;
}

const auto headerKey = QStringLiteral("requests/header");
const auto fitsKey = QStringLiteral("requests/fitColumns");
const auto sortKey = QStringLiteral("requests/sort");
const auto descendingKey = QStringLiteral("requests/descending");

} // namespace

void RequestList::layColumns()
{
    const auto& small = m_theme.tokens().small;
    const QFontMetrics metrics(small);
    const QFontMetrics fixed(fixedFont(small.pixelSize()));
    for (int column = 0; column < RequestListModel::columnCount_; ++column) {
        const auto sample = QLatin1StringView(samples[static_cast<std::size_t>(column)]);
        const auto title = m_model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
        m_widths[static_cast<std::size_t>(column)] =
            std::max((column == RequestListModel::trace ? fixed : metrics).horizontalAdvance(sample),
                     metrics.horizontalAdvance(title) + m_theme.tokens().space3)
            + m_theme.tokens().space6;
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

std::vector<int> RequestList::byImportance() const
{
    using enum RequestListModel::Column;
    std::vector<int> columns{time,  model,    status,   ttft, total, tokensOut,
                             speed, tokensIn, provider, cost, route, trace};
    const auto rank = [this](int column) {
        if (column == time || column == model)
            return 0;
        if (column == m_model.sortColumn()) // without it nobody sees why the rows stand as they do
            return 1;
        return m_model.hasValues(column) ? 2 : 3;
    };
    std::ranges::stable_sort(columns, {}, rank);
    return columns;
}

void RequestList::chooseColumns()
{
    const auto model = m_widths[RequestListModel::model];
    const int cut = model - std::min(leastModel, model);
    int needed = 0;
    bool room = true;
    for (const int column : byImportance()) {
        needed += m_widths[static_cast<std::size_t>(column)];
        const bool cuts = worthCutting(column) || column == m_model.sortColumn();
        const int least = cuts ? needed - cut : needed;
        // Those after one that has no room have none either: columns come and go in one order.
        room = column == RequestListModel::time || (room && least <= viewport()->width());
        setColumnHidden(column, !room);
    }
}

/// What is left over is for a text: a number far from its neighbour is hard to read.
int RequestList::elasticColumn(const QList<int>& visible) const
{
    const auto last = visible.back();
    const bool number = isNumber(RequestListModel::cellOf(last));
    return number && !isColumnHidden(RequestListModel::model) ? int{RequestListModel::model} : last;
}

void RequestList::divideWidth()
{
    const auto visible = visibleColumns();
    auto widths = m_widths;
    int left = viewport()->width();
    for (const int column : visible)
        left -= widths[static_cast<std::size_t>(column)];
    auto& model = widths[RequestListModel::model];
    if (left > 0)
        widths[static_cast<std::size_t>(elasticColumn(visible))] += left;
    else
        model = std::max(std::min(leastModel, model), model + left);
    for (const int column : visible)
        setColumnWidth(column, widths[static_cast<std::size_t>(column)]);
}

void RequestList::fitColumns()
{
    const QScopedValueRollback fitting(m_fitting, true);
    if (m_fitsWidth)
        chooseColumns();
    divideWidth();
    leaveHiddenColumn();
}

/// From a cell that cannot be seen the keys go nowhere.
void RequestList::leaveHiddenColumn()
{
    const auto current = currentIndex();
    if (!current.isValid() || !isColumnHidden(current.column()))
        return;
    setAutoScroll(false); // nobody went there
    selectionModel()->setCurrentIndex(current.siblingAtColumn(RequestListModel::time), QItemSelectionModel::NoUpdate);
    setAutoScroll(true);
}

void RequestList::setFitsWidth(bool fits)
{
    m_fitsWidth = fits;
    setHorizontalScrollBarPolicy(fits ? Qt::ScrollBarAlwaysOff : Qt::ScrollBarAsNeeded);
    fitColumns();
    Q_EMIT arrangementChanged();
}

void RequestList::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    fitColumns();
}

void RequestList::restore()
{
    orderColumns();
    // A state of other columns would hide what nobody hid.
    const auto state = m_settings.value(headerKey).toByteArray();
    QHeaderView probe(Qt::Horizontal);
    probe.setModel(&m_model);
    bool hidden = false;
    if (!state.isEmpty() && probe.restoreState(state) && probe.count() == RequestListModel::columnCount_
        && !probe.isSectionHidden(RequestListModel::time)) {
        const QScopedValueRollback fitting(m_fitting, true);
        horizontalHeader()->restoreState(state);
        horizontalHeader()->setStretchLastSection(false);
        hidden = probe.hiddenSectionCount() > 0;
        // Earlier versions stretched the last one: how wide that is says nothing.
        const int stretched = probe.stretchLastSection() ? visibleColumns().back() : -1;
        probe.setStretchLastSection(false);
        for (int column = 0; column < RequestListModel::columnCount_; ++column) {
            probe.showSection(column); // hidden it has no width
            if (column != stretched)
                m_widths[static_cast<std::size_t>(column)] = probe.sectionSize(column);
        }
    }
    setFitsWidth(m_settings.value(fitsKey, !hidden).toBool());
    const auto column = m_settings.value(sortKey, RequestListModel::newestFirst).toInt();
    if (column >= 0 && column < RequestListModel::columnCount_)
        sortBy(column, m_settings.value(descendingKey).toBool() ? Qt::DescendingOrder : Qt::AscendingOrder);
    else
        showSort();
}

/// With the columns as the user made them, not as there is room for now.
QByteArray RequestList::headerState() const
{
    QHeaderView kept(Qt::Horizontal);
    kept.setModel(&m_model);
    kept.restoreState(horizontalHeader()->saveState());
    for (int column = 0; column < RequestListModel::columnCount_; ++column) {
        if (m_fitsWidth)
            kept.showSection(column);
        kept.resizeSection(column, m_widths[static_cast<std::size_t>(column)]);
    }
    return kept.saveState();
}

void RequestList::save()
{
    m_settings.setValue(headerKey, headerState());
    m_settings.setValue(fitsKey, m_fitsWidth);
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
        connect(action, &QAction::toggled, this, [this, column](bool shown) {
            setColumnHidden(column, !shown);
            setFitsWidth(false);
        });
    }
    menu.addSeparator();
    auto* fit = menu.addAction(tr("Fit to width"));
    fit->setCheckable(true);
    fit->setChecked(m_fitsWidth);
    connect(fit, &QAction::toggled, this, &RequestList::setFitsWidth);
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
        orderColumns();
        layColumns();
        setFitsWidth(true);
    });
}

} // namespace tokenscope::ui

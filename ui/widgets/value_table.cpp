// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/value_table.h"

#include "theme/theme.h"
#include "widgets/value_table_model.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QSortFilterProxyModel>
#include <QTableView>

#include <algorithm>
#include <numeric>
#include <vector>

namespace tokenscope::ui {

ValueTable::ValueTable(const Theme& theme, QWidget* parent)
    : TitledPanel(theme, parent), m_model(new ValueTableModel(this)), m_sorted(new QSortFilterProxyModel(this)),
      m_view(new QTableView(this))
{
    m_sorted->setSourceModel(m_model);
    m_sorted->setSortRole(ValueTableModel::sortRole);
    m_view->setModel(m_sorted);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setShowGrid(false);
    m_view->setWordWrap(false);
    m_view->setSortingEnabled(true);
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setTabKeyNavigation(false);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->verticalHeader()->hide();
    m_view->horizontalHeader()->setHighlightSections(false);
    m_view->setStyleSheet(QStringLiteral("QTableView { background: transparent; border: none; }"));
    auto* copyRows = new QAction(tr("Copy"), m_view);
    copyRows->setShortcut(QKeySequence::Copy);
    copyRows->setShortcutContext(Qt::WidgetShortcut);
    m_view->addAction(copyRows);
    m_view->setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(copyRows, &QAction::triggered, this, &ValueTable::copy);
    refresh();
}

QString ValueTable::readData()
{
    const auto& tokens = theme().tokens();
    m_view->setAccessibleName(accessibleName().isEmpty() ? tr("Values") : accessibleName());
    m_view->setFont(tokens.small);
    m_view->horizontalHeader()->setFont(tokens.small);
    m_view->verticalHeader()->setDefaultSectionSize(QFontMetrics(tokens.small).height() + tokens.space2);
    m_model->setUnit(unit());
    m_model->setFrame(frame());
    if (m_model->columnCount() != m_columns) {
        m_columns = m_model->columnCount();
        const int last = m_columns - 1;
        m_view->sortByColumn(last, Qt::DescendingOrder);
        for (int column = 0; column < m_columns; ++column)
            m_view->horizontalHeader()->setSectionResizeMode(column, column == last ? QHeaderView::ResizeToContents
                                                                                    : QHeaderView::Stretch);
    }
    place();
    const auto rows = m_model->rowCount();
    return m_model->left() == 0 ? tr("%1 rows").arg(rows)
                                : tr("%1 rows, %2 more are not shown").arg(rows).arg(m_model->left());
}

void ValueTable::setExact(bool exact)
{
    m_model->setExact(exact);
}

void ValueTable::fitColumns(int width)
{
    auto* header = m_view->horizontalHeader();
    header->setSectionResizeMode(QHeaderView::Interactive);
    header->setStretchLastSection(false);
    m_view->resizeColumnsToContents();
    std::vector<int> wanted;
    for (int column = 0; column < m_model->columnCount(); ++column)
        wanted.push_back(m_view->columnWidth(column) + theme().tokens().space4);
    constexpr int least = 160; // of a wide one; below that the view scrolls
    int widest = least;
    const auto needed = [&wanted](int most) {
        return std::accumulate(wanted.begin(), wanted.end(), 0,
                               [most](int sum, int one) { return sum + std::min(one, most); });
    };
    while (widest < width && needed(widest + 1) <= width)
        ++widest;
    for (int column = 0; column < m_model->columnCount(); ++column)
        m_view->setColumnWidth(column, std::min(wanted[static_cast<std::size_t>(column)], widest));
}

bool ValueTable::hasData() const
{
    return m_model->rowCount() > 0;
}

void ValueTable::place()
{
    auto area = body();
    if (stale())
        area.setTop(area.top() + QFontMetrics(theme().tokens().small).height() + theme().tokens().space1);
    m_view->setGeometry(area);
    m_view->setVisible(hasData());
    m_view->setEnabled(!stale());
}

void ValueTable::resizeEvent(QResizeEvent* event)
{
    TitledPanel::resizeEvent(event);
    place();
}

void ValueTable::copy()
{
    QStringList lines;
    for (const auto& row : m_view->selectionModel()->selectedRows()) {
        QStringList cells;
        for (int column = 0; column < m_sorted->columnCount(); ++column)
            cells << m_sorted->index(row.row(), column).data().toString();
        lines << cells.join(QLatin1Char('\t'));
    }
    if (!lines.isEmpty())
        QGuiApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

} // namespace tokenscope::ui

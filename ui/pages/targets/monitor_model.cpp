// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/targets/monitor_model.h"

#include "theme/theme.h"

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr quintptr topLevel = ~quintptr{0}; ///< else the number of the row's group
constexpr int stateColumn = 1;

bool sameRows(const MonitorList& a, const MonitorList& b)
{
    return a.header == b.header
           && std::equal(a.groups.begin(), a.groups.end(), b.groups.begin(), b.groups.end(),
                         [](const MonitorGroup& x, const MonitorGroup& y) {
                             return x.title == y.title
                                    && std::equal(
                                        x.rows.begin(), x.rows.end(), y.rows.begin(), y.rows.end(),
                                        [](const MonitorRow& p, const MonitorRow& q) { return p.key == q.key; });
                         });
}

} // namespace

MonitorModel::MonitorModel(const Theme& theme, QObject* parent) : QAbstractItemModel(parent), m_theme(theme) {}

void MonitorModel::setList(MonitorList list)
{
    if (!sameRows(list, m_list)) {
        beginResetModel();
        m_list = std::move(list);
        endResetModel();
        return;
    }
    m_list = std::move(list);
    const int last = columnCount() - 1;
    for (int group = 0; group < rowCount(); ++group) {
        const auto top = index(group, 0);
        Q_EMIT dataChanged(top, index(group, last));
        if (const int rows = rowCount(top); rows > 0)
            Q_EMIT dataChanged(index(0, 0, top), index(rows - 1, last, top));
    }
}

void MonitorModel::setStale(bool stale)
{
    if (stale == m_stale)
        return;
    m_stale = stale;
    auto list = m_list;
    setList(std::move(list));
}

const MonitorRow* MonitorModel::row(const QModelIndex& index) const
{
    if (!index.isValid() || index.internalId() == topLevel)
        return nullptr;
    return &m_list.groups[index.internalId()].rows[static_cast<std::size_t>(index.row())];
}

QModelIndex MonitorModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) : topLevel);
}

QModelIndex MonitorModel::parent(const QModelIndex& index) const
{
    if (!index.isValid() || index.internalId() == topLevel)
        return {};
    return createIndex(static_cast<int>(index.internalId()), 0, topLevel);
}

int MonitorModel::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_list.groups.size());
    if (parent.internalId() != topLevel || parent.column() > 0)
        return 0;
    return static_cast<int>(m_list.groups[static_cast<std::size_t>(parent.row())].rows.size());
}

int MonitorModel::columnCount(const QModelIndex&) const
{
    return static_cast<int>(m_list.header.size());
}

QVariant MonitorModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const auto& tokens = m_theme.tokens();
    if (m_stale && role == Qt::ForegroundRole)
        return tokens.disabled;
    const auto* item = row(index);
    if (!item) {
        const auto& group = m_list.groups[static_cast<std::size_t>(index.row())];
        if (role == titleRole)
            return group.title;
        if (role == Qt::DisplayRole && index.column() == 0)
            return group.note.isEmpty() ? QStringLiteral("%1  (%2)").arg(group.title).arg(group.rows.size())
                                        : QStringLiteral("%1  %2").arg(group.title, group.note);
        return role == Qt::ForegroundRole ? QVariant(tokens.secondary) : QVariant();
    }
    switch (role) {
    case Qt::DisplayRole: return item->cells.value(index.column());
    case Qt::ToolTipRole: return item->cells.value(index.column()).left(2000);
    case Qt::ForegroundRole:
        if (index.column() != stateColumn)
            return {};
        return item->tone == Tone::good   ? tokens.good
               : item->tone == Tone::warn ? tokens.warn
               : item->tone == Tone::bad  ? tokens.bad
                                          : tokens.secondary;
    default: return {};
    }
}

QVariant MonitorModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    return orientation == Qt::Horizontal && role == Qt::DisplayRole ? m_list.header.value(section) : QVariant();
}

} // namespace tokenscope::ui

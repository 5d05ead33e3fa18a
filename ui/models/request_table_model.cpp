// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/request_table_model.h"

#include "models/request_cells.h"
#include "telemetry/request_log.h"
#include "theme/theme.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace tokenscope::ui {

namespace {

constexpr std::array cells = {RequestCell::time,  RequestCell::model,  RequestCell::status, RequestCell::ttft,
                              RequestCell::total, RequestCell::tokens, RequestCell::speed};
static_assert(cells.size() == RequestTableModel::columnCount_);

RequestCell cellOf(int column)
{
    return cells[static_cast<std::size_t>(column)];
}

Qt::Alignment alignmentOf(int column)
{
    return (isNumber(cellOf(column)) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter;
}

/// Whether `a` came after `b`; of two at a time the one that ended later.
template <typename Record>
bool newer(const Record& a, const Record& b)
{
    return std::tie(a->started, a->sequence) > std::tie(b->started, b->sequence);
}

} // namespace

RequestTableModel::RequestTableModel(const Theme& theme, const telemetry::RequestLog& log, std::size_t capacity,
                                     QObject* parent)
    : QAbstractTableModel(parent), m_theme(theme), m_log(log), m_capacity(capacity)
{
    connect(&m_theme, &Theme::changed, this, [this] {
        if (!m_records.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount_ - 1),
                               {Qt::ForegroundRole, Qt::FontRole});
    });
}

void RequestTableModel::setWindow(const RequestWindow& window)
{
    if (window == m_window)
        return;
    m_window = window;
    beginResetModel();
    m_records.clear();
    m_seen = 0;
    endResetModel();
    poll();
}

void RequestTableModel::poll()
{
    auto fresh = m_log.since(m_seen, m_window.any() ? SIZE_MAX : m_capacity);
    if (fresh.empty())
        return;
    m_seen = fresh.back()->sequence;
    std::erase_if(fresh, [this](const auto& record) { return !m_window.has(*record); });
    std::sort(fresh.begin(), fresh.end(), newer<Record>);
    if (fresh.size() > m_capacity)
        fresh.resize(m_capacity);
    insert(fresh);
    trim();
}

/// Those that go to one place at once: as a rule that is on top.
void RequestTableModel::insert(const std::vector<Record>& fresh)
{
    auto begin = fresh.begin();
    while (begin != fresh.end()) {
        const auto place = std::lower_bound(m_records.begin(), m_records.end(), *begin, newer<Record>);
        const auto end = place == m_records.end()
                             ? fresh.end()
                             : std::find_if(begin, fresh.end(), [&](const Record& one) { return newer(*place, one); });
        const auto row = static_cast<int>(place - m_records.begin());
        beginInsertRows({}, row, row + static_cast<int>(end - begin) - 1);
        m_records.insert(place, begin, end);
        endInsertRows();
        begin = end;
    }
}

void RequestTableModel::trim()
{
    if (m_records.size() <= m_capacity)
        return;
    beginRemoveRows({}, static_cast<int>(m_capacity), static_cast<int>(m_records.size()) - 1);
    m_records.resize(m_capacity);
    endRemoveRows();
}

const telemetry::RequestRecord* RequestTableModel::record(int row) const
{
    return row >= 0 && row < rowCount() ? m_records[static_cast<std::size_t>(row)].get() : nullptr;
}

int RequestTableModel::rowOf(std::uint64_t sequence) const
{
    const auto found = std::find_if(m_records.begin(), m_records.end(),
                                    [sequence](const Record& record) { return record->sequence == sequence; });
    return found == m_records.end() ? -1 : static_cast<int>(found - m_records.begin());
}

int RequestTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_records.size());
}

int RequestTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : columnCount_;
}

QVariant RequestTableModel::data(const QModelIndex& index, int role) const
{
    const auto* const request = index.isValid() ? record(index.row()) : nullptr;
    if (!request)
        return {};
    const auto cell = cellOf(index.column());
    switch (role) {
    case Qt::DisplayRole: return cellText(*request, cell);
    case Qt::ToolTipRole: return cellToolTip(*request, cell);
    case Qt::TextAlignmentRole: return QVariant::fromValue(alignmentOf(index.column()));
    case Qt::ForegroundRole: return cellColor(*request, cell, m_theme.tokens());
    case statusRole: return request->status == telemetry::RequestStatus::success;
    case recordRole: return QVariant::fromValue(static_cast<qulonglong>(request->sequence));
    default: return {};
    }
}

QVariant RequestTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount_)
        return {};
    switch (role) {
    case Qt::DisplayRole: return cellTitle(cellOf(section));
    case Qt::ToolTipRole: return cellTitleToolTip(cellOf(section));
    case Qt::TextAlignmentRole: return QVariant::fromValue(alignmentOf(section));
    default: return {};
    }
}

} // namespace tokenscope::ui

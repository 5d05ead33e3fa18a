// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/lane_model.h"

#include "format/format.h"

#include <algorithm>

namespace tokenscope::ui {

void LaneModel::setLanes(std::vector<Lane> lanes)
{
    const int before = rowCount();
    const int after = static_cast<int>(lanes.size());
    const int both = std::min(before, after);
    if (after < before) {
        beginRemoveRows({}, after, before - 1);
        m_lanes.resize(lanes.size());
        endRemoveRows();
    }
    std::vector<int> changed;
    for (int row = 0; row < both; ++row) {
        const auto& old = m_lanes[static_cast<std::size_t>(row)];
        const auto& next = lanes[static_cast<std::size_t>(row)];
        if (old.id != next.id || old.end != next.end || old.segments.size() != next.segments.size())
            changed.push_back(row);
    }
    if (after > before)
        beginInsertRows({}, before, after - 1);
    m_lanes = std::move(lanes);
    if (after > before)
        endInsertRows();
    for (const int row : changed)
        Q_EMIT dataChanged(index(row), index(row));
}

const Lane* LaneModel::lane(int row) const
{
    if (row < 0 || row >= rowCount() || m_lanes[static_cast<std::size_t>(row)].id == 0)
        return nullptr;
    return &m_lanes[static_cast<std::size_t>(row)];
}

int LaneModel::rowOf(std::uint64_t id) const
{
    const auto found = std::find_if(m_lanes.begin(), m_lanes.end(), [id](const Lane& lane) { return lane.id == id; });
    return found == m_lanes.end() || id == 0 ? -1 : static_cast<int>(found - m_lanes.begin());
}

bool LaneModel::queued(int row) const
{
    const auto* const shown = lane(row);
    return shown && shown->end == LaneEnd::running && !shown->segments.empty()
           && shown->segments.back().kind == LaneSegment::Kind::queued;
}

int LaneModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_lanes.size());
}

QVariant LaneModel::data(const QModelIndex& index, int role) const
{
    const auto* const shown = lane(index.row());
    if (!shown)
        return role == Qt::AccessibleTextRole ? QVariant(tr("Empty row")) : QVariant();
    switch (role) {
    case Qt::DisplayRole: return shown->name;
    case Qt::AccessibleTextRole:
        return tr("%1, %2, %3").arg(shown->name, shown->state, formatValue(shown->age, Unit::seconds).joined());
    case Qt::ToolTipRole:
    case Qt::AccessibleDescriptionRole: return m_details ? m_details(shown->id) : QString();
    default: return {};
    }
}

Qt::ItemFlags LaneModel::flags(const QModelIndex& index) const
{
    return lane(index.row()) ? Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren : Qt::NoItemFlags;
}

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/lane.h"

#include <QAbstractListModel>

#include <functional>
#include <vector>

namespace tokenscope::ui {

/// The rows of a LaneView; one that has gone may leave an empty row.
class LaneModel : public QAbstractListModel {
    Q_OBJECT

public:
    /// Everything that is known of a lane, a line each; asked when somebody wants to read it.
    using Details = std::function<QString(std::uint64_t id)>;

    using QAbstractListModel::QAbstractListModel;

    /// Growing lanes are no news to whoever listens; others in their place, and how they are, are.
    void setLanes(std::vector<Lane> lanes);
    void setDetails(Details details) { m_details = std::move(details); }
    /// Null where the row is empty.
    const Lane* lane(int row) const;
    int rowOf(std::uint64_t id) const; ///< -1: it is gone
    bool queued(int row) const;        ///< now

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    std::vector<Lane> m_lanes;
    Details m_details;
};

} // namespace tokenscope::ui

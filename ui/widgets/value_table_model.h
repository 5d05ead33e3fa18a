// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "format/format.h"
#include "query/frame.h"

#include <QAbstractTableModel>
#include <QStringList>

#include <vector>

namespace tokenscope::ui {

/// What a frame's columns are at one instant: a column for every label, then the value. Where the series stay the same only the
/// values change, so that a view keeps its place.
class ValueTableModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Role { sortRole = Qt::UserRole + 1, plainRole /* as text, with all digits */ };
    static constexpr std::size_t mostRows = 1000;

    using QAbstractTableModel::QAbstractTableModel;
    void setUnit(Unit unit);
    /// Values with all their digits, in the metric's own unit, NaN among them: else that is a gap and no row. A column of several
    /// times is a series of samples, one without values a text.
    void setExact(bool exact);
    void setFrame(const query::FramePtr& frame);
    std::size_t left() const { return m_left; } ///< series that there was no room for

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        QStringList texts; ///< parallel to the header, without the value
        double value = 0;
        QString text; ///< in place of the value
    };

    QString valueText(const Row& row) const;

    Unit m_unit = Unit::none;
    bool m_exact = false;
    QStringList m_header;
    std::vector<Row> m_rows;
    std::size_t m_left = 0;
};

} // namespace tokenscope::ui

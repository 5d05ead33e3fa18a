// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/targets/monitor_list.h"

#include <QAbstractItemModel>

namespace tokenscope::ui {

class Theme;

/// Groups and their rows as a tree of two levels. The same groups and rows anew only change their cells, so that a view keeps its
/// place.
class MonitorModel : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Role { titleRole = Qt::UserRole }; ///< of a group

    explicit MonitorModel(const Theme& theme, QObject* parent = nullptr);

    void setList(MonitorList list);
    void setStale(bool stale);                             ///< all in the colour of what cannot be used
    const MonitorRow* row(const QModelIndex& index) const; ///< null for a group

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& index) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    const Theme& m_theme;
    MonitorList m_list;
    bool m_stale = false;
};

} // namespace tokenscope::ui

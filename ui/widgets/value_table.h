// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/titled_panel.h"

class QSortFilterProxyModel;
class QTableView;

namespace tokenscope::ui {

class ValueTableModel;

/// The last values of an answer as a table that can be sorted; Ctrl+C copies the rows that are chosen.
class ValueTable : public TitledPanel {
    Q_OBJECT

public:
    explicit ValueTable(const Theme& theme, QWidget* parent = nullptr);
    QTableView& view() { return *m_view; }
    /// Values with all their digits; else they are rounded, with a unit.
    void setExact(bool exact);
    /// Columns as wide as their texts, narrower only where they have no room in `width`, the widest first.
    void fitColumns(int width);

protected:
    QString readData() override;
    bool hasData() const override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void place();
    void copy();

    ValueTableModel* m_model;
    QSortFilterProxyModel* m_sorted;
    QTableView* m_view;
    int m_columns = 0;
};

} // namespace tokenscope::ui

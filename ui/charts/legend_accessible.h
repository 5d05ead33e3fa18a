// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAccessibleWidget>

#include <map>

namespace tokenscope::ui {

class ChartLegend;

/// A legend to screen readers and UI drivers: a group of check boxes, one for each series, which can be isolated too.
class AccessibleLegend : public QAccessibleWidget {
public:
    explicit AccessibleLegend(ChartLegend* legend);
    ~AccessibleLegend() override;

    int childCount() const override;
    QAccessibleInterface* child(int index) const override;
    int indexOfChild(const QAccessibleInterface* child) const override;
    QAccessibleInterface* childAt(int x, int y) const override;
    QAccessibleInterface* focusChild() const override;

private:
    ChartLegend& legend() const;
    void forgetGone() const;

    mutable std::map<QString, QAccessible::Id> m_children; ///< by the identity; those that were asked for
};

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/time_range.h"

#include <QDialog>

class QBoxLayout;
class QLabel;
class QPushButton;

namespace tokenscope::ui {

class Theme;
class TimeEdit;

/// From one time to another, written as in timeOf(), in local time.
class RangeDialog : public QDialog {
    Q_OBJECT

public:
    /// Starts out with what is shown now.
    RangeDialog(const Theme& theme, TimeRange& range, QWidget* parent);
    void accept() override;

private:
    /// What the fields say; nothing, and why, where they say none.
    std::optional<TimeRange::Span> span(QString& problem) const;
    QBoxLayout* makePresets(int spacing);
    void check();

    TimeRange& m_range;
    TimeEdit* m_from;
    TimeEdit* m_to;
    QLabel* m_problem;
    QPushButton* m_show;
};

} // namespace tokenscope::ui

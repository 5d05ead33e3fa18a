// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/time_range.h"

#include <QDialog>

class QDateTimeEdit;
class QLabel;
class QPushButton;

namespace tokenscope::ui {

class Theme;

/// From one time to another, in local time.
class RangeDialog : public QDialog {
    Q_OBJECT

public:
    /// Starts out with what is shown now.
    RangeDialog(const Theme& theme, TimeRange& range, QWidget* parent);
    void accept() override;

private:
    void check();

    TimeRange& m_range;
    QDateTimeEdit* m_from;
    QDateTimeEdit* m_to;
    QLabel* m_problem;
    QPushButton* m_show;
};

} // namespace tokenscope::ui

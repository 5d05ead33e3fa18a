// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "dashboards/dashboard.h"

#include <QString>
#include <QWidget>

#include <vector>

class QComboBox;
class QLineEdit;
class QPushButton;
class QToolButton;
class QVBoxLayout;

namespace tokenscope::ui {

class Theme;

/// From which value on a panel's numbers are good, worth a look, or bad.
class ThresholdEditor : public QWidget {
    Q_OBJECT

public:
    explicit ThresholdEditor(const Theme& theme, QWidget* parent = nullptr);

    void setThresholds(const std::vector<dashboards::Threshold>& thresholds);
    /// Rising, in whatever order they were written. Fails with a sentence where one is no number or there twice.
    Result<std::vector<dashboards::Threshold>> thresholds() const;

Q_SIGNALS:
    void changed();

private:
    struct Line {
        QWidget* row = nullptr;
        QLineEdit* from = nullptr;
        QComboBox* level = nullptr;
        QToolButton* remove = nullptr;
    };

    Line& addLine(const dashboards::Threshold& threshold, bool empty);
    void drop(const QWidget* row);
    void name();
    void dress();

    const Theme& m_theme;
    QVBoxLayout* m_column;
    QPushButton* m_add;
    std::vector<Line> m_lines;
};

} // namespace tokenscope::ui

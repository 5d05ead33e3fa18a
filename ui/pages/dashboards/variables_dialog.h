// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "dashboards/dashboard.h"

#include <QDialog>

#include <vector>

class QCheckBox;
class QGridLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QToolButton;

namespace tokenscope::ui {

class MetricCatalogue;
class NoticeBar;
class Theme;

/// The choices above a dashboard's panels: their names, whose values they offer, and whether they take several.
class VariablesDialog : public QDialog {
    Q_OBJECT

public:
    VariablesDialog(const Theme& theme, const MetricCatalogue& catalogue, dashboards::Dashboard dashboard,
                    QWidget* parent = nullptr);

    /// The dashboard with the variables as they stand in the fields. Fails with a sentence where it could not be saved.
    Result<dashboards::Dashboard> dashboard() const;
    void reject() override;

Q_SIGNALS:
    void decided(const dashboards::Dashboard& dashboard); ///< OK

private:
    struct Line {
        QLineEdit* name = nullptr;
        QLineEdit* title = nullptr;
        QLineEdit* label = nullptr;
        QLineEdit* metrics = nullptr;
        QCheckBox* multi = nullptr;
        QToolButton* remove = nullptr;
        std::string first; ///< which has no field: it stays as the file has it
    };

    Line& addLine(const dashboards::Variable& variable);
    void drop(const QToolButton* remove);
    void name();
    QWidget* makeFoot();
    void judge();
    QStringList metricNames() const;
    dashboards::Variable variableOf(const Line& line) const;

    const Theme& m_theme;
    const MetricCatalogue& m_catalogue;
    const dashboards::Dashboard m_dashboard;
    std::vector<Line> m_lines;
    QGridLayout* m_grid;
    int m_rows = 1; ///< of the grid, the heads among them
    QLabel* m_problem;
    NoticeBar* m_notice;
    QPushButton* m_ok;
};

} // namespace tokenscope::ui

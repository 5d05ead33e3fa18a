// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "dashboards/dashboard.h"

#include <QString>
#include <QWidget>

#include <map>
#include <string>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QSpinBox;
class QVBoxLayout;

namespace tokenscope::ui {

class Theme;
class ThresholdEditor;

/// All of a panel but its questions.
class PanelOptions : public QWidget {
    Q_OBJECT

public:
    explicit PanelOptions(const Theme& theme, QWidget* parent = nullptr);

    void setPanel(const dashboards::Panel& panel);
    /// Puts what stands in the fields into the panel. Fails where one cannot be read; the error's param names it: "min".
    Result<void> apply(dashboards::Panel& panel) const;
    dashboards::PanelKind kind() const;
    /// Below the field of the panel's key; whether there is one. An empty sentence: nothing is wrong.
    bool setProblem(const std::string& key, const QString& sentence);
    void clearProblems();
    void focusTitle();

Q_SIGNALS:
    void changed();

private:
    void addField(QVBoxLayout& column, const QString& title, QWidget* field, const char* key);
    QWidget* makePair(const QString& firstTitle, QWidget* first, const char* firstKey, const QString& secondTitle,
                      QWidget* second, const char* secondKey);
    void connectFields();
    void showKind();

    const Theme& m_theme;
    QLineEdit* m_title;
    QPlainTextEdit* m_description;
    QComboBox* m_kind;
    QComboBox* m_unit;
    QSpinBox* m_width;
    QSpinBox* m_height;
    QLineEdit* m_minimum;
    QLineEdit* m_maximum;
    QCheckBox* m_stacked;
    QCheckBox* m_legend;
    ThresholdEditor* m_thresholds;
    QLabel* m_thresholdsTitle;
    std::map<std::string, QLabel*> m_problems;
};

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "dashboards/dashboard.h"

#include <QString>
#include <QWidget>

#include <cstddef>
#include <optional>

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QTabBar;
class QToolButton;

namespace tokenscope::ui {

class AlternativeBar;
class CompletionData;
class MetricCatalogue;
class PromqlEditor;
class QueryForm;
class SourceList;
class Theme;

/// One of a panel's questions: as a form, in PromQL, or as the JSON of the file. What the form has no fields for is not touched.
class TargetEditor : public QWidget {
    Q_OBJECT

public:
    enum class Way { form, promql, json };

    TargetEditor(const Theme& theme, SourceList& sources, const MetricCatalogue& catalogue, CompletionData& completion,
                 QWidget* parent = nullptr);

    void setQuery(const dashboards::PanelQuery& query);
    /// Fails with a sentence on what is missing or wrong.
    Result<dashboards::PanelQuery> query() const;
    Way way() const;
    void setWay(Way way);
    /// Which it is, from 1, of how many: the first cannot go up, the last not down, and the only one stays.
    void setNumber(std::size_t number, std::size_t count);
    void focusShift(int step); ///< the button that moves it on, or else the other one
    void setHeatmap(bool heatmap);
    /// What someone else found wrong with it; absent: nothing. `sure`: it cannot be saved like that.
    void setProblem(const std::optional<Error>& problem, bool sure);
    void setNote(const QString& note);
    QString problem() const;

Q_SIGNALS:
    void changed();
    void removeRequested();
    void shiftRequested(int step); ///< down (1) or up (-1)

private:
    QWidget* makeHeader();
    QWidget* makeForm();
    void showWay();
    QToolButton* makeTool(const char* name, const QString& icon);
    void connectAlternatives();
    void nameAlternatives();
    void showAlternative();
    void keepAlternative();
    void addAlternative();
    void removeAlternative();
    void shiftAlternative(int step);
    void formChanged();
    void takeOver(Way way);
    void showNotes();
    void tell();
    void dress();

    const Theme& m_theme;
    SourceList& m_sources;
    const MetricCatalogue& m_catalogue;
    dashboards::PanelQuery m_query; ///< as it was given, with the alternatives that were changed since
    std::size_t m_alternative = 0;  ///< which the form shows
    QTabBar* m_ways;
    QLineEdit* m_name;
    QToolButton* m_up;
    QToolButton* m_down;
    QToolButton* m_remove;
    QWidget* m_formSide;
    AlternativeBar* m_alternatives; ///< where there are several
    QPushButton* m_addAlternative;
    QueryForm* m_form;
    PromqlEditor* m_promql;
    QPlainTextEdit* m_json;
    QLabel* m_problem;
    QLabel* m_note;
    QString m_given; ///< a note
    Way m_way = Way::form;
    bool m_filling = false;
};

} // namespace tokenscope::ui

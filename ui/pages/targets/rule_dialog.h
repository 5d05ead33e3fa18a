// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/rule.h"
#include "base/result.h"
#include "bridge/inquiry.h"

#include <QDialog>
#include <QTimer>

#include <functional>
#include <map>
#include <string>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;

namespace tokenscope::ui {

class MetricCatalogue;
class QueryForm;
class RulePreview;
class SourceList;
class Theme;

/// One rule, new or not: what to watch, when it fires, how it tells. Shows while it is edited what the value is at present.
class RuleDialog : public QDialog {
    Q_OBJECT

public:
    /// A rule without a name is a new one.
    RuleDialog(const Theme& theme, SourceList& sources, const MetricCatalogue& catalogue, const alerts::Rule& rule,
               QWidget* parent = nullptr);

    /// Takes the rule and says its id, or what is wrong with it.
    void setSave(std::function<Result<std::string>(const alerts::Rule&)> save) { m_save = std::move(save); }
    void accept() override;

Q_SIGNALS:
    void saved(const QString& id);

private:
    enum Way { byForm, byPromql, byJson };

    void addRow(QFormLayout& form, const QString& label, QWidget* field, const char* name);
    void makeQuestion();
    void showRule(const alerts::Rule& rule);
    void showTemplate(int index);
    void showWay();
    void showUnit();
    void edited();
    void preview();
    void complain(const Error& error);
    Result<alerts::Rule> rule() const;
    Result<std::variant<query::Query, std::string>> question() const;

    const Theme& m_theme;
    SourceList& m_sources;
    const alerts::Rule m_original;
    std::function<Result<std::string>(const alerts::Rule&)> m_save;
    QComboBox* m_template = nullptr; ///< of a new rule
    QLineEdit* m_name;
    QComboBox* m_source;
    QComboBox* m_way;
    QStackedWidget* m_question;
    QueryForm* m_form;
    QPlainTextEdit* m_promql;
    QPlainTextEdit* m_json;
    QComboBox* m_condition;
    QLineEdit* m_threshold;
    QLabel* m_unit;
    QLineEdit* m_hold;
    QLineEdit* m_keep;
    QComboBox* m_severity;
    QCheckBox* m_notify;
    RulePreview* m_preview;
    QLabel* m_problem;
    std::map<std::string, QWidget*> m_fields; ///< by the name of what an error is about
    QTimer m_pause;                           ///< in typing
    bool m_filling = false;
};

} // namespace tokenscope::ui

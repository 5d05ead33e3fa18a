// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/variables_dialog.h"

#include "bridge/metric_catalogue.h"
#include "dashboards/dashboard_json.h"
#include "dashboards/library.h"
#include "pages/common/icon.h"
#include "pages/common/notice_bar.h"
#include "pages/common/pickers.h"
#include "theme/theme.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr QSize usual{880, 320};

std::string textOf(const dashboards::Dashboard& dashboard)
{
    return dashboards::to_json(dashboard).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

QString joined(const std::vector<std::string>& names)
{
    QStringList texts;
    for (const auto& name : names)
        texts << QString::fromStdString(name);
    return texts.join(QStringLiteral(", "));
}

} // namespace

VariablesDialog::VariablesDialog(const Theme& theme, const MetricCatalogue& catalogue, dashboards::Dashboard dashboard,
                                 QWidget* parent)
    : QDialog(parent), m_theme(theme), m_catalogue(catalogue), m_dashboard(std::move(dashboard)),
      m_grid(new QGridLayout), m_problem(new QLabel),
      m_notice(new NoticeBar(theme, QStringLiteral("variables.notice"))), m_ok(new QPushButton(tr("OK")))
{
    const auto& tokens = theme.tokens();
    setObjectName(QStringLiteral("dashboard.variables"));
    setWindowTitle(tr("Variables of the dashboard"));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(usual);
    auto* hint =
        new QLabel(tr("A choice above the panels: the values that a label has. “$name” in a condition stands for "
                      "what is chosen."));
    hint->setProperty("role", QStringLiteral("secondary"));
    hint->setWordWrap(true);
    m_grid->setSpacing(tokens.space2);
    int column = 0;
    for (const auto& head :
         {tr("Name"), tr("Title"), tr("Label"), tr("Of the first of these metrics"), tr("Several")}) {
        auto* label = new QLabel(head);
        label->setProperty("role", QStringLiteral("secondary"));
        m_grid->addWidget(label, 0, column++);
    }
    m_grid->setColumnStretch(3, 1);
    auto* add = new QPushButton(tr("Add variable"));
    add->setObjectName(QStringLiteral("variables.add"));
    add->setProperty("flat", true);
    add->setAutoDefault(false);
    connect(add, &QPushButton::clicked, this, [this] {
        addLine({.multi = true}).name->setFocus();
        judge();
    });
    m_problem->setObjectName(QStringLiteral("variables.problem"));
    m_problem->setProperty("role", QStringLiteral("error"));
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(tokens.space4, tokens.space4, tokens.space4, tokens.space3);
    all->setSpacing(tokens.space3);
    all->addWidget(hint);
    all->addLayout(m_grid);
    all->addWidget(add, 0, Qt::AlignLeft);
    all->addStretch(1);
    all->addWidget(m_notice);
    all->addWidget(makeFoot());
    for (const auto& variable : m_dashboard.variables)
        addLine(variable);
    judge();
    (m_lines.empty() ? static_cast<QWidget*>(add) : m_lines.front().name)->setFocus();
}

QWidget* VariablesDialog::makeFoot()
{
    auto* foot = new QWidget;
    auto* cancel = new QPushButton(tr("Cancel"));
    cancel->setObjectName(QStringLiteral("variables.cancel"));
    cancel->setAutoDefault(false);
    m_ok->setObjectName(QStringLiteral("variables.ok"));
    m_ok->setProperty("primary", true);
    m_ok->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &VariablesDialog::reject);
    connect(m_ok, &QPushButton::clicked, this, [this] {
        if (const auto made = dashboard()) {
            Q_EMIT decided(*made);
            accept();
        }
    });
    auto* row = new QHBoxLayout(foot);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(m_theme.tokens().space2);
    row->addWidget(m_problem, 1);
    row->addWidget(cancel);
    row->addWidget(m_ok);
    return foot;
}

QStringList VariablesDialog::metricNames() const
{
    QStringList names;
    for (const auto& name : m_catalogue.names())
        names << QString::fromStdString(name);
    return names;
}

VariablesDialog::Line& VariablesDialog::addLine(const dashboards::Variable& variable)
{
    const auto& tokens = m_theme.tokens();
    Line line{new QLineEdit, new QLineEdit,   new QLineEdit, new QLineEdit,
              new QCheckBox, new QToolButton, variable.first};
    line.name->setText(QString::fromStdString(variable.name));
    line.name->setPlaceholderText(tr("model"));
    line.title->setText(variable.title == variable.name ? QString() : QString::fromStdString(variable.title));
    line.title->setPlaceholderText(tr("as the name"));
    line.label->setText(QString::fromStdString(variable.label));
    line.label->setPlaceholderText(tr("label"));
    line.metrics->setText(joined(variable.metrics));
    line.metrics->setPlaceholderText(tr("metrics as the source names them, with commas between"));
    (new ListCompleter(line.metrics))->setWords(metricNames());
    line.multi->setChecked(variable.multi);
    line.multi->setToolTip(tr("Several values can be chosen at once"));
    line.remove->setIcon(tintedIcon(QStringLiteral("close"), tokens.secondary));
    line.remove->setFixedSize(tokens.controlHeight, tokens.controlHeight);
    int column = 0;
    for (auto* widget :
         std::initializer_list<QWidget*>{line.name, line.title, line.label, line.metrics, line.multi, line.remove})
        m_grid->addWidget(widget, m_rows, column++);
    ++m_rows;
    for (auto* field : {line.name, line.title, line.label, line.metrics})
        connect(field, &QLineEdit::textChanged, this, &VariablesDialog::judge);
    connect(line.multi, &QCheckBox::toggled, this, &VariablesDialog::judge);
    connect(line.remove, &QToolButton::clicked, this, [this, remove = line.remove] { drop(remove); });
    m_lines.push_back(line);
    name();
    return m_lines.back();
}

void VariablesDialog::drop(const QToolButton* remove)
{
    const auto found = std::ranges::find(m_lines, remove, &Line::remove);
    if (found == m_lines.end())
        return;
    for (auto* widget : std::initializer_list<QWidget*>{found->name, found->title, found->label, found->metrics,
                                                        found->multi, found->remove}) {
        m_grid->removeWidget(widget);
        widget->hide();
        widget->deleteLater(); // one of them asked for it
    }
    m_lines.erase(found);
    name();
    judge();
}

void VariablesDialog::name()
{
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        const auto& line = m_lines[i];
        const auto dress = [i](QWidget* widget, const char* key, const QString& text) {
            widget->setObjectName(QStringLiteral("variables.%1.%2").arg(i).arg(QLatin1StringView(key)));
            widget->setAccessibleName(text);
        };
        dress(line.name, "name", tr("Variable %1: name").arg(i + 1));
        dress(line.title, "title", tr("Variable %1: title").arg(i + 1));
        dress(line.label, "label", tr("Variable %1: label").arg(i + 1));
        dress(line.metrics, "metrics", tr("Variable %1: metrics").arg(i + 1));
        dress(line.multi, "multi", tr("Variable %1: several values").arg(i + 1));
        dress(line.remove, "remove", tr("Remove variable %1").arg(i + 1));
        line.remove->setToolTip(tr("Remove the variable"));
    }
}

dashboards::Variable VariablesDialog::variableOf(const Line& line) const
{
    dashboards::Variable variable{.name = line.name->text().trimmed().toStdString(),
                                  .title = line.title->text().toStdString(),
                                  .label = line.label->text().trimmed().toStdString(),
                                  .multi = line.multi->isChecked(),
                                  .first = line.multi->isChecked() ? std::string() : line.first};
    if (variable.title.empty())
        variable.title = variable.name;
    for (const auto& metric : line.metrics->text().split(QLatin1Char(','), Qt::SkipEmptyParts))
        variable.metrics.push_back(metric.trimmed().toStdString());
    return variable;
}

Result<dashboards::Dashboard> VariablesDialog::dashboard() const
{
    auto dashboard = m_dashboard;
    dashboard.variables.clear();
    for (const auto& line : m_lines) {
        dashboard.variables.push_back(variableOf(line));
        const auto& made = dashboard.variables.back();
        if (made.name.empty() || made.label.empty())
            return failure(ErrorCode::invalid_request, tr("A variable needs a name and a label.").toStdString());
    }
    if (auto checked = dashboards::Library::check(dashboard); !checked)
        return failure(checked.error());
    return dashboard;
}

void VariablesDialog::judge()
{
    const auto made = dashboard();
    m_problem->setText(made ? QString() : QString::fromStdString(made.error().message));
    m_ok->setEnabled(made.has_value());
    m_ok->setToolTip(m_problem->text());
    m_ok->setAccessibleDescription(m_problem->text());
}

void VariablesDialog::reject()
{
    const auto now = dashboard();
    if (now && textOf(*now) == textOf(m_dashboard)) {
        QDialog::reject();
        return;
    }
    m_notice->ask(tr("The changes to the variables are not taken over."),
                  {{tr("Go on editing"), nullptr}, {tr("Discard and close"), [this] { QDialog::reject(); }}});
}

} // namespace tokenscope::ui

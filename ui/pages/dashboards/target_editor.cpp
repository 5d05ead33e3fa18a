// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/target_editor.h"

#include "bridge/metric_catalogue.h"
#include "bridge/source_list.h"
#include "dashboards/dashboard_json.h"
#include "dashboards/resolve.h"
#include "dashboards/variable_uses.h"
#include "pages/common/icon.h"
#include "pages/common/query_draft.h"
#include "pages/dashboards/alternative_bar.h"
#include "pages/common/query_form.h"
#include "pages/common/promql_editor.h"
#include "theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr int jsonHeight = 150;
constexpr int promqlHeight = 84;
constexpr std::chrono::milliseconds usualStep{15'000}; ///< of a heatmap's query, where it becomes PromQL

/// In PromQL a variable stands for several values, and so in a regular expression.
query::Query withPatterns(query::Query query)
{
    for (auto& [label, text] : query.where) {
        const auto [kind, value] = query::split_matcher(text);
        const bool equal = kind == query::MatchKind::equal;
        const auto uses = dashboards::variable_uses(value, dashboards::ValueKind::literal);
        const bool whole = uses.size() == 1 && uses.front().name.size() + 1 == value.size();
        if (whole && (equal || kind == query::MatchKind::not_equal))
            text = std::string(equal ? "~" : "!~").append(value);
    }
    for (auto& part : query.parts)
        part = withPatterns(std::move(part));
    return query;
}

QString jsonText(const dashboards::PanelQuery& query)
{
    const bool empty = query.expression.empty() && query.alternatives.empty();
    return empty ? QString() : QString::fromStdString(dashboards::to_json(query).dump(2));
}

void showSentence(QLabel& label, const QString& sentence)
{
    label.setText(sentence);
    label.setVisible(!sentence.isEmpty());
}

} // namespace

TargetEditor::TargetEditor(const Theme& theme, SourceList& sources, const MetricCatalogue& catalogue,
                           CompletionData& completion, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_sources(sources), m_catalogue(catalogue), m_ways(new QTabBar),
      m_name(new QLineEdit), m_up(makeTool("up", QStringLiteral("chevron-up"))),
      m_down(makeTool("down", QStringLiteral("chevron-down"))), m_remove(makeTool("remove", QStringLiteral("close"))),
      m_alternatives(new AlternativeBar(theme)), m_addAlternative(new QPushButton(tr("Add alternative"))),
      m_form(new QueryForm(theme, sources, catalogue)), m_promql(new PromqlEditor(theme, completion)),
      m_json(new QPlainTextEdit), m_problem(new QLabel), m_note(new QLabel)
{
    const auto& tokens = theme.tokens();
    m_promql->setObjectName(QStringLiteral("target.promql"));
    m_promql->setAccessibleName(tr("PromQL"));
    m_promql->setPlaceholderText(tr("rate(metric_total[5m])    Ctrl+Space completes"));
    m_promql->setMinimumHeight(promqlHeight);
    m_json->setObjectName(QStringLiteral("target.json"));
    m_json->setAccessibleName(tr("The query as JSON"));
    m_json->setFont(tokens.mono);
    m_json->setTabChangesFocus(true);
    m_json->setMinimumHeight(jsonHeight);
    m_problem->setObjectName(QStringLiteral("target.problem"));
    m_problem->setProperty("role", QStringLiteral("error"));
    m_note->setObjectName(QStringLiteral("target.note"));
    m_note->setProperty("role", QStringLiteral("secondary"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(tokens.space2);
    column->addWidget(makeHeader());
    m_formSide = makeForm();
    for (auto* widget : std::initializer_list<QWidget*>{m_formSide, m_promql, m_json, m_problem, m_note})
        column->addWidget(widget);
    for (auto* label : {m_problem, m_note}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        label->hide();
    }
    connect(m_ways, &QTabBar::currentChanged, this, [this](int index) {
        if (!m_filling)
            takeOver(static_cast<Way>(m_ways->tabData(index).toInt()));
    });
    connectAlternatives();
    connect(m_promql, &QPlainTextEdit::textChanged, this, &TargetEditor::tell);
    connect(m_json, &QPlainTextEdit::textChanged, this, &TargetEditor::tell);
    connect(m_name, &QLineEdit::textChanged, this, &TargetEditor::tell);
    connect(m_up, &QToolButton::clicked, this, [this] { Q_EMIT shiftRequested(-1); });
    connect(m_down, &QToolButton::clicked, this, [this] { Q_EMIT shiftRequested(1); });
    connect(m_remove, &QToolButton::clicked, this, &TargetEditor::removeRequested);
    connect(&theme, &Theme::changed, this, &TargetEditor::dress);
    dress();
}

QWidget* TargetEditor::makeHeader()
{
    const auto& tokens = m_theme.tokens();
    auto* header = new QWidget;
    m_ways->setObjectName(QStringLiteral("target.ways"));
    m_ways->setDrawBase(false);
    m_ways->setExpanding(false);
    m_name->setObjectName(QStringLiteral("target.name"));
    m_name->setAccessibleName(tr("Name in the legend"));
    m_name->setPlaceholderText(tr("as the labels say"));
    m_name->setToolTip(tr("Of its one line, or before the names of several"));
    m_name->setFixedWidth(170);
    auto* title = new QLabel(tr("Legend"));
    title->setProperty("role", QStringLiteral("secondary"));
    title->setBuddy(m_name);
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(tokens.space2);
    row->addWidget(m_ways);
    row->addStretch(1);
    row->addWidget(title);
    row->addWidget(m_name);
    for (auto* tool : {m_up, m_down, m_remove})
        row->addWidget(tool);
    return header;
}

QWidget* TargetEditor::makeForm()
{
    const auto& tokens = m_theme.tokens();
    auto* side = new QWidget;
    m_addAlternative->setObjectName(QStringLiteral("target.alternative.add"));
    m_addAlternative->setToolTip(
        tr("For a metric that has another name elsewhere: the first is asked whose metrics the source has"));
    m_addAlternative->setProperty("flat", true);
    m_addAlternative->setAutoDefault(false);
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(tokens.space2);
    column->addWidget(m_alternatives);
    column->addWidget(m_form);
    column->addWidget(m_addAlternative, 0, Qt::AlignLeft);
    return side;
}

QToolButton* TargetEditor::makeTool(const char* name, const QString& icon)
{
    auto* tool = new QToolButton;
    tool->setObjectName(QStringLiteral("target.") + QLatin1StringView(name));
    tool->setProperty("icon.name", icon);
    return tool;
}

void TargetEditor::setNumber(std::size_t number, std::size_t count)
{
    const bool alone = count == 1;
    m_ways->setAccessibleName(tr("How query %1 is written").arg(number));
    m_remove->setAccessibleName(tr("Remove query %1").arg(number));
    m_remove->setToolTip(alone ? tr("A panel has at least one query") : tr("Remove the query"));
    m_remove->setEnabled(!alone);
    m_up->setAccessibleName(tr("Move query %1 up").arg(number));
    m_up->setToolTip(tr("Move the query up"));
    m_up->setEnabled(number > 1);
    m_down->setAccessibleName(tr("Move query %1 down").arg(number));
    m_down->setToolTip(tr("Move the query down"));
    m_down->setEnabled(number < count);
    for (auto* tool : {m_up, m_down})
        tool->setVisible(!alone);
}

void TargetEditor::focusShift(int step)
{
    auto* const on = step < 0 ? m_up : m_down;
    (on->isEnabled() ? on : step < 0 ? m_down : m_up)->setFocus();
}

void TargetEditor::setQuery(const dashboards::PanelQuery& query)
{
    const QScopedValueRollback filling(m_filling, true);
    m_query = query;
    m_name->setText(QString::fromStdString(query.name));
    const auto speaks = m_sources.current().source->capabilities().promql;
    while (m_ways->count() > 0)
        m_ways->removeTab(0);
    const auto add = [this](const QString& title, Way way) {
        m_ways->setTabData(m_ways->addTab(title), static_cast<int>(way));
    };
    add(tr("Form"), Way::form);
    if (speaks || !query.expression.empty())
        add(tr("PromQL"), Way::promql);
    add(tr("JSON"), Way::json);

    m_alternative = 0;
    if (query.alternatives.size() > 1) {
        // The one that this source answers.
        const auto asked = dashboards::resolve(query, m_catalogue.names());
        for (std::size_t i = 0; asked && i < query.alternatives.size(); ++i) {
            if (dashboards::metrics_of(query.alternatives[i]) == dashboards::metrics_of(*asked)) {
                m_alternative = i;
                break;
            }
        }
    }
    m_promql->setPlainText(QString::fromStdString(query.expression));
    m_json->setPlainText(jsonText(query));
    const bool fits = query.alternatives.empty() || QueryForm::expresses(query.alternatives[m_alternative]);
    m_way = !query.expression.empty() ? Way::promql : fits ? Way::form : Way::json;
    showAlternative();
    showWay();
}

Result<dashboards::PanelQuery> TargetEditor::query() const
{
    auto query = m_query;
    query.name = m_name->text().toStdString();
    if (m_way == Way::json)
        return dashboards::parse_panel_query(m_json->toPlainText().toStdString());
    if (m_way == Way::promql) {
        query.alternatives.clear();
        query.expression = m_promql->toPlainText().toStdString();
        if (query.expression.find_first_not_of(" \t\n") == std::string::npos)
            return failure(ErrorCode::invalid_request, tr("Write an expression.").toStdString());
        return query;
    }
    query.expression.clear();
    if (m_form->isHidden())
        return query;
    auto asked = m_form->query();
    if (!asked)
        return failure(asked.error());
    if (query.alternatives.empty())
        query.alternatives.emplace_back();
    query.alternatives[m_alternative] = std::move(*asked);
    return query;
}

TargetEditor::Way TargetEditor::way() const
{
    return m_way;
}

void TargetEditor::setWay(Way way)
{
    for (int i = 0; i < m_ways->count(); ++i) {
        if (m_ways->tabData(i).toInt() == static_cast<int>(way))
            m_ways->setCurrentIndex(i);
    }
}

void TargetEditor::takeOver(Way way)
{
    const auto before = query();
    const QScopedValueRollback filling(m_filling, true);
    if (m_way == Way::json && !before) {
        showWay(); // what is written there would be lost
        return;
    }
    if (before) {
        if (m_way == Way::json)
            setQuery(*before);
        else if (m_way == Way::form)
            m_query = *before;
        if (way == Way::json)
            m_json->setPlainText(jsonText(*before));
        else if (way == Way::promql && !before->alternatives.empty())
            m_promql->setPlainText(promqlOf(withPatterns(before->alternatives[m_alternative]), usualStep));
    }
    m_way = way;
    if (way == Way::form)
        showAlternative();
    showWay();
    Q_EMIT changed();
}

void TargetEditor::showWay()
{
    const QScopedValueRollback filling(m_filling, true);
    setWay(m_way);
    m_formSide->setVisible(m_way == Way::form);
    m_promql->setVisible(m_way == Way::promql);
    m_json->setVisible(m_way == Way::json);
    m_name->setEnabled(m_way != Way::json); // it is in the text
    showNotes();
}

void TargetEditor::setHeatmap(bool heatmap)
{
    if (m_way == Way::form && !m_form->isHidden())
        m_form->setHeatmap(heatmap);
}

void TargetEditor::setProblem(const std::optional<Error>& problem, bool sure)
{
    auto text = problem ? QString::fromStdString(problem->message) : QString();
    const auto detail = problem ? QString::fromStdString(problem->detail) : QString();
    if (!detail.isEmpty() && detail != text)
        text += QStringLiteral(" (") + detail + QLatin1Char(')');
    showSentence(*m_problem, text);
    if (m_way == Way::promql)
        m_promql->setErrorPlace(
            problem && !sure ? errorPlaceIn(detail.isEmpty() ? text : detail, m_promql->toPlainText()) : std::nullopt);
}

void TargetEditor::setNote(const QString& note)
{
    m_given = note;
    showNotes();
}

void TargetEditor::showNotes()
{
    QStringList notes{m_given};
    if (m_way == Way::form && m_form->isHidden())
        notes << tr("The form has no fields for all of this query: it stays as it is. Edit it as JSON.");
    notes.removeAll(QString());
    showSentence(*m_note, notes.join(QLatin1Char('\n')));
}

QString TargetEditor::problem() const
{
    return m_problem->text();
}

void TargetEditor::tell()
{
    if (!m_filling)
        Q_EMIT changed();
}

void TargetEditor::dress()
{
    const auto& tokens = m_theme.tokens();
    for (auto* tool : {m_up, m_down, m_remove}) {
        tool->setIcon(tintedIcon(tool->property("icon.name").toString(), tokens.secondary));
        tool->setFixedSize(tokens.controlHeight, tokens.controlHeight);
    }
    m_json->setFont(tokens.mono);
}

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/targets/rule_dialog.h"

#include "base/json_text.h"
#include "bridge/source_list.h"
#include "pages/common/query_draft.h"
#include "pages/common/query_form.h"
#include "pages/targets/rule_preview.h"
#include "pages/targets/rule_templates.h"
#include "query/duration_text.h"
#include "query/query_json.h"
#include "theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <nlohmann/json.hpp>

namespace tokenscope::ui {

namespace {

constexpr int pauseMs = 400;
constexpr int editorHeight = 72;
constexpr int usualWidth = 640;

QString durationText(std::chrono::milliseconds time)
{
    return QString::fromStdString(query::duration_text(time));
}

tl::unexpected<Error> wrong(std::string field, const QString& sentence)
{
    return failure(
        Error{.code = ErrorCode::invalid_request, .message = sentence.toStdString(), .param = std::move(field)});
}

} // namespace

RuleDialog::RuleDialog(const Theme& theme, SourceList& sources, const MetricCatalogue& catalogue,
                       const alerts::Rule& rule, QWidget* parent)
    : QDialog(parent), m_theme(theme), m_sources(sources), m_original(rule), m_name(new QLineEdit),
      m_source(new QComboBox), m_way(new QComboBox), m_question(new QStackedWidget),
      m_form(new QueryForm(theme, sources, catalogue, QueryForm::Fields::question)), m_promql(new QPlainTextEdit),
      m_json(new QPlainTextEdit), m_condition(new QComboBox), m_threshold(new QLineEdit), m_unit(new QLabel),
      m_hold(new QLineEdit), m_keep(new QLineEdit), m_severity(new QComboBox),
      m_notify(new QCheckBox(tr("Tell me with a desktop notification"))), m_preview(new RulePreview),
      m_problem(new QLabel)
{
    setObjectName(QStringLiteral("ruleDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    const bool fresh = rule.id.empty();
    setWindowTitle(fresh ? tr("New rule") : tr("Edit rule"));
    const auto& tokens = theme.tokens();
    for (const auto& entry : sources.entries())
        m_source->addItem(QString::fromStdString(entry.source->name()), entry.id);
    m_way->addItems({tr("Metrics"), tr("PromQL"), tr("A query as JSON")});
    m_condition->addItems({tr("is above"), tr("is below"), tr("is absent")});
    m_severity->addItems({tr("Info"), tr("Warning"), tr("Critical")});
    makeQuestion();

    auto* form = new QFormLayout;
    form->setHorizontalSpacing(tokens.space4);
    form->setVerticalSpacing(tokens.space2);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    if (fresh && rule.name.empty()) {
        m_template = new QComboBox;
        m_template->addItem(tr("Nothing"));
        for (const auto& proposed : ruleTemplates())
            m_template->addItem(QString::fromStdString(proposed.rule.name));
        addRow(*form, tr("Start from"), m_template, "rule.template");
        connect(m_template, &QComboBox::activated, this, &RuleDialog::showTemplate);
    }
    addRow(*form, tr("Name"), m_name, "rule.name");
    addRow(*form, tr("Source"), m_source, "rule.source");
    addRow(*form, tr("Watch"), m_way, "rule.way");
    form->addRow(QString(), m_question);
    auto* when = new QWidget;
    auto* whenRow = new QHBoxLayout(when);
    whenRow->setContentsMargins(0, 0, 0, 0);
    whenRow->setSpacing(tokens.space2);
    whenRow->addWidget(m_condition);
    whenRow->addWidget(m_threshold);
    whenRow->addWidget(m_unit);
    whenRow->addStretch(1);
    m_condition->setObjectName(QStringLiteral("rule.condition"));
    m_condition->setAccessibleName(tr("Fires when the value"));
    m_threshold->setFixedWidth(120);
    m_unit->setProperty("role", QStringLiteral("secondary"));
    form->addRow(tr("Fires when it"), when);
    m_threshold->setObjectName(QStringLiteral("rule.threshold"));
    m_threshold->setAccessibleName(tr("Threshold"));
    addRow(*form, tr("For at least"), m_hold, "rule.hold");
    addRow(*form, tr("Over after"), m_keep, "rule.keep");
    m_hold->setPlaceholderText(tr("at once; 30s, 5m, 1h30m"));
    m_keep->setPlaceholderText(tr("at once; a while keeps a jittering value from firing again and again"));
    addRow(*form, tr("Severity"), m_severity, "rule.severity");
    m_notify->setObjectName(QStringLiteral("rule.notify"));
    form->addRow(QString(), m_notify);

    m_preview->setObjectName(QStringLiteral("rule.preview"));
    m_problem->setObjectName(QStringLiteral("rule.problem"));
    m_problem->setProperty("role", QStringLiteral("error"));
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    auto* save = buttons->addButton(fresh ? tr("Watch") : tr("Save"), QDialogButtonBox::AcceptRole);
    save->setObjectName(QStringLiteral("rule.save"));
    save->setProperty("primary", true);
    connect(buttons, &QDialogButtonBox::accepted, this, &RuleDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &RuleDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(tokens.space6, tokens.space6, tokens.space6, tokens.space4);
    column->setSpacing(tokens.space3);
    column->addLayout(form);
    column->addWidget(m_preview);
    column->addWidget(m_problem);
    column->addStretch(1);
    column->addWidget(buttons);
    save->setDefault(true); // only now: a dialog does not see what is not yet within it, and takes its first button
    m_name->setMinimumWidth(usualWidth); // of a part: the dialog's own would let the question's fields overlap
    m_fields = {{"name", m_name}, {"source", m_source}, {"threshold", m_threshold}, {"hold", m_hold}, {"keep", m_keep}};

    m_pause.setSingleShot(true);
    m_pause.setInterval(pauseMs);
    connect(&m_pause, &QTimer::timeout, this, &RuleDialog::preview);
    for (auto* field : {m_name, m_threshold, m_hold, m_keep})
        connect(field, &QLineEdit::textChanged, this, &RuleDialog::edited);
    for (auto* box : {m_source, m_condition, m_severity})
        connect(box, &QComboBox::currentIndexChanged, this, &RuleDialog::edited);
    for (auto* editor : {m_promql, m_json})
        connect(editor, &QPlainTextEdit::textChanged, this, &RuleDialog::edited);
    connect(m_form, &QueryForm::changed, this, &RuleDialog::edited);
    connect(m_way, &QComboBox::currentIndexChanged, this, &RuleDialog::showWay);
    showRule(rule);
    m_name->setFocus();
}

void RuleDialog::addRow(QFormLayout& form, const QString& label, QWidget* field, const char* name)
{
    field->setObjectName(QLatin1StringView(name));
    field->setAccessibleName(label);
    form.addRow(label, field);
}

void RuleDialog::makeQuestion()
{
    const auto& tokens = m_theme.tokens();
    m_promql->setObjectName(QStringLiteral("rule.promql"));
    m_promql->setAccessibleName(tr("PromQL"));
    m_promql->setPlaceholderText(QStringLiteral("sum(rate(http_requests_total{code=~\"5..\"}[5m]))"));
    m_json->setObjectName(QStringLiteral("rule.json"));
    m_json->setAccessibleName(tr("Query as JSON"));
    m_json->setPlaceholderText(
        QStringLiteral(R"({"metric": "aigateway_requests_total", "fn": "rate", "by": ["model"]})"));
    for (auto* editor : {m_promql, m_json}) {
        editor->setFont(tokens.mono);
        editor->setTabChangesFocus(true);
        editor->setMinimumHeight(editorHeight);
    }
    for (auto* way : std::initializer_list<QWidget*>{m_form, m_promql, m_json})
        m_question->addWidget(way);
}

void RuleDialog::showRule(const alerts::Rule& rule)
{
    const QScopedValueRollback filling(m_filling, true);
    m_name->setText(QString::fromStdString(rule.name));
    const auto source = m_source->findData(QString::fromStdString(rule.source));
    if (source < 0 && !rule.source.empty())
        m_source->addItem(tr("(removed)"), QString::fromStdString(rule.source));
    m_source->setCurrentIndex(source < 0 ? m_source->count() - 1 : source);
    if (const auto* expression = std::get_if<std::string>(&rule.question)) {
        m_way->setCurrentIndex(byPromql);
        m_promql->setPlainText(QString::fromStdString(*expression));
    } else {
        const auto& query = std::get<query::Query>(rule.question);
        const bool plain = QueryForm::expresses(query) && query.scale == 1 && query.offset.count() == 0;
        m_way->setCurrentIndex(plain ? byForm : byJson);
        if (plain)
            m_form->setQuery(query);
        m_json->setPlainText(query.metric.empty() && query.parts.empty()
                                 ? QString()
                                 : QString::fromStdString(query::to_json(query).dump(2)));
    }
    m_condition->setCurrentIndex(static_cast<int>(rule.condition));
    m_threshold->setText(rule.name.empty() ? QString() : QLocale::c().toString(rule.threshold, 'g', 12));
    m_hold->setText(rule.hold.count() > 0 ? durationText(rule.hold) : QString());
    m_keep->setText(rule.keep.count() > 0 ? durationText(rule.keep) : QString());
    m_severity->setCurrentIndex(static_cast<int>(rule.severity));
    m_notify->setChecked(rule.notify);
    m_problem->clear();
    showWay();
    showUnit();
    m_pause.start();
}

void RuleDialog::showTemplate(int index)
{
    if (index <= 0)
        return;
    auto rule = ruleTemplates()[static_cast<std::size_t>(index - 1)].rule;
    rule.source = SourceList::localId().toStdString(); // they are about this gateway's metrics
    showRule(rule);
}

void RuleDialog::showWay()
{
    m_question->setCurrentIndex(m_way->currentIndex());
    // Only as high as the way that is chosen.
    for (int i = 0; i < m_question->count(); ++i)
        m_question->widget(i)->setSizePolicy(QSizePolicy::Preferred, i == m_way->currentIndex() ? QSizePolicy::Preferred
                                                                                                : QSizePolicy::Ignored);
    m_question->adjustSize();
    edited();
}

void RuleDialog::showUnit()
{
    m_threshold->setEnabled(m_condition->currentIndex() != static_cast<int>(alerts::Condition::absent));
    const auto asked = question();
    const auto* query = asked ? std::get_if<query::Query>(&*asked) : nullptr;
    const bool share = query && query->function == query::Function::share;
    const auto unit = query && !share ? unitOf(*query) : Unit::none;
    m_unit->setText(share                          ? tr("(a share: 0.05 is 5 %)")
                    : unit == Unit::seconds        ? tr("seconds")
                    : unit == Unit::bytes          ? tr("bytes")
                    : unit == Unit::bytesPerSecond ? tr("bytes a second")
                    : unit == Unit::perSecond      ? tr("a second")
                                                   : QString());
}

Result<std::variant<query::Query, std::string>> RuleDialog::question() const
{
    using Question = std::variant<query::Query, std::string>;
    switch (m_way->currentIndex()) {
    case byForm: {
        auto query = m_form->query();
        if (!query)
            return failure(query.error());
        return Question(std::move(*query));
    }
    case byPromql: return Question(m_promql->toPlainText().trimmed().toStdString());
    default: break;
    }
    const auto json = parse_json_text(m_json->toPlainText().toStdString());
    if (!json)
        return wrong("question", QString::fromStdString(json.error().message));
    auto query = query::parse_query(*json);
    if (!query)
        return wrong("question", QString::fromStdString(query.error().message));
    return Question(std::move(*query));
}

Result<alerts::Rule> RuleDialog::rule() const
{
    auto rule = m_original;
    rule.name = m_name->text().trimmed().toStdString();
    rule.source = m_source->currentData().toString().toStdString();
    auto asked = question();
    if (!asked)
        return failure(asked.error());
    rule.question = std::move(*asked);
    rule.condition = static_cast<alerts::Condition>(m_condition->currentIndex());
    bool number = true;
    // As people write it: their own decimal sign, or a point.
    const auto written = m_threshold->text().trimmed();
    rule.threshold = QLocale::c().toDouble(written, &number);
    if (!number)
        rule.threshold = QLocale().toDouble(written, &number);
    if (!number && rule.condition != alerts::Condition::absent)
        return wrong("threshold", tr("Give the threshold as a number."));
    for (const auto& [field, time, edit] :
         {std::tuple("hold", &rule.hold, m_hold), std::tuple("keep", &rule.keep, m_keep)}) {
        const auto text = edit->text().trimmed();
        const auto duration = text.isEmpty() ? std::chrono::milliseconds(0) : query::parse_duration(text.toStdString());
        if (!duration)
            return wrong(field, tr("“%1” is no time: write 30s, 5m or 1h30m.").arg(text));
        *time = *duration;
    }
    rule.severity = static_cast<alerts::Severity>(m_severity->currentIndex());
    rule.notify = m_notify->isChecked();
    for (const auto& entry : m_sources.entries()) {
        if (entry.id.toStdString() == rule.source && m_way->currentIndex() == byPromql
            && !entry.source->capabilities().promql)
            return wrong("source", tr("Only a Prometheus takes PromQL: choose a metric, or another source."));
    }
    if (auto error = alerts::validate(rule))
        return failure(std::move(*error));
    return rule;
}

void RuleDialog::edited()
{
    if (m_filling)
        return;
    m_problem->clear();
    showUnit();
    m_pause.start();
}

void RuleDialog::preview()
{
    auto asked = question();
    const auto id = m_source->currentData().toString();
    const auto& entries = m_sources.entries();
    const auto entry = std::find_if(entries.begin(), entries.end(), [&id](const auto& one) { return one.id == id; });
    if (!asked || entry == entries.end())
        return m_preview->forget();
    alerts::Rule trial = rule().value_or(m_original);
    trial.question = std::move(*asked);
    m_preview->preview(trial, *entry);
}

void RuleDialog::complain(const Error& error)
{
    m_problem->setText(QString::fromStdString(error.message));
    if (const auto field = m_fields.find(error.param); field != m_fields.end())
        field->second->setFocus();
    else if (m_way->currentIndex() == byForm)
        m_form->focusField(error.param);
    else
        m_question->currentWidget()->setFocus();
}

void RuleDialog::accept()
{
    const auto finished = rule();
    if (!finished)
        return complain(finished.error());
    const auto id = m_save(*finished);
    if (!id)
        return complain(id.error());
    Q_EMIT saved(QString::fromStdString(*id));
    QDialog::accept();
}

} // namespace tokenscope::ui

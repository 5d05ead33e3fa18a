// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/common/query_builder.h"

#include "bridge/metric_catalogue.h"
#include "bridge/source_list.h"
#include "pages/common/matcher_row.h"
#include "pages/common/pickers.h"
#include "pages/common/wrapping_row.h"
#include "theme/theme.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <map>

namespace tokenscope::ui {

namespace {

QString titleOf(BuilderFunction function)
{
    switch (function) {
    case BuilderFunction::value: return QueryBuilder::tr("Value");
    case BuilderFunction::rate: return QueryBuilder::tr("Rate per second");
    case BuilderFunction::increase: return QueryBuilder::tr("Increase");
    case BuilderFunction::mean: return QueryBuilder::tr("Mean");
    case BuilderFunction::quantile: return QueryBuilder::tr("Quantiles");
    case BuilderFunction::heatmap: return QueryBuilder::tr("Heatmap");
    case BuilderFunction::eventRate: return QueryBuilder::tr("Events per second");
    case BuilderFunction::eventIncrease: return QueryBuilder::tr("Number of events");
    }
    return {};
}

void showField(QWidget* field, bool shown)
{
    field->setVisible(shown);
    for (auto* label : field->parentWidget()->findChildren<QLabel*>(QString(), Qt::FindDirectChildrenOnly)) {
        if (label->buddy() == field)
            label->setVisible(shown);
    }
}

} // namespace

QueryBuilder::QueryBuilder(const Theme& theme, SourceList& sources, const MetricCatalogue& catalogue, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_sources(sources), m_catalogue(catalogue), m_metric(new QComboBox),
      m_function(new QComboBox), m_aggregation(new QComboBox), m_quantiles(new QLineEdit), m_by(new QLineEdit),
      m_byWords(new ListCompleter(m_by)), m_window(new QComboBox), m_topk(new QSpinBox), m_help(new QLabel),
      m_options(new WrappingRow(theme.tokens().space2)), m_conditions(new QGridLayout),
      m_add(new QPushButton(tr("Add condition")))
{
    const auto& tokens = theme.tokens();
    auto* first = new QHBoxLayout;
    auto* options = new QWidget;
    auto* second = new QHBoxLayout(options);
    second->setContentsMargins(0, 0, 0, 0);
    addField(*first, tr("Metric"), m_metric, "builder.metric");
    addField(*first, tr("Function"), m_function, "builder.function");
    addField(*first, tr("Of all"), m_aggregation, "builder.aggregation");
    addField(*first, tr("Quantiles"), m_quantiles, "builder.quantiles");
    addField(*second, tr("By"), m_by, "builder.by");
    addField(*second, tr("Window"), m_window, "builder.window");
    addField(*second, tr("Highest"), m_topk, "builder.topk");
    first->setStretchFactor(m_metric, 3);
    second->setStretchFactor(m_by, 1);
    second->addWidget(m_add);
    second->addStretch();
    m_options->addWidget(options);
    makeSearchable(*m_metric, tr("Type to search"));
    makeSearchable(*m_window, QStringLiteral("1m"));
    m_metric->setMinimumWidth(160);
    m_function->setMinimumWidth(140);
    m_quantiles->setFixedWidth(130);
    m_by->setMinimumWidth(100);
    m_by->setMaximumWidth(220);
    m_by->setPlaceholderText(tr("labels, with commas between"));
    m_window->setFixedWidth(84);
    m_window->addItems({QStringLiteral("30s"), QStringLiteral("1m"), QStringLiteral("2m"), QStringLiteral("5m"),
                        QStringLiteral("10m"), QStringLiteral("30m"), QStringLiteral("1h")});
    m_aggregation->addItems({tr("Sum"), tr("Average"), tr("Lowest"), tr("Highest"), tr("Count")});
    m_topk->setRange(0, 1000);
    m_topk->setSpecialValueText(tr("all"));
    m_topk->setFixedWidth(84);
    m_help->setProperty("role", QStringLiteral("secondary"));
    m_help->setTextFormat(Qt::PlainText);
    m_help->setWordWrap(true);
    m_help->setObjectName(QStringLiteral("builder.help"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(tokens.space2);
    column->addLayout(first);
    column->addWidget(m_help);
    column->addLayout(m_options);
    column->addWidget(makeConditions());

    connect(&catalogue, &MetricCatalogue::changed, this, &QueryBuilder::fillMetrics);
    connect(m_metric, &QComboBox::currentTextChanged, this, &QueryBuilder::metricChanged);
    connect(m_function, &QComboBox::currentIndexChanged, this, &QueryBuilder::functionChanged);
    for (auto* box : {m_aggregation, m_window})
        connect(box, &QComboBox::currentTextChanged, this, &QueryBuilder::changed);
    for (auto* field : {m_quantiles, m_by})
        connect(field, &QLineEdit::textChanged, this, &QueryBuilder::changed);
    connect(m_topk, &QSpinBox::valueChanged, this, &QueryBuilder::changed);
    setDraft({});
    fillMetrics();
}

void QueryBuilder::addField(QHBoxLayout& row, const QString& title, QWidget* field, const char* name)
{
    auto* label = new QLabel(title);
    label->setProperty("role", QStringLiteral("secondary"));
    label->setBuddy(field);
    field->setObjectName(QLatin1StringView(name));
    field->setAccessibleName(title);
    row.setSpacing(m_theme.tokens().space2);
    row.addWidget(label);
    row.addWidget(field);
}

QWidget* QueryBuilder::makeConditions()
{
    const auto& tokens = m_theme.tokens();
    auto* all = new QWidget;
    m_add->setObjectName(QStringLiteral("builder.addCondition"));
    m_add->setProperty("flat", true);
    m_conditions->setContentsMargins(0, 0, 0, 0);
    m_conditions->setHorizontalSpacing(tokens.space3);
    m_conditions->setVerticalSpacing(tokens.space1);
    m_conditions->setColumnStretch(m_matchersARow + 1, 1);
    all->setLayout(m_conditions);
    connect(m_add, &QPushButton::clicked, this, [this] {
        auto* matcher = addMatcher({});
        matcher->findChild<QComboBox*>(QStringLiteral("matcher.label"))->setFocus();
        Q_EMIT changed();
    });
    return all;
}

void QueryBuilder::placeMatchers()
{
    int place = 0;
    for (auto* matcher : m_matchers) {
        m_conditions->addWidget(matcher, place / m_matchersARow, place % m_matchersARow);
        ++place;
    }
    m_conditions->parentWidget()->setVisible(place > 0);
}

MatcherRow* QueryBuilder::addMatcher(const DraftMatcher& matcher)
{
    auto* row = new MatcherRow(m_theme, m_sources);
    row->setLabels(m_labels);
    row->setMatcher(matcher);
    row->setMetric(storedMetric());
    m_matchers.push_back(row);
    placeMatchers();
    connect(row, &MatcherRow::changed, this, &QueryBuilder::changed);
    connect(row, &MatcherRow::removeRequested, this, [this, row] { drop(row); });
    return row;
}

void QueryBuilder::drop(MatcherRow* matcher)
{
    std::erase(m_matchers, matcher);
    matcher->hide();
    matcher->deleteLater();
    placeMatchers();
    m_add->setFocus();
    Q_EMIT changed();
}

void QueryBuilder::fillMetrics()
{
    auto families = metricFamilies(m_catalogue.metrics());
    if (families == m_families && m_metric->count() > 0)
        return;
    m_families = std::move(families);
    QStringList names;
    for (const auto& family : m_families)
        names << family.name;
    setChoices(*m_metric, names);
    metricChanged();
}

const MetricFamily* QueryBuilder::family() const
{
    const auto name = m_metric->currentText().trimmed();
    const auto found =
        std::find_if(m_families.begin(), m_families.end(), [&name](const auto& family) { return family.name == name; });
    return found == m_families.end() ? nullptr : &*found;
}

std::string QueryBuilder::storedMetric() const
{
    const auto* known = family();
    if (!known)
        return {};
    const auto suffix = known->buckets  ? QStringLiteral("_bucket")
                        : known->itself ? QString()
                                        : QStringLiteral("_count");
    return known->name.toStdString() + suffix.toStdString();
}

void QueryBuilder::metricChanged()
{
    const auto* known = family();
    m_help->setText(!known                  ? QString()
                    : known->help.isEmpty() ? known->type
                                            : known->type + QStringLiteral(" · ") + known->help);
    m_help->setVisible(known != nullptr);
    if (known) {
        const auto before = m_function->currentData();
        const QSignalBlocker quiet(m_function);
        m_function->clear();
        for (const auto function : functionsOf(*known))
            m_function->addItem(titleOf(function), static_cast<int>(function));
        // What it was given stays, though it is not usual for such a metric.
        if (m_given && m_given->first == known->name && m_function->findData(static_cast<int>(m_given->second)) < 0)
            m_function->addItem(titleOf(m_given->second), static_cast<int>(m_given->second));
        m_function->setCurrentIndex(std::max(0, m_function->findData(before)));
        askLabels();
    }
    functionChanged();
}

void QueryBuilder::functionChanged()
{
    const auto function = static_cast<BuilderFunction>(m_function->currentData().toInt());
    showField(m_aggregation, function == BuilderFunction::value);
    showField(m_quantiles, function == BuilderFunction::quantile);
    showField(m_by, function != BuilderFunction::heatmap);
    showField(m_window, function != BuilderFunction::value && function != BuilderFunction::heatmap);
    if (!m_filling)
        Q_EMIT changed();
}

void QueryBuilder::askLabels()
{
    const auto metric = storedMetric();
    if (metric.empty() || metric == m_labelled)
        return;
    m_labelled = metric;
    for (auto* matcher : m_matchers)
        matcher->setMetric(metric);
    auto answer = m_inquiry.begin<sources::MetricSource::Texts>([this](const auto& labels) {
        m_labels.clear();
        for (const auto& label : labels.value_or(sources::MetricSource::Texts())) {
            if (label != "le")
                m_labels << QString::fromStdString(label);
        }
        m_byWords->setWords(m_labels);
        m_by->setToolTip(m_labels.join(QStringLiteral(", ")));
        for (auto* matcher : m_matchers)
            matcher->setLabels(m_labels);
    });
    m_sources.current().source->label_names(metric, m_inquiry.token(), std::move(answer));
}

QueryDraft QueryBuilder::draft() const
{
    QueryDraft draft{.metric = m_metric->currentText().trimmed(),
                     .function = static_cast<BuilderFunction>(m_function->currentData().toInt()),
                     .aggregation = static_cast<query::Aggregation>(std::max(0, m_aggregation->currentIndex())),
                     .quantiles = m_quantiles->text(),
                     .by = m_by->text(),
                     .window = m_window->currentText(),
                     .topk = m_topk->value()};
    for (const auto* matcher : m_matchers)
        draft.matchers.push_back(matcher->matcher());
    return draft;
}

void QueryBuilder::setDraft(const QueryDraft& draft)
{
    m_filling = true;
    const QSignalBlocker quiet(this);
    for (auto* matcher : std::exchange(m_matchers, {}))
        delete matcher;
    m_labelled.clear();
    m_given.emplace(draft.metric, draft.function);
    m_function->clear();
    m_function->addItem(titleOf(draft.function), static_cast<int>(draft.function));
    m_aggregation->setCurrentIndex(static_cast<int>(draft.aggregation));
    m_quantiles->setText(draft.quantiles);
    m_by->setText(draft.by);
    m_window->setCurrentText(draft.window);
    m_topk->setValue(draft.topk);
    m_metric->setCurrentText(draft.metric);
    m_metric->lineEdit()->home(false); // a long name is known by its beginning
    metricChanged();
    for (const auto& matcher : draft.matchers)
        addMatcher(matcher);
    placeMatchers();
    m_filling = false;
}

void QueryBuilder::setCompact()
{
    m_matchersARow = 1;
    m_by->setFixedWidth(140);
    m_function->setMinimumWidth(110);
    placeMatchers();
}

void QueryBuilder::setCorner(QWidget* corner, const std::vector<QWidget*>& stops)
{
    m_options->addWidget(corner);
    QWidget* before = m_add;
    for (auto* stop : stops)
        setTabOrder(std::exchange(before, stop), stop);
}

void QueryBuilder::focusField(const std::string& field)
{
    const std::map<std::string, QWidget*> fields{
        {"quantiles", m_quantiles}, {"by", m_by}, {"window", m_window}, {"metric", m_metric}};
    if (const auto found = fields.find(field); found != fields.end())
        found->second->setFocus();
    else if (field == "matchers" && !m_matchers.empty())
        m_matchers.front()->findChild<QComboBox*>(QStringLiteral("matcher.label"))->setFocus();
}

} // namespace tokenscope::ui

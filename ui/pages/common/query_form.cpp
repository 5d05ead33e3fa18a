// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/common/query_form.h"

#include "pages/common/query_builder.h"
#include "query/duration_text.h"
#include "query/query_json.h"
#include "query/validate.h"
#include "theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QScopedValueRollback>
#include <QVBoxLayout>

#include <nlohmann/json.hpp>

namespace tokenscope::ui {

namespace {

constexpr int shortField = 84;

tl::unexpected<Error> wrong(const QString& sentence)
{
    return failure(ErrorCode::invalid_request, sentence.toStdString());
}

/// The builder's fields for a query without what stands beside the builder.
std::optional<QueryDraft> plainDraft(const query::Query& query)
{
    if (query.metric.empty() && query.parts.empty())
        return QueryDraft();
    auto draft = draftOf(query);
    if (!draft)
        return std::nullopt;
    const auto again = queryOf(*draft);
    return again && query::to_json(*again) == query::to_json(query) ? draft : std::nullopt;
}

query::Query without(query::Query query)
{
    query.scale = 1;
    query.offset = {};
    return query;
}

QString numberText(double value)
{
    return QLocale::c().toString(value, 'g', QLocale::FloatingPointShortest);
}

} // namespace

QueryForm::QueryForm(const Theme& theme, SourceList& sources, const MetricCatalogue& catalogue, Fields fields,
                     QWidget* parent)
    : QWidget(parent), m_fields(fields), m_shape(new QComboBox), m_first(new QueryBuilder(theme, sources, catalogue)),
      m_inTitle(new QLabel(tr("In"))), m_second(new QueryBuilder(theme, sources, catalogue)), m_scale(new QLineEdit),
      m_offset(new QLineEdit), m_offsetTitle(new QLabel(tr("Earlier by"))),
      m_orZero(new QCheckBox(tr("0 where only “In” has a value")))
{
    const auto& tokens = theme.tokens();
    m_shape->addItems({tr("One metric"), tr("Share of one in another")});
    m_shape->setObjectName(QStringLiteral("form.shape"));
    m_shape->setAccessibleName(tr("What is asked for"));
    m_scale->setObjectName(QStringLiteral("form.scale"));
    m_scale->setAccessibleName(tr("Times"));
    m_scale->setPlaceholderText(QStringLiteral("1"));
    m_scale->setToolTip(tr("The values are multiplied by it: 100 for a share in percent"));
    m_offset->setObjectName(QStringLiteral("form.offset"));
    m_offset->setAccessibleName(tr("Earlier by"));
    m_offset->setPlaceholderText(tr("now"));
    m_offset->setToolTip(tr("As it was so long ago: 1d, 1h30m"));
    m_orZero->setObjectName(QStringLiteral("form.orZero"));
    m_orZero->setToolTip(tr("Where a program publishes a series of errors only after the first error"));
    m_first->setCompact();
    m_second->setCompact();
    m_inTitle->setProperty("role", QStringLiteral("secondary"));
    auto* row = new QHBoxLayout;
    row->setSpacing(tokens.space2);
    auto* times = new QLabel(tr("Times"));
    times->setBuddy(m_scale);
    m_offsetTitle->setBuddy(m_offset);
    for (auto* label : {times, m_offsetTitle})
        label->setProperty("role", QStringLiteral("secondary"));
    for (auto* field : {m_scale, m_offset})
        field->setFixedWidth(shortField);
    for (auto* widget : std::initializer_list<QWidget*>{m_shape, times, m_scale, m_offsetTitle, m_offset, m_orZero})
        row->addWidget(widget);
    row->addStretch(1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(tokens.space2);
    column->addLayout(row);
    for (auto* widget : std::initializer_list<QWidget*>{times, m_scale})
        widget->setVisible(fields == Fields::all);
    column->addWidget(m_first);
    column->addWidget(m_inTitle);
    column->addWidget(m_second);

    const auto tell = [this] {
        if (!m_filling)
            Q_EMIT changed();
    };
    connect(m_shape, &QComboBox::currentIndexChanged, this, &QueryForm::showShape);
    connect(m_shape, &QComboBox::currentIndexChanged, this, tell);
    for (auto* builder : {m_first, m_second})
        connect(builder, &QueryBuilder::changed, this, tell);
    for (auto* field : {m_scale, m_offset})
        connect(field, &QLineEdit::textChanged, this, tell);
    connect(m_orZero, &QCheckBox::toggled, this, tell);
    showShape();
}

bool QueryForm::expresses(const query::Query& query)
{
    if (query.function != query::Function::share)
        return plainDraft(without(query)).has_value();
    auto rest = without(query);
    rest.parts.clear();
    rest.or_zero = false;
    const query::Query plain{.function = query::Function::share};
    return query.parts.size() == 2 && query.offset.count() == 0 && plainDraft(query.parts[0])
           && plainDraft(query.parts[1]) && query::to_json(rest) == query::to_json(plain);
}

void QueryForm::setQuery(const query::Query& query)
{
    const QScopedValueRollback filling(m_filling, true);
    const bool isShare = query.function == query::Function::share && query.parts.size() == 2;
    m_shape->setCurrentIndex(isShare ? 1 : 0);
    m_first->setDraft(plainDraft(isShare ? query.parts[0] : without(query)).value_or(QueryDraft()));
    m_second->setDraft(isShare ? plainDraft(query.parts[1]).value_or(QueryDraft()) : QueryDraft());
    m_orZero->setChecked(query.or_zero);
    m_scale->setText(query.scale == 1 ? QString() : numberText(query.scale));
    m_offset->setText(query.offset.count() == 0 ? QString()
                                                : QString::fromStdString(query::duration_text(query.offset)));
    showShape();
}

Result<query::Query> QueryForm::query() const
{
    auto query = queryOf(m_first->draft());
    if (!query)
        return query;
    if (share()) {
        auto in = queryOf(m_second->draft());
        if (!in)
            return failure(ErrorCode::invalid_request, tr("In: ").toStdString() + in.error().message);
        query = query::Query{.function = query::Function::share,
                             .parts = {std::move(*query), std::move(*in)},
                             .or_zero = m_orZero->isChecked()};
    }
    if (const auto text = m_scale->text().trimmed(); !text.isEmpty()) {
        bool fine = false;
        query->scale = QLocale::c().toDouble(text, &fine);
        if (!fine)
            return wrong(tr("“%1” is no number: the values are multiplied by it.").arg(text));
    }
    if (const auto text = m_offset->text().trimmed(); !text.isEmpty() && !share()) {
        const auto offset = query::parse_duration(text.toStdString());
        if (!offset)
            return wrong(tr("“%1” is no time: write 30s, 5m or 1d.").arg(text));
        query->offset = *offset;
    }
    if (const auto error = query::validate(*query))
        return failure(ErrorCode::invalid_request, error->message);
    return query;
}

void QueryForm::setHeatmap(bool heatmap)
{
    auto draft = m_first->draft();
    if ((draft.function == BuilderFunction::heatmap) == heatmap)
        return;
    draft.function = heatmap ? BuilderFunction::heatmap : BuilderFunction::quantile;
    const QScopedValueRollback filling(m_filling, true);
    m_shape->setCurrentIndex(0);
    m_first->setDraft(draft);
}

void QueryForm::focusMetric()
{
    m_first->focusField("metric");
}

void QueryForm::focusField(const std::string& field)
{
    m_first->focusField(field);
}

bool QueryForm::share() const
{
    return m_shape->currentIndex() == 1;
}

void QueryForm::showShape()
{
    for (auto* widget : std::initializer_list<QWidget*>{m_inTitle, m_second, m_orZero})
        widget->setVisible(share());
    for (auto* widget : std::initializer_list<QWidget*>{m_offset, m_offsetTitle})
        widget->setVisible(m_fields == Fields::all && !share()); // a share's parts have that, not the share
}

} // namespace tokenscope::ui

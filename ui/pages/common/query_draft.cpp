// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/common/query_draft.h"

#include "query/duration_text.h"
#include "query/promql.h"
#include "query/validate.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <map>

namespace tokenscope::ui {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("tokenscope::ui::QueryDraft", text);
}

tl::unexpected<Error> wrong(const char* field, const QString& sentence)
{
    return failure(Error{.code = ErrorCode::invalid_request, .message = sentence.toStdString(), .param = field});
}

QStringList parts(const QString& text)
{
    QStringList result;
    for (const auto& part : text.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        if (const auto trimmed = part.trimmed(); !trimmed.isEmpty() && !result.contains(trimmed))
            result << trimmed;
    }
    return result;
}

struct Asked {
    query::Function function;
    const char* suffix; ///< of the metric that is asked for
};

Asked askedBy(BuilderFunction function)
{
    switch (function) {
    case BuilderFunction::value: return {query::Function::value, ""};
    case BuilderFunction::rate: return {query::Function::rate, ""};
    case BuilderFunction::increase: return {query::Function::increase, ""};
    case BuilderFunction::mean: return {query::Function::mean, ""};
    case BuilderFunction::quantile: return {query::Function::quantile, ""};
    case BuilderFunction::heatmap: return {query::Function::heatmap, ""};
    case BuilderFunction::eventRate: return {query::Function::rate, "_count"};
    case BuilderFunction::eventIncrease: return {query::Function::increase, "_count"};
    }
    return {query::Function::value, ""};
}

Result<std::vector<double>> readQuantiles(const QString& text)
{
    std::vector<double> quantiles;
    for (const auto& part : parts(text)) {
        bool fine = false;
        const auto value = part.toDouble(&fine);
        if (!fine || !(value >= 0 && value <= 1))
            return wrong("quantiles",
                         tr("“%1” is no quantile: write numbers from 0 to 1, such as 0.5, 0.95.").arg(part));
        quantiles.push_back(value);
    }
    if (quantiles.empty())
        return wrong("quantiles", tr("Write at least one quantile, such as 0.95."));
    return quantiles;
}

} // namespace

std::vector<BuilderFunction> functionsOf(const MetricFamily& family)
{
    using enum BuilderFunction;
    if (family.buckets) {
        auto functions = std::vector{quantile};
        if (family.sums)
            functions.insert(functions.end(), {mean, eventRate, eventIncrease});
        functions.push_back(heatmap);
        return functions;
    }
    std::vector<BuilderFunction> functions;
    if (family.sums)
        functions = {mean, eventRate, eventIncrease};
    if (family.type == QLatin1StringView("counter"))
        functions.insert(functions.end(), {rate, increase, value});
    else if (family.type == QLatin1StringView("unknown"))
        functions.insert(functions.end(), {value, rate, increase});
    else if (family.itself)
        functions.push_back(value);
    return functions.empty() ? std::vector{value} : functions;
}

Result<query::Query> queryOf(const QueryDraft& draft)
{
    const auto metric = draft.metric.trimmed();
    if (metric.isEmpty())
        return wrong("metric", tr("Choose a metric."));
    const auto [function, suffix] = askedBy(draft.function);
    query::Query query{.metric = metric.toStdString() + suffix, .function = function, .aggregation = draft.aggregation};
    if (function == query::Function::quantile) {
        auto quantiles = readQuantiles(draft.quantiles);
        if (!quantiles)
            return failure(quantiles.error());
        query.quantiles = std::move(*quantiles);
    }
    if (function != query::Function::heatmap) {
        for (const auto& label : parts(draft.by))
            query.by.push_back(label.toStdString());
    }
    for (const auto& matcher : draft.matchers) {
        const auto label = matcher.label.trimmed().toStdString();
        if (label.empty())
            return wrong("matchers", tr("Choose the label of every condition, or remove the condition."));
        if (!query.where.emplace(label, query::matcher_text(matcher.kind, matcher.value.toStdString())).second)
            return wrong("matchers", tr("“%1” has two conditions: join them, e.g. with =~ a|b.").arg(matcher.label));
    }
    if (auto patterns = query::Matchers::compile(query.where); !patterns)
        return wrong("matchers", QString::fromStdString(patterns.error().message));
    const auto window = query::parse_duration(draft.window.trimmed().toStdString());
    if (!window || window->count() <= 0)
        return wrong("window", tr("“%1” is no window: write 30s, 5m or 1h30m.").arg(draft.window));
    query.window = *window;
    query.topk = static_cast<std::size_t>(std::max(0, draft.topk));
    if (auto error = query::validate(query)) {
        const auto field = error->param.starts_with("/by")      ? "by"
                           : error->param.starts_with("/where") ? "matchers"
                                                                : "metric";
        return wrong(field, QString::fromStdString(error->message));
    }
    return query;
}

std::optional<QueryDraft> draftOf(const query::Query& query)
{
    if (query.function == query::Function::share || query.offset.count() != 0 || query.scale != 1)
        return std::nullopt;
    static const std::map<query::Function, BuilderFunction> functions{
        {query::Function::value, BuilderFunction::value},       {query::Function::rate, BuilderFunction::rate},
        {query::Function::increase, BuilderFunction::increase}, {query::Function::mean, BuilderFunction::mean},
        {query::Function::quantile, BuilderFunction::quantile}, {query::Function::heatmap, BuilderFunction::heatmap}};
    QueryDraft draft{.metric = QString::fromStdString(query.metric),
                     .function = functions.at(query.function),
                     .aggregation = query.aggregation,
                     .window = QString::fromStdString(query::duration_text(query.window)),
                     .topk = static_cast<int>(query.topk)};
    QStringList quantiles;
    for (const auto quantile : query.quantiles)
        quantiles << QString::number(quantile);
    if (!quantiles.isEmpty())
        draft.quantiles = quantiles.join(QStringLiteral(", "));
    QStringList by;
    for (const auto& label : query.by)
        by << QString::fromStdString(label);
    draft.by = by.join(QStringLiteral(", "));
    for (const auto& [label, text] : query.where) {
        const auto matcher = query::split_matcher(text);
        draft.matchers.push_back(
            {QString::fromStdString(label), matcher.kind,
             QString::fromUtf8(matcher.value.data(), static_cast<qsizetype>(matcher.value.size()))});
    }
    return draft;
}

Unit unitOf(const query::Query& query)
{
    auto name = query.metric;
    if (name.ends_with("_total"))
        name.resize(name.size() - std::string_view("_total").size());
    const bool bytes = name.ends_with("_bytes");
    switch (query.function) {
    case query::Function::rate: return bytes ? Unit::bytesPerSecond : Unit::perSecond;
    case query::Function::value:
        if (query.aggregation == query::Aggregation::count)
            return Unit::none;
        [[fallthrough]];
    default: return bytes ? Unit::bytes : name.ends_with("_seconds") ? Unit::seconds : Unit::none;
    }
}

QString promqlOf(const query::Query& query, std::chrono::milliseconds step)
{
    if (query.function != query::Function::quantile || query.quantiles.size() == 1)
        return QString::fromStdString(
            query::to_promql(query, query.quantiles.empty() ? 0.5 : query.quantiles.front(), step));
    QStringList all;
    for (const auto quantile : query.quantiles)
        all << QStringLiteral("label_replace(%1, \"quantile\", \"%2\", \"\", \"\")")
                   .arg(QString::fromStdString(query::to_promql(query, quantile, step)), QString::number(quantile));
    return all.join(QStringLiteral("\nor "));
}

QString savedDraft(const QueryDraft& draft)
{
    QJsonArray matchers;
    for (const auto& matcher : draft.matchers)
        matchers.append(QJsonArray{matcher.label, static_cast<int>(matcher.kind), matcher.value});
    const QJsonObject saved{{QStringLiteral("metric"), draft.metric},
                            {QStringLiteral("function"), static_cast<int>(draft.function)},
                            {QStringLiteral("aggregation"), static_cast<int>(draft.aggregation)},
                            {QStringLiteral("quantiles"), draft.quantiles},
                            {QStringLiteral("by"), draft.by},
                            {QStringLiteral("matchers"), matchers},
                            {QStringLiteral("window"), draft.window},
                            {QStringLiteral("topk"), draft.topk}};
    return QString::fromUtf8(QJsonDocument(saved).toJson(QJsonDocument::Compact));
}

QueryDraft draftFrom(const QString& saved)
{
    const auto json = QJsonDocument::fromJson(saved.toUtf8()).object();
    QueryDraft draft;
    draft.metric = json.value(QLatin1StringView("metric")).toString();
    draft.function = static_cast<BuilderFunction>(std::clamp(json.value(QLatin1StringView("function")).toInt(), 0, 7));
    draft.aggregation =
        static_cast<query::Aggregation>(std::clamp(json.value(QLatin1StringView("aggregation")).toInt(), 0, 4));
    draft.quantiles = json.value(QLatin1StringView("quantiles")).toString(draft.quantiles);
    draft.by = json.value(QLatin1StringView("by")).toString();
    draft.window = json.value(QLatin1StringView("window")).toString(draft.window);
    draft.topk = std::max(0, json.value(QLatin1StringView("topk")).toInt());
    for (const auto& entry : json.value(QLatin1StringView("matchers")).toArray()) {
        const auto parts = entry.toArray();
        draft.matchers.push_back({parts.at(0).toString(),
                                  static_cast<query::MatchKind>(std::clamp(parts.at(1).toInt(), 0, 3)),
                                  parts.at(2).toString()});
    }
    return draft;
}

} // namespace tokenscope::ui

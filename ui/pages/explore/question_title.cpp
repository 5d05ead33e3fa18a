// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/explore/question_title.h"

#include "pages/common/window_words.h"
#include "query/matcher.h"

#include <QCoreApplication>
#include <QStringList>

#include <array>

namespace tokenscope::ui {

namespace {

constexpr qsizetype longestPromql = 160; ///< a screen reader reads all of it each time

QString tr(const char* text)
{
    return QCoreApplication::translate("tokenscope::ui::QuestionTitle", text);
}

QString aggregationWords(query::Aggregation aggregation)
{
    switch (aggregation) {
    case query::Aggregation::sum: return tr("sum");
    case query::Aggregation::avg: return tr("average");
    case query::Aggregation::min: return tr("lowest");
    case query::Aggregation::max: return tr("highest");
    case query::Aggregation::count: return tr("number of series");
    }
    return {};
}

QString functionWords(const query::Query& query)
{
    using query::Function;
    switch (query.function) {
    case Function::value: return aggregationWords(query.aggregation);
    case Function::rate: return tr("rate per second");
    case Function::increase: return tr("increase in %1").arg(windowText(query));
    case Function::mean: return tr("mean");
    case Function::quantile:
        return query.quantiles.size() == 1 ? tr("%1 quantile").arg(query.quantiles.front()) : tr("quantiles");
    case Function::heatmap: return tr("distribution over time");
    case Function::share: return tr("share");
    }
    return {};
}

QString conditions(const query::Query& query)
{
    static constexpr std::array signs{"=", "!=", "=~", "!~"};
    QStringList all;
    for (const auto& [label, text] : query.where) {
        const auto matcher = query::split_matcher(text);
        all << QString::fromStdString(label) + QLatin1StringView(signs.at(static_cast<std::size_t>(matcher.kind)))
                   + QLatin1Char('"') + QString::fromStdString(std::string(matcher.value)) + QLatin1Char('"');
    }
    return all.isEmpty() ? QString() : QString(QLatin1Char('{') + all.join(QStringLiteral(", ")) + QLatin1Char('}'));
}

QString queryTitle(const query::Query& query)
{
    QStringList by;
    for (const auto& label : query.by)
        by << QString::fromStdString(label);
    const QString function = functionWords(query);
    QStringList parts{QString::fromStdString(query.metric) + conditions(query),
                      by.isEmpty() ? function : tr("%1 by %2").arg(function, by.join(QStringLiteral(", ")))};
    if (query.topk > 0)
        parts << tr("highest %1").arg(query.topk);
    return parts.join(QStringLiteral(" · "));
}

} // namespace

QString questionTitle(const Question& question)
{
    if (const auto* query = std::get_if<query::Query>(&question))
        return queryTitle(*query);
    const auto text = QString::fromStdString(std::get<std::string>(question)).simplified();
    return text.size() <= longestPromql ? text : QString(text.left(longestPromql) + QStringLiteral("…"));
}

} // namespace tokenscope::ui

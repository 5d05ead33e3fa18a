// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/common/requests_behind.h"

#include <QLocale>
#include <QStringList>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string_view>
#include <utility>

namespace tokenscope::ui {
namespace {

using query::Function;

/// The labels that a request has as well, and what the filter language calls them.
constexpr std::array<std::pair<std::string_view, const char16_t*>, 3> fields{
    {{"model", u"model"}, {"backend", u"provider"}, {"status", u"status"}}};

QString quoted(const std::string& value)
{
    QString text = QString::fromStdString(value);
    text.replace(QLatin1Char('\\'), QStringLiteral("\\\\")).replace(QLatin1Char('"'), QStringLiteral("\\\""));
    return QLatin1Char('"') + text + QLatin1Char('"');
}

/// model:"phi4" status:error, of those labels that have one value.
QStringList termsOf(const std::map<std::string, std::string>& labels)
{
    QStringList terms;
    for (const auto& [label, name] : fields) {
        const auto found = labels.find(std::string(label));
        if (found == labels.end() || found->second.empty())
            continue;
        const auto& value = found->second;
        const bool word = label == "status" && (value == "error" || value == "success");
        terms << QString::fromUtf16(name) + QLatin1Char(':') + (word ? QString::fromStdString(value) : quoted(value));
    }
    return terms;
}

/// Only what a request is equal to: not "!v", "~re" and "!~re".
std::map<std::string, std::string> equalities(std::map<std::string, std::string> where)
{
    std::erase_if(where, [](const auto& matcher) {
        return matcher.second.empty() || matcher.second.front() == '!' || matcher.second.front() == '~';
    });
    return where;
}

} // namespace

std::optional<RequestsBehind> requestsBehind(const query::Query& query)
{
    if (query.function == Function::share)
        return query.parts.empty() ? std::nullopt : requestsBehind(query.parts.front());
    static constexpr std::array<std::string_view, 5> metrics{
        "aigateway_first_token_latency_seconds", "aigateway_inter_token_latency_seconds",
        "aigateway_total_latency_seconds", "aigateway_requests_total", "aigateway_model_tokens_total"};
    const auto found = std::find(metrics.begin(), metrics.end(), query.metric);
    if (found == metrics.end() || query.offset.count() != 0)
        return std::nullopt;
    const QStringList terms = termsOf(equalities(query.where));
    const bool overTime = query.function != Function::value && query.function != Function::heatmap;
    using enum RequestsWanted::Slowest;
    return RequestsBehind{.filter = terms.join(QLatin1Char(' ')),
                          .lookBackMs = overTime ? query.window.count() : 0,
                          .slowest = found == metrics.begin()       ? firstToken
                                     : found - metrics.begin() == 1 ? betweenTokens
                                                                    : total};
}

RequestsWanted requestsAt(const RequestsBehind& behind, std::int64_t fromMs, std::int64_t toMs,
                          const query::Labels& series)
{
    QStringList terms;
    if (!behind.filter.isEmpty())
        terms << behind.filter;
    for (const QString& term : termsOf({series.begin(), series.end()})) {
        if (!behind.filter.contains(term))
            terms << term;
    }
    return {.fromMs = fromMs - behind.lookBackMs,
            .toMs = toMs,
            .filter = terms.join(QLatin1Char(' ')),
            .slowest = behind.slowest};
}

RequestsWanted requestsIn(const RequestsBehind& behind, const HeatCell& cell)
{
    using enum RequestsWanted::Slowest;
    auto wanted = requestsAt(behind, cell.fromMs, cell.toMs, {});
    QStringList terms(wanted.filter.isEmpty() ? QStringList() : QStringList{wanted.filter});
    const auto term = [&](const char* sign, double seconds) {
        if (cell.bounded && std::isfinite(seconds) && behind.slowest != betweenTokens)
            terms << QStringLiteral("%1:%2%3s")
                         .arg(behind.slowest == firstToken ? QStringLiteral("ttft") : QStringLiteral("total"),
                              QLatin1StringView(sign),
                              QLocale::c().toString(seconds, 'f', QLocale::FloatingPointShortest));
    };
    term(">", cell.above);
    term("<=", cell.upTo);
    wanted.filter = terms.join(QLatin1Char(' '));
    return wanted;
}

} // namespace tokenscope::ui

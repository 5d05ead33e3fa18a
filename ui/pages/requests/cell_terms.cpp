// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/requests/cell_terms.h"

#include "models/request_list_model.h"
#include "telemetry/filter/request_filter.h"
#include "telemetry/request_figures.h"

#include <QCoreApplication>
#include <QDateTime>

#include <cmath>
#include <optional>

namespace tokenscope::ui {

namespace {

constexpr qsizetype mostShown = 40;

QString tr(const char* text)
{
    return QCoreApplication::translate("CellTerms", text);
}

std::vector<CellTerm> textTerms(const QString& field, const QString& title, std::string_view value)
{
    if (value.empty())
        return {{tr("Only without %1").arg(title), QStringLiteral("-has:") + field},
                {tr("Only with %1").arg(title), QStringLiteral("has:") + field}};
    auto shown = QString::fromUtf8(value.data(), static_cast<qsizetype>(value.size())).simplified();
    if (shown.size() > mostShown)
        shown = shown.left(mostShown - 1) + QChar(0x2026);
    const QString term = field + QStringLiteral(":=") + QString::fromStdString(telemetry::filter_value(value));
    return {{tr("Only %1 “%2”").arg(title, shown), term},
            {tr("Without %1 “%2”").arg(title, shown), QLatin1Char('-') + term}};
}

/// `low` and `high` are close to each other, the value is between them.
std::vector<CellTerm> numberTerms(const QString& field, const QString& title,
                                  const std::optional<std::pair<QString, QString>>& ends)
{
    if (!ends)
        return {{tr("Only with %1").arg(title), QStringLiteral("has:") + field},
                {tr("Only without %1").arg(title), QStringLiteral("-has:") + field}};
    return {{tr("%1 at least %2").arg(title, ends->first), field + QStringLiteral(":>=") + ends->first},
            {tr("%1 at most %2").arg(title, ends->second), field + QStringLiteral(":<=") + ends->second}};
}

std::optional<std::pair<QString, QString>> rounded(const std::optional<double>& value, double unit, int decimals,
                                                   const QString& suffix = {})
{
    if (!value)
        return std::nullopt;
    const auto scale = std::pow(10.0, decimals);
    const auto text = [&](double number) -> QString { return QString::number(number / scale, 'f', decimals) + suffix; };
    return std::pair(text(std::floor(*value / unit * scale)), text(std::ceil(*value / unit * scale)));
}

std::optional<std::pair<QString, QString>> durationEnds(const std::optional<Nanos>& time)
{
    using namespace std::chrono_literals;
    if (!time)
        return std::nullopt;
    const auto nanos = static_cast<double>(time->count());
    if (*time < 1ms)
        return rounded(nanos, 1e3, 0, QStringLiteral("us"));
    return *time < 10s ? rounded(nanos, 1e6, 0, QStringLiteral("ms")) : rounded(nanos, 1e9, 1, QStringLiteral("s"));
}

std::optional<std::pair<QString, QString>> countEnds(const std::optional<std::uint64_t>& count)
{
    return count ? std::optional(std::pair(QString::number(*count), QString::number(*count))) : std::nullopt;
}

std::optional<std::pair<QString, QString>> costEnds(const std::optional<telemetry::Cost>& cost)
{
    if (!cost)
        return std::nullopt;
    const auto sign = cost->currency == "USD"   ? QStringLiteral("$")
                      : cost->currency == "EUR" ? QStringLiteral("€")
                                                : QString();
    const QString text = sign + QString::number(cost->amount, 'f', QLocale::FloatingPointShortest);
    return std::pair(text, text);
}

std::vector<CellTerm> statusTerms(const telemetry::RequestRecord& record)
{
    std::vector<CellTerm> terms;
    if (record.http_status != 0)
        terms = {
            {tr("Only status %1").arg(record.http_status), QStringLiteral("status:%1").arg(record.http_status)},
            {tr("Without status %1").arg(record.http_status), QStringLiteral("-status:%1").arg(record.http_status)}};
    for (auto& term : textTerms(QStringLiteral("reason"), tr("reason"), to_string(record.end_reason)))
        terms.push_back(std::move(term));
    return terms;
}

std::vector<CellTerm> timeTerms(const telemetry::RequestRecord& record)
{
    const auto start = QDateTime::fromMSecsSinceEpoch(record.started.time_since_epoch().count());
    const auto text = start.toString(QStringLiteral("yyyy-MM-dd'T'HH:mm:ss"));
    const auto shown = start.toString(QStringLiteral("HH:mm:ss"));
    return {{tr("From %1 on").arg(shown), QStringLiteral("time:>=") + text},
            {tr("Up to %1").arg(shown), QStringLiteral("time:<=") + text}};
}

} // namespace

std::vector<CellTerm> termsOf(const telemetry::RequestRecord& record, int column)
{
    const auto& usage = record.usage;
    switch (column) {
    case RequestListModel::time: return timeTerms(record);
    case RequestListModel::route: return textTerms(QStringLiteral("route"), tr("route"), record.route);
    case RequestListModel::provider: return textTerms(QStringLiteral("provider"), tr("provider"), provider_of(record));
    case RequestListModel::model: return textTerms(QStringLiteral("model"), tr("model"), model_of(record));
    case RequestListModel::status: return statusTerms(record);
    case RequestListModel::ttft: return numberTerms(QStringLiteral("ttft"), tr("TTFT"), durationEnds(record.ttft()));
    case RequestListModel::total:
        return numberTerms(QStringLiteral("total"), tr("Total"), durationEnds(record.total()));
    case RequestListModel::tokensIn:
        return numberTerms(QStringLiteral("in"), tr("Prompt tokens"), countEnds(usage.prompt));
    case RequestListModel::tokensOut:
        return numberTerms(QStringLiteral("out"), tr("Output tokens"), countEnds(usage.completion));
    case RequestListModel::speed:
        return numberTerms(QStringLiteral("speed"), tr("Tokens per second"), rounded(output_speed(record), 1, 1));
    case RequestListModel::cost: return numberTerms(QStringLiteral("cost"), tr("Cost"), costEnds(record.cost));
    case RequestListModel::trace: return textTerms(QStringLiteral("trace"), tr("trace"), record.trace_id.view());
    default: return {};
    }
}

} // namespace tokenscope::ui

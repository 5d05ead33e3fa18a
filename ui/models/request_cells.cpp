// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/request_cells.h"

#include "format/format.h"
#include "telemetry/request_figures.h"
#include "theme/theme.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <optional>

namespace tokenscope::ui {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("RequestCells", text);
}

QString fromView(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString orDash(const QString& text)
{
    return text.isEmpty() ? formatValue(std::nullopt, Unit::none).number : text;
}

QString number(const std::optional<std::uint64_t>& count)
{
    return formatValue(count ? std::optional(static_cast<double>(*count)) : std::nullopt, Unit::none).number;
}

QString duration(const std::optional<Nanos>& time)
{
    return formatValue(time ? std::optional(seconds(*time)) : std::nullopt, Unit::seconds).joined();
}

QString outputText(const llm::Usage& usage)
{
    return (usage.estimated && usage.completion ? QStringLiteral("~") : QString()) + number(usage.completion);
}

QString statusWord(const telemetry::RequestRecord& record)
{
    switch (record.end_reason) {
    case telemetry::EndReason::done: return record.status == telemetry::RequestStatus::success ? tr("ok") : tr("error");
    case telemetry::EndReason::client_gone: return tr("client left");
    case telemetry::EndReason::upstream_error: return tr("upstream");
    case telemetry::EndReason::in_stream_error: return tr("in stream");
    case telemetry::EndReason::timeout: return tr("timeout");
    case telemetry::EndReason::rejected: return tr("rejected");
    case telemetry::EndReason::error: break;
    }
    return tr("error");
}

QDateTime startOf(const telemetry::RequestRecord& record)
{
    return QDateTime::fromMSecsSinceEpoch(record.started.time_since_epoch().count());
}

QString momentText(const telemetry::RequestRecord& record, std::int64_t nowMs)
{
    const auto start = startOf(record);
    const auto today = QDateTime::fromMSecsSinceEpoch(nowMs).date() == start.date();
    return today ? start.toString(QStringLiteral("HH:mm:ss.zzz"))
                 : QLocale(QLocale::English).toString(start, QStringLiteral("d MMM HH:mm:ss"));
}

QString costText(const telemetry::RequestRecord& record)
{
    if (!record.cost || record.cost->currency == "USD")
        return formatValue(record.cost ? std::optional(record.cost->amount) : std::nullopt, Unit::dollars).joined();
    return formatValue(record.cost->amount, Unit::none).number + QChar(0x202F)
           + QString::fromStdString(record.cost->currency);
}

} // namespace

QString cellText(const telemetry::RequestRecord& record, RequestCell cell, std::int64_t nowMs)
{
    switch (cell) {
    case RequestCell::time: return startOf(record).toString(QStringLiteral("HH:mm:ss"));
    case RequestCell::moment: return momentText(record, nowMs);
    case RequestCell::route: return orDash(QString::fromStdString(record.route));
    case RequestCell::provider: return orDash(fromView(provider_of(record)));
    case RequestCell::model: {
        const auto model = model_of(record);
        return fromView(model.empty() ? std::string_view(record.target.model) : model);
    }
    case RequestCell::status: return statusWord(record);
    case RequestCell::statusCode:
        return record.http_status == 0 ? statusWord(record)
                                       : QString::number(record.http_status) + QLatin1Char(' ') + statusWord(record);
    case RequestCell::ttft: return duration(record.ttft());
    case RequestCell::total: return duration(record.total());
    case RequestCell::tokens:
        if (!record.usage.prompt && !record.usage.completion)
            return number(std::nullopt);
        return number(record.usage.prompt) + QStringLiteral(" → ") + outputText(record.usage);
    case RequestCell::tokensIn: return number(record.usage.prompt);
    case RequestCell::tokensOut: return outputText(record.usage);
    case RequestCell::speed: return formatValue(output_speed(record), Unit::none).number;
    case RequestCell::cost: return costText(record);
    case RequestCell::trace: return orDash(fromView(record.trace_id.view()));
    }
    return {};
}

QString cellToolTip(const telemetry::RequestRecord& record, RequestCell cell)
{
    if (cell == RequestCell::moment)
        return startOf(record).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz"));
    if (cell == RequestCell::trace)
        return fromView(record.trace_id.view());
    if (!record.error.empty())
        return QString::fromStdString(record.error).toHtmlEscaped();
    if (cell == RequestCell::model)
        return QString::fromStdString(record.target.backend + " / " + record.target.model).toHtmlEscaped();
    if (cell == RequestCell::route)
        return QString::fromStdString(record.route).toHtmlEscaped();
    if ((cell == RequestCell::tokens || cell == RequestCell::tokensOut) && record.usage.estimated)
        return tr("The output was counted from the stream: the model did not report it.");
    return {};
}

QColor cellColor(const telemetry::RequestRecord& record, RequestCell cell, const ThemeTokens& tokens)
{
    switch (cell) {
    case RequestCell::status:
    case RequestCell::statusCode: return record.status == telemetry::RequestStatus::success ? tokens.good : tokens.bad;
    case RequestCell::time:
    case RequestCell::moment:
    case RequestCell::trace: return tokens.secondary;
    default: return tokens.text;
    }
}

QString cellTitle(RequestCell cell)
{
    switch (cell) {
    case RequestCell::time:
    case RequestCell::moment: return tr("Time");
    case RequestCell::route: return tr("Route");
    case RequestCell::provider: return tr("Provider");
    case RequestCell::model: return tr("Model");
    case RequestCell::status:
    case RequestCell::statusCode: return tr("Status");
    case RequestCell::ttft: return tr("TTFT");
    case RequestCell::total: return tr("Total");
    case RequestCell::tokens: return tr("Tokens");
    case RequestCell::tokensIn: return tr("In");
    case RequestCell::tokensOut: return tr("Out");
    case RequestCell::speed: return tr("tok/s");
    case RequestCell::cost: return tr("Cost");
    case RequestCell::trace: return tr("Trace");
    }
    return {};
}

QString cellTitleToolTip(RequestCell cell)
{
    switch (cell) {
    case RequestCell::ttft: return tr("Time to the first token");
    case RequestCell::total: return tr("From the first byte of the request to the last of the reply");
    case RequestCell::tokens: return tr("Prompt tokens → output tokens");
    case RequestCell::tokensIn: return tr("Prompt tokens");
    case RequestCell::tokensOut: return tr("Output tokens; ~ where they were counted from the stream");
    case RequestCell::speed: return tr("Output tokens per second between the first and the last token");
    case RequestCell::cost: return tr("By the price table");
    default: return {};
    }
}

bool isNumber(RequestCell cell)
{
    return cell >= RequestCell::ttft && cell <= RequestCell::cost;
}

} // namespace tokenscope::ui

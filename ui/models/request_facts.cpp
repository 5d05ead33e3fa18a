// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/request_facts.h"

#include "format/format.h"
#include "telemetry/filter/request_filter.h"
#include "telemetry/request_figures.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>

namespace tokenscope::ui {

namespace {

using telemetry::RequestRecord;

QString tr(const char* text)
{
    return QCoreApplication::translate("RequestFacts", text);
}

QString absent()
{
    return formatValue(std::nullopt, Unit::none).number;
}

QString known(std::string_view text)
{
    return text.empty() ? absent() : QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// `field:="value"`; empty where there is nothing to look for.
QString filterFor(const char* field, std::string_view value)
{
    if (value.empty())
        return {};
    return QLatin1String(field) + QStringLiteral(":=") + QString::fromStdString(telemetry::filter_value(value));
}

QString tokens(const std::optional<std::uint64_t>& count)
{
    // All digits: the inspector is where the exact number is looked up.
    return count ? QLocale(QLocale::English, QLocale::UnitedStates).toString(static_cast<qulonglong>(*count))
                 : absent();
}

QString costOf(const RequestRecord& record)
{
    if (!record.cost)
        return absent();
    if (record.cost->currency == "USD")
        return formatValue(record.cost->amount, Unit::dollars).joined();
    return QString::number(record.cost->amount, 'g', 6) + QLatin1Char(' ')
           + QString::fromStdString(record.cost->currency);
}

FactGroup outcome(const RequestRecord& record)
{
    const bool failed = record.status != telemetry::RequestStatus::success;
    const auto error = QString::fromStdString(record.error);
    FactGroup group{tr("Outcome"),
                    {{.label = tr("Status"), .value = endingOf(record), .bad = failed},
                     {.label = tr("HTTP status"),
                      .value = record.http_status ? QString::number(record.http_status) : absent(),
                      .explanation = record.http_status ? QString() : tr("No reply was begun.")}}};
    if (failed) {
        group.facts.push_back({.label = tr("Error"), .value = known(record.error), .copy = error, .bad = true});
        group.facts.push_back({.label = tr("Error type"),
                               .value = known(record.error_type),
                               .copy = record.error_type.empty() ? QString() : known(record.error_type),
                               .filter = filterFor("cause", record.error_type)});
    }
    group.facts.push_back({.label = tr("Finish reason"),
                           .value = known(record.finish_reason),
                           .explanation = tr("Why the model stopped, as the provider said it.")});
    return group;
}

FactGroup model(const RequestRecord& record)
{
    FactGroup group{tr("Model"),
                    {{.label = tr("Model"), .value = modelOf(record), .filter = filterFor("model", model_of(record))},
                     {.label = tr("Provider"),
                      .value = known(provider_of(record)),
                      .filter = filterFor("provider", provider_of(record))}}};
    if (!record.requested_model.empty() && record.requested_model != record.target.model)
        group.facts.push_back({.label = tr("Asked for"),
                               .value = known(record.requested_model),
                               .explanation = tr("The model's name in the request.")});
    if (!record.response_model.empty() && record.response_model != record.target.model)
        group.facts.push_back({.label = tr("Answered by"),
                               .value = known(record.response_model),
                               .explanation = tr("The model's name in the reply.")});
    group.facts.push_back({.label = tr("Attempts"),
                           .value = record.attempts ? QString::number(record.attempts) : tr("no provider was called"),
                           .explanation = tr("Calls of providers: retries and fallbacks count.")});
    return group;
}

FactGroup call(const RequestRecord& record)
{
    return {tr("Request"),
            {{.label = tr("Started"), .value = startOf(record)},
             {.label = tr("Route"), .value = known(record.route), .filter = filterFor("route", record.route)},
             {.label = tr("Reply"), .value = record.streamed ? tr("streamed") : tr("in one piece")},
             {.label = tr("Client"),
              .value = known(record.client),
              .explanation =
                  record.client.empty() ? tr("The gateway asked for no key.") : tr("The name of the client's key."),
              .filter = filterFor("client", record.client)},
             {.label = tr("Request id"),
              .value = known(record.request_id),
              .copy = QString::fromStdString(record.request_id)},
             {.label = tr("Trace id"),
              .value = known(record.trace_id.view()),
              .copy = record.trace_id.empty() ? QString() : known(record.trace_id.view()),
              .filter = filterFor("trace", record.trace_id.view())}}};
}

FactGroup usage(const RequestRecord& record)
{
    const auto& usage = record.usage;
    FactGroup group{tr("Tokens and cost"), {}};
    const auto add = [&group](const QString& label, QString value, const QString& why) {
        group.facts.push_back({.label = label, .value = std::move(value), .explanation = why});
    };
    add(tr("Prompt"), tokens(usage.prompt), tr("As the provider reported them."));
    add(tr("… from the cache"), tokens(usage.cached), tr("A part of the prompt."));
    if (usage.cache_creation)
        add(tr("… into the cache"), tokens(usage.cache_creation), tr("A part of the prompt."));
    if (usage.estimated && usage.completion)
        add(tr("Output"), tr("%1 est.").arg(tokens(usage.completion)),
            tr("Counted from the stream: the provider did not report it."));
    else
        add(tr("Output"), tokens(usage.completion), tr("As the provider reported them."));
    add(tr("… reasoning"), tokens(usage.reasoning), tr("A part of the output."));
    add(tr("Speed"), formatValue(output_speed(record), Unit::tokensPerSecond).joined(),
        tr("Output tokens / (last token − first token), reasoning tokens included."));
    add(tr("Cost"), costOf(record),
        record.cost ? tr("By the price table that was in use when the request ended.")
                    : tr("Not known: the price table does not have this model, or its tokens are not known."));
    return group;
}

} // namespace

QString endingOf(const RequestRecord& record)
{
    switch (record.end_reason) {
    case telemetry::EndReason::done:
        return record.status == telemetry::RequestStatus::success ? tr("Completed") : tr("Failed");
    case telemetry::EndReason::client_gone: return tr("The client left before the reply was complete");
    case telemetry::EndReason::upstream_error: return tr("The provider failed");
    case telemetry::EndReason::in_stream_error: return tr("The provider reported an error within the stream");
    case telemetry::EndReason::timeout: return tr("Timed out");
    case telemetry::EndReason::rejected: return tr("Rejected by the gateway");
    case telemetry::EndReason::error: break;
    }
    return tr("Failed");
}

QString modelOf(const RequestRecord& record)
{
    return known(model_of(record));
}

QString startOf(const RequestRecord& record)
{
    const auto time = QDateTime::fromMSecsSinceEpoch(record.started.time_since_epoch().count());
    return QLocale::c().toString(time, QStringLiteral("d MMM yyyy HH:mm:ss.zzz"));
}

std::vector<FactGroup> factsOf(const RequestRecord& record)
{
    return {outcome(record), model(record), usage(record), call(record)};
}

} // namespace tokenscope::ui

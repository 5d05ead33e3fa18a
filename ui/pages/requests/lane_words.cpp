// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/requests/lane_words.h"

#include "format/format.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QStringList>

namespace tokenscope::ui {

namespace {

using telemetry::EndReason;
using telemetry::LivePhase;

QString tr(const char* text)
{
    return QCoreApplication::translate("LaneWords", text);
}

QString number(std::uint64_t count)
{
    return QLocale(QLocale::English, QLocale::UnitedStates).toString(static_cast<qulonglong>(count));
}

QString tokenCount(std::uint64_t tokens)
{
    return tokens == 1 ? tr("1 token") : tr("%1 tokens").arg(number(tokens));
}

/// To the millisecond, since a tool tip is asked for just that.
QString exact(Nanos duration)
{
    return QStringLiteral("%1 s").arg(seconds(duration), 0, 'f', 3);
}

QString speed(double tokensPerSecond)
{
    return formatValue(tokensPerSecond, Unit::tokensPerSecond).joined();
}

bool known(const std::string& text)
{
    return !text.empty() && text != "unknown";
}

/// What lies between two instants that it may not have come to.
void add(QStringList& lines, const QString& name, std::optional<Instant> from, std::optional<Instant> to)
{
    if (from && to)
        lines << name.arg(exact(*to - *from));
}

std::uint64_t tokensOf(const telemetry::LiveRequest& request, const telemetry::RequestRecord* record)
{
    return record ? record->usage.completion.value_or(record->stream_tokens) : request.tokens;
}

} // namespace

QString LaneWords::name(const telemetry::LiveRequest& request)
{
    const auto model = known(request.target.model) ? request.target.model : request.requested_model;
    return model.empty() ? QString::fromStdString(request.route) : QString::fromStdString(model);
}

QString LaneWords::tag(const telemetry::LiveRequest& request)
{
    constexpr int shown = 8;
    return QString::fromStdString(request.request_id).left(shown);
}

QString LaneWords::state(const telemetry::LiveRequest& request, std::optional<double> tokensPerSecond)
{
    switch (request.phase) {
    case LivePhase::reading: return tr("reading the request");
    case LivePhase::queued:
        return request.queue_position ? tr("#%1 queued").arg(*request.queue_position) : tr("on its way");
    case LivePhase::waiting: return request.streamed ? tr("waiting for the first token") : tr("waiting for the reply");
    case LivePhase::streaming: break;
    }
    const auto tokens = tr("%1 tok").arg(number(request.tokens));
    return tokensPerSecond ? tokens + QStringLiteral(" · ") + speed(*tokensPerSecond) : tokens;
}

QString LaneWords::outcome(const telemetry::RequestRecord& record)
{
    switch (record.end_reason) {
    case EndReason::done: {
        const auto tokens = record.usage.completion.value_or(record.stream_tokens);
        return tokens > 0 ? tr("done · %1 tok").arg(number(tokens)) : tr("done");
    }
    case EndReason::client_gone: return tr("client left");
    case EndReason::timeout: return tr("timed out");
    case EndReason::rejected: return tr("rejected · %1").arg(record.http_status);
    case EndReason::upstream_error: return tr("upstream failed");
    case EndReason::in_stream_error: return tr("failed in the stream");
    case EndReason::error: break;
    }
    return tr("failed");
}

QString LaneWords::ended()
{
    return tr("ended");
}

QString LaneWords::details(const telemetry::LiveRequest& request, const telemetry::RequestRecord* record,
                           std::optional<double> tokensPerSecond)
{
    QStringList lines;
    lines << (known(request.target.backend)
                  ? tr("%1 at %2").arg(name(request), QString::fromStdString(request.target.backend))
                  : name(request));
    lines << tr("Route: %1").arg(QString::fromStdString(request.route));
    lines << tr("Request: %1").arg(QString::fromStdString(request.request_id));
    if (!request.client.empty())
        lines << tr("Client: %1").arg(QString::fromStdString(request.client));
    lines << tr("Accepted: %1")
                 .arg(QDateTime::fromMSecsSinceEpoch(request.started.time_since_epoch().count())
                          .toString(QStringLiteral("HH:mm:ss.zzz")));
    if (request.queue_position)
        lines << tr("Queued: #%1").arg(*request.queue_position);
    add(lines, tr("Queued for: %1"), request.queued, request.dequeued);
    add(lines, tr("First token after: %1"), request.accepted, request.first_token);
    if (const auto tokens = tokensOf(request, record); tokens > 0)
        lines << tr("Output: %1, %2 bytes").arg(tokenCount(tokens), number(request.bytes));
    if (tokensPerSecond)
        lines << tr("Now: %1").arg(speed(*tokensPerSecond));
    if (record) {
        lines << tr("Took: %1").arg(exact(record->total()));
        lines << tr("Ended: %1").arg(outcome(*record));
        if (!record->error.empty())
            lines << QString::fromStdString(record->error);
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/requests/request_export.h"

#include "pages/common/csv.h"
#include "telemetry/request_figures.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>

#include <array>

namespace tokenscope::ui {

namespace {

using telemetry::RequestRecord;

/// A text, a number, a flag, or null.
struct Field {
    const char* name;
    QJsonValue (*value)(const RequestRecord&);
};

QJsonValue text(std::string_view value)
{
    return value.empty() ? QJsonValue(QJsonValue::Null)
                         : QJsonValue(QString::fromUtf8(value.data(), static_cast<qsizetype>(value.size())));
}

QJsonValue count(const std::optional<std::uint64_t>& value)
{
    return value ? QJsonValue(static_cast<qint64>(*value)) : QJsonValue(QJsonValue::Null);
}

QJsonValue milliseconds(const std::optional<Nanos>& time)
{
    return time ? QJsonValue(static_cast<double>(time->count()) / 1e6) : QJsonValue(QJsonValue::Null);
}

QJsonValue number(const std::optional<double>& value)
{
    return value ? QJsonValue(*value) : QJsonValue(QJsonValue::Null);
}

QJsonValue moment(WallTime time)
{
    return QDateTime::fromMSecsSinceEpoch(time.time_since_epoch().count(), Qt::UTC).toString(Qt::ISODateWithMs);
}

constexpr std::array fields = {
    Field{"time", [](const RequestRecord& r) { return moment(r.started); }},
    Field{"id", [](const RequestRecord& r) { return text(r.request_id); }},
    Field{"trace", [](const RequestRecord& r) { return text(r.trace_id.view()); }},
    Field{"route", [](const RequestRecord& r) { return text(r.route); }},
    Field{"operation", [](const RequestRecord& r) { return text(r.operation); }},
    Field{"client", [](const RequestRecord& r) { return text(r.client); }},
    Field{"provider", [](const RequestRecord& r) { return text(provider_of(r)); }},
    Field{"model", [](const RequestRecord& r) { return text(model_of(r)); }},
    Field{"requested_model", [](const RequestRecord& r) { return text(r.requested_model); }},
    Field{"response_model", [](const RequestRecord& r) { return text(r.response_model); }},
    Field{"streamed", [](const RequestRecord& r) { return QJsonValue(r.streamed); }},
    Field{"status",
          [](const RequestRecord& r) {
              return r.http_status == 0 ? QJsonValue(QJsonValue::Null) : QJsonValue(static_cast<int>(r.http_status));
          }},
    Field{"success", [](const RequestRecord& r) { return QJsonValue(r.status == telemetry::RequestStatus::success); }},
    Field{"end_reason", [](const RequestRecord& r) { return text(to_string(r.end_reason)); }},
    Field{"finish_reason", [](const RequestRecord& r) { return text(r.finish_reason); }},
    Field{"error", [](const RequestRecord& r) { return text(r.error); }},
    Field{"error_type", [](const RequestRecord& r) { return text(r.error_type); }},
    Field{"queue_ms", [](const RequestRecord& r) { return milliseconds(queue_time(r)); }},
    Field{"ttft_ms", [](const RequestRecord& r) { return milliseconds(r.ttft()); }},
    Field{"total_ms", [](const RequestRecord& r) { return milliseconds(r.total()); }},
    Field{"prompt_tokens", [](const RequestRecord& r) { return count(r.usage.prompt); }},
    Field{"completion_tokens", [](const RequestRecord& r) { return count(r.usage.completion); }},
    Field{"completion_estimated", [](const RequestRecord& r) { return QJsonValue(r.usage.estimated); }},
    Field{"cached_tokens", [](const RequestRecord& r) { return count(r.usage.cached); }},
    Field{"reasoning_tokens", [](const RequestRecord& r) { return count(r.usage.reasoning); }},
    Field{"tokens_per_second", [](const RequestRecord& r) { return number(output_speed(r)); }},
    Field{"chunks", [](const RequestRecord& r) { return QJsonValue(static_cast<qint64>(r.chunk_count)); }},
    Field{"attempts", [](const RequestRecord& r) { return QJsonValue(static_cast<qint64>(r.attempts)); }},
    Field{"cost", [](const RequestRecord& r) { return number(r.cost ? std::optional(r.cost->amount) : std::nullopt); }},
    Field{"currency", [](const RequestRecord& r) { return text(r.cost ? r.cost->currency : std::string_view()); }},
};

QString cellOf(const QJsonValue& value)
{
    switch (value.type()) {
    case QJsonValue::String: return csvCell(value.toString());
    case QJsonValue::Bool: return value.toBool() ? QStringLiteral("true") : QStringLiteral("false");
    case QJsonValue::Double: return QString::number(value.toDouble(), 'g', QLocale::FloatingPointShortest);
    default: return {};
    }
}

} // namespace

QByteArray requestsCsv(const std::vector<RequestListModel::Record>& records)
{
    QStringList cells;
    for (const auto& field : fields)
        cells << QLatin1StringView(field.name);
    auto csv = csvLine(cells);
    for (const auto& record : records) {
        cells.clear();
        for (const auto& field : fields)
            cells << cellOf(field.value(*record));
        csv += csvLine(cells);
    }
    return csv;
}

QByteArray requestsJsonLines(const std::vector<RequestListModel::Record>& records)
{
    QByteArray lines;
    for (const auto& record : records) {
        QJsonObject object;
        for (const auto& field : fields)
            object.insert(QLatin1StringView(field.name), field.value(*record));
        lines += QJsonDocument(object).toJson(QJsonDocument::Compact);
        lines += '\n';
    }
    return lines;
}

QString requestRows(const QAbstractItemModel& model, const QList<int>& rows, const QList<int>& columns)
{
    QStringList lines;
    for (const auto row : rows) {
        QStringList cells;
        for (const auto column : columns)
            cells << model.index(row, column).data().toString().simplified();
        lines << cells.join(QLatin1Char('\t'));
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace tokenscope::ui

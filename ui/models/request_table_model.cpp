// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/request_table_model.h"

#include "format/format.h"
#include "telemetry/request_log.h"
#include "theme/theme.h"

#include <QDateTime>

#include <optional>

namespace tokenscope::ui {

namespace {

std::optional<double> asDouble(const std::optional<std::uint64_t>& count)
{
    return count ? std::optional(static_cast<double>(*count)) : std::nullopt;
}

/// Output tokens / (last token - first token): the reported count, else ours from the stream.
std::optional<double> tokensPerSecond(const telemetry::RequestRecord& record)
{
    if (!record.first_token || !record.last_token || *record.last_token <= *record.first_token)
        return std::nullopt;
    const auto tokens = record.usage.completion.value_or(record.stream_tokens);
    if (tokens == 0)
        return std::nullopt;
    return static_cast<double>(tokens) / seconds(*record.last_token - *record.first_token);
}

QString count(const std::optional<std::uint64_t>& tokens)
{
    return formatValue(asDouble(tokens), Unit::none).number;
}

QString statusText(const telemetry::RequestRecord& record)
{
    switch (record.end_reason) {
    case telemetry::EndReason::done:
        return record.status == telemetry::RequestStatus::success ? RequestTableModel::tr("ok")
                                                                  : RequestTableModel::tr("error");
    case telemetry::EndReason::client_gone: return RequestTableModel::tr("client left");
    case telemetry::EndReason::upstream_error: return RequestTableModel::tr("upstream");
    case telemetry::EndReason::in_stream_error: return RequestTableModel::tr("in stream");
    case telemetry::EndReason::timeout: return RequestTableModel::tr("timeout");
    case telemetry::EndReason::rejected: return RequestTableModel::tr("rejected");
    case telemetry::EndReason::error: break;
    }
    return RequestTableModel::tr("error");
}

} // namespace

RequestTableModel::RequestTableModel(const Theme& theme, const telemetry::RequestLog& log, std::size_t capacity,
                                     QObject* parent)
    : QAbstractTableModel(parent), m_theme(theme), m_log(log), m_capacity(capacity)
{
    connect(&m_theme, &Theme::changed, this, [this] {
        if (!m_records.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount_ - 1),
                               {Qt::ForegroundRole, Qt::FontRole});
    });
}

void RequestTableModel::poll()
{
    const auto fresh = m_log.since(m_seen, m_capacity);
    if (fresh.empty())
        return;
    m_seen = fresh.back()->sequence;
    const auto overflow =
        m_records.size() + fresh.size() > m_capacity ? m_records.size() + fresh.size() - m_capacity : 0;
    if (overflow > 0) {
        const auto last = static_cast<int>(m_records.size()) - 1;
        beginRemoveRows({}, last - static_cast<int>(overflow) + 1, last);
        m_records.resize(m_records.size() - overflow);
        endRemoveRows();
    }
    beginInsertRows({}, 0, static_cast<int>(fresh.size()) - 1);
    for (const auto& record : fresh)
        m_records.push_front(record);
    endInsertRows();
}

const telemetry::RequestRecord* RequestTableModel::record(int row) const
{
    return row >= 0 && row < rowCount() ? m_records[static_cast<std::size_t>(row)].get() : nullptr;
}

int RequestTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_records.size());
}

int RequestTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : columnCount_;
}

QString RequestTableModel::text(const telemetry::RequestRecord& record, Column column) const
{
    switch (column) {
    case time:
        return QDateTime::fromMSecsSinceEpoch(record.started.time_since_epoch().count())
            .toString(QStringLiteral("HH:mm:ss"));
    case model: {
        const auto& name = record.target.model == "unknown" && !record.requested_model.empty() ? record.requested_model
                                                                                               : record.target.model;
        return QString::fromStdString(name);
    }
    case status: return statusText(record);
    case ttft: {
        const auto value = record.ttft();
        return formatValue(value ? std::optional(seconds(*value)) : std::nullopt, Unit::seconds).joined();
    }
    case total: return formatValue(seconds(record.total()), Unit::seconds).joined();
    case tokens:
        if (!record.usage.prompt && !record.usage.completion)
            return formatValue(std::nullopt, Unit::none).number;
        return count(record.usage.prompt) + QStringLiteral(" → ")
               + (record.usage.estimated ? QStringLiteral("~") : QString()) + count(record.usage.completion);
    case speed: return formatValue(tokensPerSecond(record), Unit::none).number;
    case columnCount_: break;
    }
    return {};
}

QString RequestTableModel::toolTip(const telemetry::RequestRecord& record, Column column) const
{
    if (!record.error.empty())
        return QString::fromStdString(record.error).toHtmlEscaped();
    if (column == model)
        return QString::fromStdString(record.target.backend + " / " + record.target.model).toHtmlEscaped();
    if (column == tokens && record.usage.estimated)
        return tr("The output was counted from the stream: the model did not report it.");
    return {};
}

QVariant RequestTableModel::data(const QModelIndex& index, int role) const
{
    const auto* const request = index.isValid() ? record(index.row()) : nullptr;
    if (!request)
        return {};
    const auto column = static_cast<Column>(index.column());
    const auto good = request->status == telemetry::RequestStatus::success;
    switch (role) {
    case Qt::DisplayRole: return text(*request, column);
    case Qt::ToolTipRole: return toolTip(*request, column);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment((column >= ttft ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    case Qt::ForegroundRole:
        if (column == status)
            return good ? m_theme.tokens().good : m_theme.tokens().bad;
        return column == time ? m_theme.tokens().secondary : m_theme.tokens().text;
    case statusRole: return good;
    case recordRole: return QVariant::fromValue(static_cast<qulonglong>(request->sequence));
    default: return {};
    }
}

QVariant RequestTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount_)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::Alignment((section >= ttft ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    if (role == Qt::ToolTipRole && section == tokens)
        return tr("Prompt tokens → output tokens");
    if (role == Qt::ToolTipRole && section == speed)
        return tr("Output tokens per second between the first and the last token");
    if (role != Qt::DisplayRole)
        return {};
    static const char* const names[]{QT_TR_NOOP("Time"), QT_TR_NOOP("Model"), QT_TR_NOOP("Status"),
                                     QT_TR_NOOP("TTFT"), QT_TR_NOOP("Total"), QT_TR_NOOP("Tokens"),
                                     QT_TR_NOOP("tok/s")};
    return tr(names[section]);
}

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trace_model.h"

#include "format/format.h"
#include "telemetry/tracing/span_json.h"
#include "telemetry/tracing/trace_ids.h"
#include "theme/theme.h"

#include <QFontMetrics>
#include <QSize>

#include <algorithm>
#include <chrono>

namespace tokenscope::ui {

namespace {

double share(telemetry::UnixNanos part, telemetry::UnixNanos whole)
{
    return whole.count() > 0 ? static_cast<double>(part.count()) / static_cast<double>(whole.count()) : 0;
}

} // namespace

TraceModel::TraceModel(const Theme& theme, QObject* parent) : QAbstractItemModel(parent), m_theme(theme) {}

void TraceModel::setTree(TraceTree tree)
{
    beginResetModel();
    m_tree = std::move(tree);
    endResetModel();
}

double TraceModel::seconds() const
{
    return std::chrono::duration<double>(m_tree.end() - m_tree.begin()).count();
}

QModelIndex TraceModel::indexOf(std::size_t row) const
{
    if (row >= m_tree.rows().size())
        return {};
    return createIndex(static_cast<int>(m_tree.rows()[row].place), name, static_cast<quintptr>(row));
}

TraceModel::Bar TraceModel::barOf(const QModelIndex& index) const
{
    const auto* span = m_tree.span(rowOf(index));
    if (!span)
        return {};
    const auto whole = m_tree.end() - m_tree.begin();
    const auto& tokens = m_theme.tokens();
    const auto color = span->status == telemetry::SpanStatus::error ? tokens.bad
                       : span->kind == telemetry::SpanKind::client  ? tokens.series.at(1)
                       : span->kind == telemetry::SpanKind::server  ? tokens.accent
                                                                    : tokens.secondary;
    return {share(span->start - m_tree.begin(), whole), share(std::max(span->start, span->end) - m_tree.begin(), whole),
            color, true};
}

QModelIndex TraceModel::index(int row, int column, const QModelIndex& parent) const
{
    const auto& siblings = parent.isValid() ? m_tree.rows().at(rowOf(parent)).children : m_tree.top();
    if (row < 0 || static_cast<std::size_t>(row) >= siblings.size() || column < 0 || column >= columnCount_)
        return {};
    return createIndex(row, column, static_cast<quintptr>(siblings[static_cast<std::size_t>(row)]));
}

QModelIndex TraceModel::parent(const QModelIndex& index) const
{
    if (!index.isValid())
        return {};
    const auto above = m_tree.rows().at(rowOf(index)).parent;
    if (!above)
        return {};
    return indexOf(*above);
}

int TraceModel::rowCount(const QModelIndex& parent) const
{
    if (parent.column() > 0)
        return 0;
    return static_cast<int>(parent.isValid() ? m_tree.rows().at(rowOf(parent)).children.size() : m_tree.top().size());
}

int TraceModel::columnCount(const QModelIndex&) const
{
    return columnCount_;
}

QString TraceModel::nameOf(std::size_t row) const
{
    const auto& entry = m_tree.rows()[row];
    if (entry.loop)
        return tr("spans that are each other's parents");
    if (!entry.span)
        return tr("missing parent %1").arg(QString::fromStdString(entry.missing));
    const auto& shown = m_tree.span(row)->name;
    return shown.empty() ? tr("(no name)") : QString::fromStdString(shown);
}

QString TraceModel::lengthOf(std::size_t row) const
{
    const auto* span = m_tree.span(row);
    return span ? formatValue(secondsOf(*span), Unit::seconds).joined() : QString();
}

QString TraceModel::words(std::size_t row) const
{
    const auto* span = m_tree.span(row);
    if (!span)
        return nameOf(row);
    const auto start = std::chrono::duration<double>(span->start - m_tree.begin()).count();
    QString text =
        tr("%1, %2, begins at %3").arg(nameOf(row), lengthOf(row), formatValue(start, Unit::seconds).joined());
    if (span->status == telemetry::SpanStatus::error)
        text += QLatin1Char('\n') + tr("failed: %1").arg(QString::fromStdString(span->status_message));
    if (m_tree.rows()[row].beforeParent)
        text += QLatin1Char('\n') + tr("It begins before its parent: their clocks disagree.");
    if (m_tree.rows()[row].endsBeforeStart)
        text += QLatin1Char('\n') + tr("It ends before it begins: its length is not known.");
    return text;
}

QVariant TraceModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const auto row = rowOf(index);
    const auto* span = m_tree.span(row);
    const auto& tokens = m_theme.tokens();
    switch (role) {
    case Qt::DisplayRole: return index.column() == name ? nameOf(row) : lengthOf(row);
    case Qt::ToolTipRole: return words(row).toHtmlEscaped().replace(QLatin1Char('\n'), QStringLiteral("<br>"));
    case Qt::AccessibleTextRole: return words(row);
    case Qt::FontRole: return tokens.small;
    case Qt::SizeHintRole: {
        // Names ask for the room they need, bars take what is left.
        const QFontMetrics metrics(tokens.small);
        const auto width = index.column() == name ? metrics.horizontalAdvance(nameOf(row)) : 0;
        return QSize(width + tokens.space6, metrics.height() + tokens.space2);
    }
    case Qt::ForegroundRole:
        return !span ? tokens.secondary : span->status == telemetry::SpanStatus::error ? tokens.bad : tokens.text;
    default: return {};
    }
}

QVariant TraceModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::FontRole)
        return m_theme.tokens().small;
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignLeft | Qt::AlignVCenter));
    if (role == Qt::DisplayRole)
        return section == name ? tr("Span") : QString();
    return role == Qt::AccessibleTextRole && section == time ? tr("Time") : QVariant();
}

namespace {

QString valueText(const telemetry::AttributeValue& value)
{
    struct Words {
        QString operator()(const std::string& text) const { return QString::fromStdString(text); }
        QString operator()(std::int64_t number) const { return QString::number(number); }
        QString operator()(double number) const { return QString::number(number, 'g', 12); }
        QString operator()(bool yes) const { return yes ? QStringLiteral("true") : QStringLiteral("false"); }
        QString operator()(const std::vector<std::string>& texts) const
        {
            QStringList all;
            for (const auto& text : texts)
                all << QString::fromStdString(text);
            return all.join(QStringLiteral(", "));
        }
    };
    return std::visit(Words{}, value);
}

QString utf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

void appendAttributes(QString& out, const std::vector<telemetry::Attribute>& attributes, const QString& indent)
{
    for (const auto& attribute : attributes)
        out += indent + utf8(attribute.key) + QStringLiteral(" = ") + valueText(attribute.value) + QLatin1Char('\n');
}

QString kindOf(const telemetry::SpanData& span)
{
    switch (span.kind) {
    case telemetry::SpanKind::server: return QStringLiteral("server");
    case telemetry::SpanKind::client: return QStringLiteral("client");
    case telemetry::SpanKind::internal: break;
    }
    return QStringLiteral("internal");
}

QString statusOf(const telemetry::SpanData& span)
{
    switch (span.status) {
    case telemetry::SpanStatus::ok: return QStringLiteral("ok");
    case telemetry::SpanStatus::error: return QStringLiteral("error: ") + QString::fromStdString(span.status_message);
    case telemetry::SpanStatus::unset: break;
    }
    return QStringLiteral("unset");
}

} // namespace

QString spanText(const TraceTree& tree, std::size_t row)
{
    const auto* span = tree.span(row);
    const auto& entry = tree.rows().at(row);
    if (!span)
        return entry.loop
                   ? TraceModel::tr("These spans name each other as their parents.")
                   : TraceModel::tr("The spans below name %1 as their parent, which is not here: it was dropped, or "
                                    "has not ended.")
                         .arg(QString::fromStdString(entry.missing));
    const auto at = [&](telemetry::UnixNanos time) {
        return formatValue(std::chrono::duration<double>(time - tree.begin()).count(), Unit::seconds).joined();
    };
    QString out = QString::fromStdString(span->name) + QLatin1Char('\n');
    out += TraceModel::tr("%1 at %2, %3")
               .arg(formatValue(secondsOf(*span), Unit::seconds).joined(), at(span->start), kindOf(*span))
           + QLatin1Char('\n');
    out += TraceModel::tr("status %1").arg(statusOf(*span)) + QLatin1Char('\n');
    out += TraceModel::tr("service %1").arg(QStringLiteral("tokenscope")) + QLatin1Char('\n');
    out +=
        TraceModel::tr("span id %1").arg(QString::fromStdString(telemetry::to_hex(span->span_id))) + QLatin1Char('\n');
    if (telemetry::is_set(span->parent_id))
        out += (span->parent_is_remote ? TraceModel::tr("parent %1, the client's") : TraceModel::tr("parent %1"))
                   .arg(QString::fromStdString(telemetry::to_hex(span->parent_id)))
               + QLatin1Char('\n');
    if (entry.beforeParent)
        out += TraceModel::tr("It begins before its parent: their clocks disagree.") + QLatin1Char('\n');
    if (entry.endsBeforeStart)
        out += TraceModel::tr("It ends before it begins: its length is not known.") + QLatin1Char('\n');
    if (!span->attributes.empty())
        out += QLatin1Char('\n');
    appendAttributes(out, span->attributes, {});
    for (const auto& event : span->events) {
        out += QLatin1Char('\n') + TraceModel::tr("event %1 at %2").arg(utf8(event.name), at(event.at))
               + QLatin1Char('\n');
        appendAttributes(out, event.attributes, QStringLiteral("  "));
    }
    return out.trimmed();
}

QString spanLines(const telemetry::TraceSpans& spans)
{
    if (!spans)
        return {};
    const telemetry::Resource resource{{{"service.name", "tokenscope"}}, "tokenscope", {}};
    std::string out;
    for (const auto& span : *spans) {
        telemetry::append_span_json(out, span, resource);
        out += '\n';
    }
    return QString::fromStdString(out);
}

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/requests/filter_text.h"

#include "telemetry/filter/filter_fields.h"
#include "telemetry/filter/request_filter.h"

#include <QHash>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr std::size_t mostValues = 100;

QString fromView(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

std::vector<CompletionItem> fieldChoices(const QString& prefix, const QString& after)
{
    std::vector<CompletionItem> begins;
    std::vector<CompletionItem> contains;
    for (const auto& field : telemetry::filter_fields()) {
        const auto name = fromView(field.name);
        const auto alias = std::find_if(field.aliases.begin(), field.aliases.end(), [&](std::string_view other) {
            return !other.empty() && fromView(other).startsWith(prefix, Qt::CaseInsensitive);
        });
        CompletionItem item{.text = name + after,
                            .detail = fromView(field.doc),
                            .help = QObject::tr("for example %1").arg(fromView(field.example))};
        if (name.startsWith(prefix, Qt::CaseInsensitive))
            begins.push_back(std::move(item));
        else if (alias != field.aliases.end() || (prefix.size() > 1 && name.contains(prefix, Qt::CaseInsensitive)))
            contains.push_back(std::move(item));
    }
    std::move(contains.begin(), contains.end(), std::back_inserter(begins));
    return begins;
}

} // namespace

TextStretch stretchOf(const QString& text, std::size_t from, std::size_t to)
{
    const auto bytes = text.toUtf8();
    const auto begin = QString::fromUtf8(bytes.left(static_cast<qsizetype>(from))).size();
    return {.from = begin, .length = QString::fromUtf8(bytes.left(static_cast<qsizetype>(to))).size() - begin};
}

QStringList seenValues(const std::deque<std::shared_ptr<const telemetry::RequestRecord>>& records, const QString& field)
{
    const auto* const known = telemetry::find_filter_field(field.toStdString());
    if (!known)
        return {};
    QHash<QString, int> counts;
    for (const auto& record : records) {
        QString value;
        if (known->text)
            value = fromView(known->text(*record));
        else if (known->kind == telemetry::FilterField::Kind::status && record->http_status != 0)
            value = QString::number(record->http_status);
        if (!value.isEmpty())
            ++counts[value];
    }
    QStringList values = counts.keys();
    std::sort(values.begin(), values.end(), [&counts](const QString& a, const QString& b) {
        return counts[a] != counts[b] ? counts[a] > counts[b] : a < b;
    });
    return values;
}

std::vector<CompletionItem> filterChoices(const telemetry::FilterSpot& spot, const SeenValues& seen)
{
    using Kind = telemetry::FilterSpot::Kind;
    const auto prefix = QString::fromStdString(spot.prefix);
    if (spot.kind == Kind::none)
        return {};
    if (spot.kind == Kind::field)
        return fieldChoices(prefix, QStringLiteral(":"));
    const auto* const field = telemetry::find_filter_field(spot.field);
    if (field->kind == telemetry::FilterField::Kind::presence)
        return fieldChoices(prefix, {});
    QStringList values;
    for (const auto word : telemetry::filter_words(*field))
        values << fromView(word);
    values << seen(QString::fromStdString(spot.field));
    values.removeDuplicates();
    std::stable_partition(values.begin(), values.end(),
                          [&prefix](const QString& value) { return value.startsWith(prefix, Qt::CaseInsensitive); });
    std::vector<CompletionItem> items;
    for (const auto& value : values) {
        if (items.size() < mostValues && value.contains(prefix, Qt::CaseInsensitive))
            items.push_back({.text = value, .detail = {}, .help = {}});
    }
    return items;
}

QString filterInsertion(const telemetry::FilterSpot& spot, const QString& choice)
{
    if (spot.kind != telemetry::FilterSpot::Kind::value)
        return choice;
    return QString::fromStdString(telemetry::filter_value(choice.toStdString())) + QLatin1Char(' ');
}

} // namespace tokenscope::ui

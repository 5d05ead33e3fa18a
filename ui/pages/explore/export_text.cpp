// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/explore/export_text.h"

#include "pages/common/csv.h"
#include "widgets/value_table_model.h"

#include <QAbstractItemModel>
#include <QDateTime>
#include <QIODevice>

#include <cmath>
#include <set>

namespace tokenscope::ui {

namespace {

const std::string nameLabel = "__name__";

QString numberText(double value)
{
    if (std::isnan(value))
        return {};
    if (std::isinf(value))
        return value > 0 ? QStringLiteral("+Inf") : QStringLiteral("-Inf");
    return QString::number(value, 'g', QLocale::FloatingPointShortest);
}

QString timeText(std::int64_t ms)
{
    return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(Qt::ISODateWithMs);
}

} // namespace

void writeCsv(const query::Frame& frame, QIODevice& to)
{
    std::set<std::string> names;
    for (const auto& column : frame.columns) {
        for (const auto& [name, value] : column.labels)
            names.insert(name);
    }
    QStringList header;
    for (const auto& name : names)
        header << csvCell(QString::fromStdString(name));
    // Series of samples: a row for each sample.
    const bool samples = frame.times.size() > 1;
    if (names.empty())
        header << QStringLiteral("series");
    if (samples)
        header << QStringLiteral("time");
    to.write(csvLine(header << QStringLiteral("value")));
    for (const auto& column : frame.columns) {
        QStringList cells;
        if (names.empty())
            cells << csvCell(QString::fromStdString(column.name));
        for (const auto& name : names) {
            const auto found = column.labels.find(name);
            cells << (found == column.labels.end() ? QString() : csvCell(QString::fromStdString(found->second)));
        }
        if (samples) {
            for (std::size_t i = 0; i < column.values.size(); ++i) {
                if (std::isnan(column.values[i]))
                    continue;
                const auto row = QStringList(cells) << timeText(frame.times[i]) << numberText(column.values[i]);
                if (to.write(csvLine(row)) < 0)
                    return;
            }
            continue;
        }
        if (column.values.empty())
            cells << QString();
        else
            cells << (std::isnan(column.values.back()) ? QStringLiteral("NaN") : numberText(column.values.back()));
        if (to.write(csvLine(cells)) < 0)
            return;
    }
}

void writeCsvOverTime(const query::Frame& frame, QIODevice& to)
{
    QStringList header{QStringLiteral("time")};
    for (const auto& column : frame.columns)
        header << csvCell(seriesText(column));
    to.write(csvLine(header));
    for (std::size_t row = 0; row < frame.times.size(); ++row) {
        QStringList cells{timeText(frame.times[row])};
        for (const auto& column : frame.columns)
            cells << (row < column.values.size() ? numberText(column.values[row]) : QString());
        if (to.write(csvLine(cells)) < 0)
            return;
    }
}

QString tsvOf(const QAbstractItemModel& table, const QList<int>& rows)
{
    const auto clean = [](QString text) {
        for (const auto c : {QLatin1Char('\t'), QLatin1Char('\n'), QLatin1Char('\r')})
            text.replace(c, QLatin1Char(' '));
        return text;
    };
    QStringList header;
    for (int column = 0; column < table.columnCount(); ++column)
        header << clean(table.headerData(column, Qt::Horizontal).toString());
    QStringList lines{header.join(QLatin1Char('\t'))};
    const auto count = rows.isEmpty() ? table.rowCount() : static_cast<int>(rows.size());
    for (int i = 0; i < count; ++i) {
        QStringList cells;
        for (int column = 0; column < table.columnCount(); ++column) {
            const auto value = table.index(rows.isEmpty() ? i : rows[i], column).data(ValueTableModel::plainRole);
            cells << clean(value.toString());
        }
        lines << cells.join(QLatin1Char('\t'));
    }
    return lines.join(QLatin1Char('\n'));
}

QString seriesText(const query::Column& column)
{
    QString name;
    QStringList labels;
    for (const auto& [label, value] : column.labels) {
        auto text = QString::fromStdString(value);
        text.replace(QLatin1Char('\\'), QStringLiteral("\\\\")).replace(QLatin1Char('"'), QStringLiteral("\\\""));
        if (label == nameLabel)
            name = text;
        else
            labels << QString::fromStdString(label) + QStringLiteral("=\"") + text + QLatin1Char('"');
    }
    if (column.labels.empty())
        return QString::fromStdString(column.name);
    return labels.isEmpty() ? name : name + QLatin1Char('{') + labels.join(QStringLiteral(", ")) + QLatin1Char('}');
}

} // namespace tokenscope::ui

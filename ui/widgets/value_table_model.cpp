// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/value_table_model.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace tokenscope::ui {

namespace {

const std::string nameLabel = "__name__";

/// The metric first, then the labels in their order; where nothing tells the columns apart, their names.
std::vector<std::string> labelNames(const query::Frame& frame)
{
    std::set<std::string> names;
    for (const auto& column : frame.columns) {
        for (const auto& [name, value] : column.labels)
            names.insert(name);
    }
    std::vector<std::string> ordered;
    if (names.erase(nameLabel) > 0)
        ordered.push_back(nameLabel);
    ordered.insert(ordered.end(), names.begin(), names.end());
    return ordered;
}

/// As few digits as tell it from every other number.
QString exactText(double value)
{
    if (std::isnan(value))
        return QStringLiteral("NaN");
    return std::isinf(value) ? QString::fromLatin1(value < 0 ? "-Inf" : "+Inf")
                             : QString::number(value, 'g', QLocale::FloatingPointShortest);
}

/// Those of a range selector, oldest first; of many the newest.
QString samplesText(const query::Frame& frame, const query::Column& column)
{
    constexpr qsizetype most = 20;
    QStringList samples;
    for (std::size_t i = std::min(frame.times.size(), column.values.size()); i > 0 && samples.size() <= most; --i) {
        if (std::isnan(column.values[i - 1]))
            continue;
        const auto time = QDateTime::fromMSecsSinceEpoch(frame.times[i - 1]).time();
        const auto* format = time.msec() == 0 ? "HH:mm:ss" : "HH:mm:ss.zzz";
        samples.prepend(exactText(column.values[i - 1]) + QStringLiteral(" @ ")
                        + time.toString(QLatin1StringView(format)));
    }
    if (samples.size() > most)
        samples.first() = QStringLiteral("…");
    return samples.join(QStringLiteral(", "));
}

} // namespace

void ValueTableModel::setUnit(Unit unit)
{
    if (unit == m_unit)
        return;
    beginResetModel();
    m_unit = unit;
    endResetModel();
}

void ValueTableModel::setExact(bool exact)
{
    if (exact == m_exact)
        return;
    beginResetModel();
    m_exact = exact;
    endResetModel();
}

void ValueTableModel::setFrame(const query::FramePtr& frame)
{
    QStringList header;
    std::vector<Row> rows;
    m_left = 0;
    if (frame) {
        const auto labels = labelNames(*frame);
        for (const auto& name : labels)
            header << (name == nameLabel ? tr("metric") : QString::fromStdString(name));
        if (labels.empty())
            header << tr("series");
        for (const auto& column : frame->columns) {
            Row row{.texts = {}, .value = std::nan(""), .text = {}};
            if (!column.values.empty())
                row.value = column.values.back();
            if (m_exact && column.values.empty())
                row.text = QString::fromStdString(column.name);
            else if (m_exact && frame->times.size() > 1)
                row.text = samplesText(*frame, column);
            if (!m_exact && std::isnan(row.value))
                continue;
            if (rows.size() == mostRows) {
                ++m_left;
                continue;
            }
            if (labels.empty())
                row.texts << (column.values.empty() ? tr("text") : QString::fromStdString(column.name));
            for (const auto& name : labels) {
                const auto found = column.labels.find(name);
                row.texts << (found == column.labels.end() ? QString() : QString::fromStdString(found->second));
            }
            rows.push_back(std::move(row));
        }
    }
    const auto same = header == m_header
                      && std::equal(rows.begin(), rows.end(), m_rows.begin(), m_rows.end(),
                                    [](const Row& a, const Row& b) { return a.texts == b.texts; });
    if (!same)
        beginResetModel();
    m_header = std::move(header);
    m_rows = std::move(rows);
    if (!same)
        endResetModel();
    else if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, columnCount() - 1), index(rowCount() - 1, columnCount() - 1));
}

QString ValueTableModel::valueText(const Row& row) const
{
    return row.text.isEmpty() ? exactText(row.value) : row.text;
}

int ValueTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ValueTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_header.size()) + 1;
}

QVariant ValueTableModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount() || index.column() >= columnCount())
        return {};
    const auto& row = m_rows[static_cast<std::size_t>(index.row())];
    const bool value = index.column() == m_header.size();
    switch (role) {
    case Qt::DisplayRole:
        return !value ? row.texts[index.column()] : m_exact ? valueText(row) : formatValue(row.value, m_unit).joined();
    case Qt::ToolTipRole:
    case plainRole: return value ? valueText(row) : row.texts[index.column()];
    case sortRole:
        if (!value)
            return row.texts[index.column()];
        // NaN is neither less nor greater than anything, which no order can be made of.
        return std::isnan(row.value) ? std::numeric_limits<double>::lowest() : row.value;
    case Qt::TextAlignmentRole: return static_cast<int>((value ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    default: return {};
    }
}

QVariant ValueTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section > m_header.size())
        return {};
    if (role == Qt::DisplayRole)
        return section == m_header.size() ? tr("value") : m_header[section];
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((section == m_header.size() ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    return {};
}

} // namespace tokenscope::ui

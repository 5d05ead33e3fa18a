// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/value_table_model.h"

#include <QLocale>

#include <algorithm>
#include <cmath>
#include <set>

namespace tokenscope::ui {

namespace {

const std::string nameLabel = "__name__";

double recent(const std::vector<double>& values)
{
    for (std::size_t back = 1; back <= std::min<std::size_t>(3, values.size()); ++back) {
        if (!std::isnan(values[values.size() - back]))
            return values[values.size() - back];
    }
    return std::nan("");
}

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
    return std::isinf(value) ? QString::fromLatin1(value < 0 ? "-Inf" : "+Inf")
                             : QString::number(value, 'g', QLocale::FloatingPointShortest);
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
            Row row{.texts = {}, .value = recent(column.values)};
            if (std::isnan(row.value))
                continue;
            if (rows.size() == mostRows) {
                ++m_left;
                continue;
            }
            if (labels.empty())
                row.texts << QString::fromStdString(column.name);
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
        return !value    ? row.texts[index.column()]
               : m_exact ? exactText(row.value)
                         : formatValue(row.value, m_unit).joined();
    case Qt::ToolTipRole: return value ? exactText(row.value) : row.texts[index.column()];
    case sortRole: return value ? QVariant(row.value) : QVariant(row.texts[index.column()]);
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

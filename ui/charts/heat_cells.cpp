// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/heat_cells.h"

#include "format/format.h"

#include <QCoreApplication>
#include <QString>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace tokenscope::ui {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double absent = std::numeric_limits<double>::quiet_NaN();

std::optional<double> boundOf(const query::Column& column)
{
    const auto found = column.labels.find("le");
    if (found == column.labels.end())
        return std::nullopt;
    const auto text = QString::fromStdString(found->second);
    if (text.compare(QLatin1StringView("+Inf"), Qt::CaseInsensitive) == 0)
        return infinity;
    bool number = false;
    const double bound = text.toDouble(&number);
    return number ? std::optional(bound) : std::nullopt;
}

double at(const std::vector<double>& values, std::size_t row)
{
    return row < values.size() ? values[row] : absent;
}

} // namespace

HeatCells heatCells(const query::Frame& frame)
{
    std::vector<std::pair<double, const query::Column*>> bounds;
    for (const auto& column : frame.columns) {
        if (const auto bound = boundOf(column))
            bounds.emplace_back(*bound, &column);
    }
    std::stable_sort(bounds.begin(), bounds.end(), [](const auto& a, const auto& b) { return a.first < b.first; });

    HeatCells cells;
    double from = -infinity;
    std::vector<double> below(frame.times.size(), 0);
    for (const auto& [bound, column] : bounds) {
        HeatCells::Bucket bucket{.from = from, .to = bound, .name = {}, .counts = {}};
        for (std::size_t row = 0; row < frame.times.size(); ++row) {
            const double total = at(column->values, row);
            bucket.counts.push_back(std::isfinite(total) ? std::max(0.0, total - below[row]) : absent);
            if (std::isfinite(total))
                below[row] = std::max(below[row], total);
        }
        from = bound;
        cells.buckets.push_back(std::move(bucket));
    }
    if (bounds.empty()) {
        for (const auto& column : frame.columns) {
            HeatCells::Bucket row{.from = 0, .to = 0, .name = column.name, .counts = column.values};
            row.counts.resize(frame.times.size(), absent);
            cells.buckets.push_back(std::move(row));
        }
    }
    for (const auto& bucket : cells.buckets) {
        for (const auto count : bucket.counts)
            cells.highest = std::isfinite(count) ? std::max(cells.highest, count) : cells.highest;
    }
    return cells;
}

std::int64_t stepOf(const std::vector<std::int64_t>& times)
{
    return times.size() < 2 ? 1'000 : times[1] - times[0];
}

HeatRows rowsWorthSeeing(const HeatCells& cells, const std::vector<std::int64_t>& times, std::int64_t fromMs,
                         std::int64_t toMs, std::optional<HeatRows> before)
{
    const std::size_t size = cells.buckets.size();
    if (size == 0)
        return {};
    const HeatRows all{0, size - 1};
    const auto counted = [&](const HeatCells::Bucket& bucket) {
        for (std::size_t row = 0; row < times.size(); ++row) {
            if (bucket.counts[row] > 0 && times[row] > fromMs && times[row] - stepOf(times) < toMs)
                return true;
        }
        return false;
    };
    const auto first = std::ranges::find_if(cells.buckets, counted);
    if (first == cells.buckets.end() || !first->name.empty())
        return all;
    const auto last = std::find_if(cells.buckets.rbegin(), cells.buckets.rend(), counted);
    HeatRows rows{static_cast<std::size_t>(first - cells.buckets.begin()),
                  static_cast<std::size_t>(cells.buckets.rend() - last) - 1};
    rows.first -= rows.first > 0 ? 1 : 0;
    rows.last += rows.last + 1 < size ? 1 : 0;
    if (!before || before->last >= size)
        return rows;
    constexpr std::size_t spare = 2;
    if (before->first < rows.first && rows.first - before->first <= spare)
        rows.first = before->first;
    if (before->last > rows.last && before->last - rows.last <= spare)
        rows.last = before->last;
    return rows;
}

QString heatCountText(double count)
{
    if (!std::isfinite(count))
        return formatValue(count, Unit::none).joined();
    const double whole = std::round(count);
    if (std::abs(count - whole) <= 1e-9)
        return formatValue(whole, Unit::none).joined();
    if (count < 1)
        return QCoreApplication::translate("Heatmap", "less than 1");
    return QCoreApplication::translate("Heatmap", "about %1").arg(formatValue(whole, Unit::none).joined());
}

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/chart_values.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <utility>

namespace tokenscope::ui {
namespace {

std::pair<std::size_t, std::size_t> samplesOf(const query::Frame& frame, ChartSpan span)
{
    const auto& times = frame.times;
    const auto from = std::lower_bound(times.begin(), times.end(), span.from);
    const auto to = std::upper_bound(from, times.end(), span.to);
    return {static_cast<std::size_t>(from - times.begin()), static_cast<std::size_t>(to - times.begin())};
}

QString field(QString text)
{
    if (!text.isEmpty() && QStringView(u"=+-@\t").contains(text.front()))
        text.prepend(QLatin1Char('\''));
    const bool quoted = text.contains(QLatin1Char(',')) || text.contains(QLatin1Char('"'))
                        || text.contains(QLatin1Char('\n')) || text.contains(QLatin1Char('\r'));
    if (!quoted)
        return text;
    text.replace(QLatin1Char('"'), QStringLiteral("\"\""));
    return QLatin1Char('"') + text + QLatin1Char('"');
}

} // namespace

std::optional<double> valueAt(const query::Frame& frame, std::size_t column, std::size_t index)
{
    const auto& values = frame.columns[column].values;
    return index < values.size() ? std::optional(values[index]) : std::nullopt;
}

std::optional<double> newestValue(const query::Frame& frame, std::size_t column)
{
    constexpr std::size_t recent = 3;
    const auto& values = frame.columns[column].values;
    const std::size_t count = std::min(frame.times.size(), values.size());
    for (std::size_t back = 1; back <= std::min(recent, count); ++back) {
        if (!std::isnan(values[count - back]))
            return values[count - back];
    }
    return std::nullopt;
}

SeriesStatistics statisticsOf(const query::Frame& frame, std::size_t column, ChartSpan span)
{
    SeriesStatistics result{.last = newestValue(frame, column)};
    const auto& values = frame.columns[column].values;
    const auto [from, to] = samplesOf(frame, span);
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t i = from; i < std::min(to, values.size()); ++i) {
        const double value = values[i];
        if (std::isnan(value))
            continue;
        result.minimum = std::min(result.minimum.value_or(value), value);
        result.maximum = std::max(result.maximum.value_or(value), value);
        sum += value;
        ++count;
    }
    if (count > 0)
        result.mean = sum / static_cast<double>(count);
    return result;
}

std::optional<std::size_t> nearestSample(const query::Frame& frame, std::int64_t ms)
{
    const auto& times = frame.times;
    if (times.empty())
        return std::nullopt;
    auto at = std::lower_bound(times.begin(), times.end(), ms);
    if (at == times.end() || (at != times.begin() && ms - *(at - 1) < *at - ms))
        --at;
    return static_cast<std::size_t>(at - times.begin());
}

QString csvOfSeries(const query::Frame& frame, const std::vector<ChartSeries>& series, ChartSpan span)
{
    QString text = QStringLiteral("time");
    for (const ChartSeries& one : series)
        text += QLatin1Char(',') + field(one.name);
    text += QStringLiteral("\r\n");
    const auto [from, to] = samplesOf(frame, span);
    for (std::size_t i = from; i < to; ++i) {
        text += QDateTime::fromMSecsSinceEpoch(frame.times[i], Qt::UTC).toString(Qt::ISODateWithMs);
        for (const ChartSeries& one : series) {
            const auto value = valueAt(frame, one.column, i);
            text += QLatin1Char(',');
            if (value && std::isfinite(*value))
                text += QString::number(*value, 'g', QLocale::FloatingPointShortest);
        }
        text += QStringLiteral("\r\n");
    }
    return text;
}

} // namespace tokenscope::ui

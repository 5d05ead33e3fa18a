// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/chart_series.h"

#include "charts/series_colors.h"
#include "theme/color_math.h"
#include "theme/theme.h"

#include <QRegularExpression>
#include <QStringList>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace tokenscope::ui {
namespace {

const std::string quantileLabel = "quantile";

QString identityOf(const query::Labels& labels, bool withQuantile)
{
    QString text;
    for (const auto& [name, value] : labels) {
        if (withQuantile || name != quantileLabel)
            text += QString::fromStdString(name) + QLatin1Char('=') + QString::fromStdString(value) + QLatin1Char(',');
    }
    return text;
}

/// Models compete with models for the palette, whatever they are called: their labels have the same names. What has only a panel's
/// name is of no kind.
QString kindOf(const query::Labels& labels, bool withQuantile)
{
    QStringList names;
    for (const auto& [name, value] : labels) {
        if (withQuantile || name != quantileLabel)
            names << QString::fromStdString(name);
    }
    return names == QStringList(QStringLiteral("series")) ? QString() : names.join(QLatin1Char(','));
}

double quantileOf(const query::Column& column)
{
    const auto found = column.labels.find(quantileLabel);
    return found == column.labels.end() ? 0 : QString::fromStdString(found->second).toDouble();
}

Outcome outcomeOf(const QString& value)
{
    static const QStringList good{QStringLiteral("success"), QStringLiteral("ok"), QStringLiteral("succeeded"),
                                  QStringLiteral("successful")};
    static const QStringList bad{QStringLiteral("error"), QStringLiteral("errors"), QStringLiteral("failed"),
                                 QStringLiteral("failure")};
    static const QRegularExpression code(QStringLiteral("^([25])(\\d\\d|xx)$"),
                                         QRegularExpression::CaseInsensitiveOption);
    const auto status = code.match(value);
    const bool answered = status.captured(1) == QLatin1StringView("2");
    if (good.contains(value, Qt::CaseInsensitive) || answered)
        return Outcome::good;
    return bad.contains(value, Qt::CaseInsensitive) || status.hasMatch() ? Outcome::bad : Outcome::none;
}

/// By its status, or by what a panel calls it.
Outcome outcomeOf(const query::Column& column)
{
    for (const char* label : {"status", "status_code", "code", "outcome", "result", "series"}) {
        const auto found = column.labels.find(label);
        if (found == column.labels.end())
            continue;
        if (const auto outcome = outcomeOf(QString::fromStdString(found->second)); outcome != Outcome::none)
            return outcome;
    }
    return Outcome::none;
}

/// The hue and its saturation at another lightness, which has that contrast.
QColor toned(const QColor& hue, const ThemeTokens& tokens, double contrast)
{
    float h = 0, s = 0, l = 0;
    hue.getHslF(&h, &s, &l);
    float low = 0, high = 1;
    for (int i = 0; i < 12; ++i) {
        const float middle = (low + high) / 2;
        const bool above = contrastRatio(QColor::fromHslF(h, s, middle), tokens.surface) > contrast;
        // On a dark ground what is lighter contrasts more, on a light one less.
        (above == tokens.dark ? high : low) = middle;
    }
    return QColor::fromHslF(h, s, tokens.dark ? high : low);
}

/// From p50 on each is lighter than the one before, as far apart as can be told at a glance, as long as all of them stand out from the
/// ground and are still of their hue. It is that of p99 on a light ground, and stands in the middle on a dark one.
QColor shade(const QColor& hue, std::size_t rank, std::size_t count, const ThemeTokens& tokens)
{
    constexpr double least = 3.1;
    // Beyond it a hue is nearly white, or black. Dark lines on white look more alike than bright ones on black.
    const double most = tokens.dark ? 10 : 12;
    const double apart = tokens.dark ? 1.5 : 1.6;
    if (count < 2)
        return hue;
    const auto steps = static_cast<double>(count - 1);
    const double ratio = std::min(apart, std::pow(most / least, 1 / steps));
    const double nearest = std::clamp(contrastRatio(hue, tokens.surface), least, most / std::pow(ratio, steps));
    const auto away = static_cast<double>(tokens.dark ? rank : count - 1 - rank);
    return toned(hue, tokens, nearest * std::pow(ratio, away));
}

std::vector<ChartSeries> percentileSeries(const query::Frame& frame, const Theme& theme, SeriesColors& colors)
{
    std::map<QString, std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i < frame.columns.size(); ++i)
        groups[identityOf(frame.columns[i].labels, false)].push_back(i);

    std::vector<ColorWanted> wanted;
    for (const auto& [identity, members] : groups) {
        if (!identity.isEmpty())
            wanted.push_back({identity, {identity, kindOf(frame.columns[members.front()].labels, false)}});
    }
    const auto hues = colors.colors(wanted, theme);
    auto next = hues.begin();
    std::vector<ChartSeries> result;
    for (auto& [identity, members] : groups) {
        std::stable_sort(members.begin(), members.end(), [&frame](std::size_t a, std::size_t b) {
            return quantileOf(frame.columns[a]) < quantileOf(frame.columns[b]);
        });
        // One thing alone needs no hue of its own.
        const QColor hue = identity.isEmpty() ? theme.tokens().series.front() : *next++;
        const std::size_t first = result.size();
        for (std::size_t rank = 0; rank < members.size(); ++rank) {
            const query::Column& column = frame.columns[members[rank]];
            ChartSeries series;
            series.name = QString::fromStdString(column.name);
            series.identity = identityOf(column.labels, true) + series.name;
            series.color = shade(hue, rank, members.size(), theme.tokens());
            series.width = rank == 0 ? 2 : 1.5;
            series.column = members[rank];
            series.bandFrom = rank > 0 && rank + 1 == members.size() ? first : result.size();
            result.push_back(std::move(series));
        }
    }
    return result;
}

/// By which a column is coloured: what a panel calls its query, where that tells the columns apart, so that one name has one
/// colour on neighbouring charts, whatever else the answers' labels say.
Hue hueOf(const query::Frame& frame, std::size_t index, const QString& identity)
{
    const auto name = [](const query::Column& column) {
        const auto found = column.labels.find("series");
        return found == column.labels.end() ? std::string() : found->second;
    };
    const auto own = name(frame.columns[index]);
    const auto alike = [&](const query::Column& column) { return name(column) == own; };
    if (own.empty() || std::count_if(frame.columns.begin(), frame.columns.end(), alike) != 1)
        return {identity, kindOf(frame.columns[index].labels, true)};
    return {QString::fromStdString(own), {}};
}

} // namespace

std::vector<ChartSeries> makeSeries(const query::Frame& frame, const Theme& theme, bool percentiles,
                                    SeriesColors& colors)
{
    if (percentiles)
        return percentileSeries(frame, theme, colors);
    std::vector<ChartSeries> result;
    std::vector<ColorWanted> wanted;
    for (std::size_t i = 0; i < frame.columns.size(); ++i) {
        const query::Column& column = frame.columns[i];
        ChartSeries series;
        series.name = QString::fromStdString(column.name);
        series.identity = column.labels.empty() ? series.name : identityOf(column.labels, true);
        series.column = i;
        series.bandFrom = i;
        wanted.push_back({series.identity, hueOf(frame, i, series.identity), outcomeOf(column)});
        result.push_back(std::move(series));
    }
    const auto given = colors.colors(wanted, theme);
    for (std::size_t i = 0; i < result.size(); ++i)
        result[i].color = given[i];
    return result;
}

} // namespace tokenscope::ui

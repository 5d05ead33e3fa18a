// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/chart_series.h"

#include "theme/color_math.h"
#include "theme/theme.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

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

double quantileOf(const query::Column& column)
{
    const auto found = column.labels.find(quantileLabel);
    return found == column.labels.end() ? 0 : QString::fromStdString(found->second).toDouble();
}

/// Hands out the colour of an identity, or the next free one where two of a chart would be alike.
class Colors {
public:
    explicit Colors(const Theme& theme) : m_theme(theme) {}

    QColor take(const QString& identity)
    {
        const auto& palette = m_theme.tokens().series;
        std::size_t slot = m_theme.seriesSlot(identity);
        if (m_taken.size() < palette.size()) {
            while (m_taken.contains(slot))
                slot = (slot + 1) % palette.size();
            m_taken.insert(slot);
        }
        return palette[slot];
    }

private:
    const Theme& m_theme;
    std::set<std::size_t> m_taken;
};

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
    constexpr double most = 10; ///< beyond it a hue is nearly white, or black
    constexpr double apart = 1.5;
    if (count < 2)
        return hue;
    const auto steps = static_cast<double>(count - 1);
    const double ratio = std::min(apart, std::pow(most / least, 1 / steps));
    const double nearest = std::clamp(contrastRatio(hue, tokens.surface), least, most / std::pow(ratio, steps));
    const auto away = static_cast<double>(tokens.dark ? rank : count - 1 - rank);
    return toned(hue, tokens, nearest * std::pow(ratio, away));
}

std::vector<ChartSeries> percentileSeries(const query::Frame& frame, const Theme& theme)
{
    std::map<QString, std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i < frame.columns.size(); ++i)
        groups[identityOf(frame.columns[i].labels, false)].push_back(i);

    Colors colors(theme);
    std::vector<ChartSeries> result;
    for (auto& [identity, members] : groups) {
        std::stable_sort(members.begin(), members.end(), [&frame](std::size_t a, std::size_t b) {
            return quantileOf(frame.columns[a]) < quantileOf(frame.columns[b]);
        });
        // One thing alone needs no hue of its own.
        const QColor hue = identity.isEmpty() ? theme.tokens().series.front() : colors.take(identity);
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
QString hueOf(const query::Frame& frame, std::size_t index, const QString& identity)
{
    const auto name = [](const query::Column& column) {
        const auto found = column.labels.find("series");
        return found == column.labels.end() ? std::string() : found->second;
    };
    const auto own = name(frame.columns[index]);
    const auto alike = [&](const query::Column& column) { return name(column) == own; };
    if (own.empty() || std::count_if(frame.columns.begin(), frame.columns.end(), alike) != 1)
        return identity;
    return QString::fromStdString(own);
}

} // namespace

std::vector<ChartSeries> makeSeries(const query::Frame& frame, const Theme& theme, bool percentiles)
{
    if (percentiles)
        return percentileSeries(frame, theme);
    Colors colors(theme);
    std::vector<ChartSeries> result;
    for (std::size_t i = 0; i < frame.columns.size(); ++i) {
        const query::Column& column = frame.columns[i];
        ChartSeries series;
        series.name = QString::fromStdString(column.name);
        series.identity = column.labels.empty() ? series.name : identityOf(column.labels, true);
        series.color = colors.take(hueOf(frame, i, series.identity));
        series.column = i;
        series.bandFrom = i;
        result.push_back(std::move(series));
    }
    return result;
}

} // namespace tokenscope::ui

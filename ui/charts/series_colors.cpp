// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/series_colors.h"

#include "theme/color_math.h"
#include "theme/theme.h"

#include <algorithm>
#include <utility>

namespace tokenscope::ui {

namespace {

std::size_t placeOf(Outcome outcome)
{
    return static_cast<std::size_t>(outcome);
}

std::size_t nearestOf(const std::vector<QColor>& palette, const QColor& color)
{
    const auto distance = [&color](const QColor& other) {
        const int red = color.red() - other.red();
        const int green = color.green() - other.green();
        const int blue = color.blue() - other.blue();
        return red * red + green * green + blue * blue;
    };
    return static_cast<std::size_t>(std::ranges::min_element(palette, {}, distance) - palette.begin());
}

} // namespace

std::vector<QColor> SeriesColors::colors(const std::vector<ColorWanted>& all, const Theme& theme)
{
    auto before = std::exchange(m_shown, {});
    std::vector<std::optional<Slot>> chosen(all.size());
    Taken taken;
    const auto give = [&](std::size_t i, Slot slot) {
        chosen[i] = slot;
        taken[placeOf(slot.outcome)].insert(slot.index);
    };
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto kept = before.find(all[i].identity);
        if (kept == before.end())
            continue;
        give(i, kept->second);
        before.erase(kept);
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (const auto slot = chosen[i] ? std::nullopt : outcomeSlot(all[i].outcome, taken))
            give(i, *slot);
    }
    const auto& tokens = theme.tokens();
    // Beside what failed or succeeded nothing that is new is red or green.
    if (!taken[placeOf(Outcome::bad)].empty() || !taken[placeOf(Outcome::good)].empty())
        taken[placeOf(Outcome::none)].insert(
            {nearestOf(tokens.series, tokens.bad), nearestOf(tokens.series, tokens.good)});
    std::vector<std::size_t> rest;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!chosen[i])
            rest.push_back(i);
    }
    // What has a colour in other charts comes before what is new. That goes by name: answers come in any order.
    std::ranges::stable_sort(rest, {}, [&](std::size_t i) {
        return std::pair(!theme.seriesPlaces().knows(all[i].hue), all[i].hue.identity);
    });
    for (const auto i : rest)
        give(i, hueSlot(all[i].hue, theme, taken));
    std::vector<QColor> result;
    for (std::size_t i = 0; i < all.size(); ++i) {
        m_shown.emplace(all[i].identity, *chosen[i]);
        result.push_back(color(*chosen[i], tokens));
    }
    return result;
}

/// Red is what failed, green what did not. Of several that failed each is nearer to the text.
std::optional<SeriesColors::Slot> SeriesColors::outcomeSlot(Outcome outcome, const Taken& taken)
{
    constexpr std::size_t most = 3; // more could not be told apart
    if (outcome == Outcome::none)
        return std::nullopt;
    std::size_t index = 0;
    while (taken[placeOf(outcome)].contains(index))
        ++index;
    return index < most ? std::optional(Slot{outcome, index}) : std::nullopt;
}

/// The colour of the hue, or the next free one where two of a chart would be alike.
SeriesColors::Slot SeriesColors::hueSlot(const Hue& hue, const Theme& theme, const Taken& taken)
{
    const auto& places = taken[placeOf(Outcome::none)];
    const auto count = theme.tokens().series.size();
    std::size_t index = theme.seriesPlaces().placeOf(hue, theme.seriesSlot(hue.identity), count, places);
    while (places.size() < count && places.contains(index))
        index = (index + 1) % count;
    return {Outcome::none, index};
}

QColor SeriesColors::color(Slot slot, const ThemeTokens& tokens)
{
    if (slot.outcome == Outcome::none)
        return tokens.series[slot.index];
    return mixed(slot.outcome == Outcome::bad ? tokens.bad : tokens.good, tokens.text,
                 0.3 * static_cast<double>(slot.index));
}

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/series_places.h"

#include <QColor>
#include <QString>

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace tokenscope::ui {

struct ThemeTokens;
class Theme;

/// How it went with what a series counts.
enum class Outcome { none, good, bad };

/// One of a chart that wants a colour.
struct ColorWanted {
    QString identity; ///< by which it is known again
    Hue hue;          ///< has one colour in all charts, unless two of a chart would be alike
    Outcome outcome = Outcome::none;
};

/// The colours of one chart's series. What is shown keeps its colour while others come and go: they get that of their hue, or what is
/// free.
class SeriesColors {
public:
    /// Parallel to `all`, which is everything that the chart shows from now on.
    std::vector<QColor> colors(const std::vector<ColorWanted>& all, const Theme& theme);

private:
    /// A place in the palette, or the how manieth of those that went that way.
    struct Slot {
        Outcome outcome = Outcome::none;
        std::size_t index = 0;
    };
    using Taken = std::array<std::set<std::size_t>, 3>; ///< by the outcome

    static std::optional<Slot> outcomeSlot(Outcome outcome, const Taken& taken);
    static Slot hueSlot(const Hue& hue, const Theme& theme, const Taken& taken);
    static QColor color(Slot slot, const ThemeTokens& tokens);

    std::multimap<QString, Slot> m_shown; ///< by the identity
};

} // namespace tokenscope::ui

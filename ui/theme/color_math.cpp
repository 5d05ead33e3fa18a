// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/color_math.h"

#include <algorithm>
#include <cmath>

namespace tokenscope::ui {
namespace {

double relativeLuminance(const QColor& color)
{
    const auto linear = [](double channel) {
        return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

} // namespace

QColor mixed(const QColor& base, const QColor& other, double share)
{
    const auto channel = [share](int a, int b) { return static_cast<int>(std::lround(a + (b - a) * share)); };
    return QColor(channel(base.red(), other.red()), channel(base.green(), other.green()),
                  channel(base.blue(), other.blue()));
}

double contrastRatio(const QColor& a, const QColor& b)
{
    const auto [darker, lighter] = std::minmax({relativeLuminance(a), relativeLuminance(b)});
    return (lighter + 0.05) / (darker + 0.05);
}

QColor faded(const QColor& color, const QColor& surface, double share, double minimumContrast)
{
    for (; share > 0; share -= 0.02) {
        const QColor candidate = mixed(color, surface, share);
        if (contrastRatio(candidate, surface) >= minimumContrast)
            return candidate;
    }
    return color;
}

} // namespace tokenscope::ui

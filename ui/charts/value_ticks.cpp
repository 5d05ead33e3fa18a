// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/value_ticks.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace tokenscope::ui {
namespace {

constexpr int mostDecimals = 6; ///< beyond them: 2.5e-09

struct Scale {
    double factor = 1;
    QString suffix; ///< with its space, if it has one
};

double decimalStep(double raw)
{
    const double power = std::pow(10, std::floor(std::log10(raw)));
    for (const double mantissa : {1.0, 2.0, 2.5, 5.0}) {
        if (mantissa * power >= raw * (1 - 1e-9))
            return mantissa * power;
    }
    return 10 * power;
}

/// Of what is counted: there is no half of a request.
double countStep(double raw)
{
    const double step = decimalStep(raw);
    return step == 2.5 ? 5 : step;
}

double secondsStep(double raw)
{
    if (raw <= 10)
        return decimalStep(raw);
    for (const double step : {15., 30., 60., 120., 300., 600., 900., 1800., 3600., 7200., 10800., 21600., 43200.}) {
        if (step >= raw)
            return step;
    }
    return decimalStep(raw / 86400) * 86400;
}

double stepFor(double raw, Unit unit)
{
    switch (unit) {
    case Unit::seconds: return secondsStep(raw);
    case Unit::bytesPerSecond:
    case Unit::bytes: return std::max(1.0, std::exp2(std::ceil(std::log2(raw) - 1e-9)));
    case Unit::tokens: return std::max(1.0, countStep(raw));
    case Unit::none: return countStep(raw);
    default: return decimalStep(raw);
    }
}

Scale secondsScale(double size, double step)
{
    if (step >= 86400)
        return {86400, QStringLiteral(" d")};
    if (step >= 3600)
        return {3600, QStringLiteral(" h")};
    if (step >= 60)
        return {60, QStringLiteral(" min")};
    if (size >= 1)
        return {1, QStringLiteral(" s")};
    if (size >= 1e-3)
        return {1e-3, QStringLiteral(" ms")};
    if (size >= 1e-6)
        return {1e-6, QStringLiteral(" µs")};
    return {1e-9, QStringLiteral(" ns")};
}

Scale bytesScale(double size)
{
    static const std::array<const char*, 7> units{" B", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB"};
    std::size_t at = 0;
    double factor = 1;
    for (; at + 1 < units.size() && size >= factor * 1024; ++at)
        factor *= 1024;
    return {factor, QLatin1String(units[at])};
}

Scale countScale(double size)
{
    if (size >= 1e12)
        return {1e12, QStringLiteral("T")};
    if (size >= 1e9)
        return {1e9, QStringLiteral("G")};
    if (size >= 1e6)
        return {1e6, QStringLiteral("M")};
    if (size >= 1e4)
        return {1e3, QStringLiteral("k")};
    return {};
}

Scale scaleFor(double size, double step, Unit unit)
{
    switch (unit) {
    case Unit::seconds: return secondsScale(size, step);
    case Unit::bytes: return bytesScale(size);
    case Unit::bytesPerSecond: {
        auto scale = bytesScale(size);
        scale.suffix += QStringLiteral("/s");
        return scale;
    }
    case Unit::celsius: return {1, QStringLiteral(" °C")};
    case Unit::watts: return {1, QStringLiteral(" W")};
    case Unit::percent: return {1, QStringLiteral(" %")};
    default: return countScale(size);
    }
}

int decimalsOf(double step)
{
    int decimals = 0;
    for (; decimals <= mostDecimals && std::abs(step - std::round(step)) > 1e-6 * step; ++decimals)
        step *= 10;
    return decimals;
}

QString labelOf(double value, const Scale& scale, int decimals)
{
    if (value == 0)
        return QStringLiteral("0");
    const double scaled = value / scale.factor;
    if (std::abs(scaled) >= 1e6 || decimals > mostDecimals)
        return QString::number(scaled, 'g', 3) + scale.suffix;
    const bool plain = decimals == 0 && std::abs(scaled) < 9999.5;
    return (plain ? formatValue(std::round(scaled), Unit::none).number : QString::number(scaled, 'f', decimals))
           + scale.suffix;
}

} // namespace

ValueTicks valueTicks(double low, double high, int intervals, Unit unit, AxisEnd end)
{
    // Far from where doubles end, so that no step or sum of them is infinite or nothing.
    low = std::clamp(low, -1e300, 1e300);
    high = std::clamp(high, -1e300, 1e300);
    if (!(high - low > 1e-290)) {
        low = 0;
        high = 1;
    }
    const double step = stepFor((high - low) / std::max(1, intervals), unit);
    // Rounding noise must not add a step: 0.3 is three steps of 0.1, not four.
    const double first = std::floor(low / step + 1e-6);
    const double last =
        end == AxisEnd::exact ? std::floor(high / step + 1e-6) : std::max(first + 1, std::ceil(high / step - 1e-6));

    ValueTicks result;
    result.minimum = first * step;
    result.maximum = end == AxisEnd::exact ? high : last * step;
    const double size = std::max(std::abs(result.minimum), std::abs(result.maximum));
    const Scale scale = scaleFor(size, step, unit);
    const int decimals = decimalsOf(step / scale.factor);
    const int count = static_cast<int>(last - first);
    for (int i = 0; i <= count; ++i) {
        const double value = (first + i) * step;
        result.ticks.push_back({value, labelOf(value, scale, decimals)});
    }
    return result;
}

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "format/format.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace tokenscope::ui {
namespace {

/// Always a point and no grouping, whatever the locale: numbers are compared and copied.
QString fixed(double value, int decimals)
{
    return QString::number(value, 'f', decimals);
}

/// Three significant digits from 0.1 up; two below, so that a small number is not a zero.
QString threeDigits(double value)
{
    const double size = std::abs(value);
    if (size == 0)
        return QStringLiteral("0");
    if (size < 0.0995) {
        const int decimals = 1 - static_cast<int>(std::floor(std::log10(size)));
        return decimals > 6 ? QString::number(value, 'e', 1) : fixed(value, decimals);
    }
    return fixed(value, size < 9.995 ? 2 : size < 99.95 ? 1 : 0);
}

QString grouped(double integer)
{
    QString digits = fixed(std::abs(integer), 0);
    for (auto at = digits.size() - 3; at > 0; at -= 3)
        digits.insert(at, QLatin1Char(','));
    return integer < 0 ? QLatin1Char('-') + digits : digits;
}

/// 12.3k, 4.0M: for numbers whose rounded size is `from` (1000 or 10,000) or more; others by `small`.
template <class Small>
QString scaled(double value, double from, Small small)
{
    if (std::abs(value) < from)
        return small(value);
    static constexpr std::array<char, 4> letters{'k', 'M', 'G', 'T'};
    double rest = value / 1000;
    std::size_t at = 0;
    // 999.5 would be written as 1000: it is 1.0 of the next.
    for (; at + 1 < letters.size() && std::abs(rest) >= 999.5; ++at)
        rest /= 1000;
    if (std::abs(rest) >= 999.5)
        return QString::number(value, 'e', 1);
    return fixed(rest, std::abs(rest) < 99.95 ? 1 : 0) + QLatin1Char(letters[at]);
}

FormattedValue formatCount(double value, const QString& unit)
{
    return {scaled(value, 9999.5,
                   [](double v) {
                       const bool whole = std::abs(v) >= 999.5 || v == std::floor(v);
                       return whole ? grouped(std::round(v)) : threeDigits(v);
                   }),
            unit};
}

FormattedValue formatRate(double value, const QString& unit)
{
    return {scaled(value, 999.5, threeDigits), unit};
}

FormattedValue formatPercent(double value)
{
    const QString unit = QStringLiteral("%");
    const double size = std::abs(value);
    if (size == 0)
        return {QStringLiteral("0"), unit};
    if (size < 0.005)
        return {value < 0 ? QStringLiteral("-0.01") : QStringLiteral("<0.01"), unit};
    if (size < 0.095)
        return {fixed(value, 2), unit};
    if (size < 9.95)
        return {fixed(value, 1), unit};
    if (size > 99 && size < 100) // never call a hundred what is not
        return {fixed(std::copysign(std::min(size, 99.9), value), 1), unit};
    return {scaled(value, 9999.5, [](double v) { return fixed(v, 0); }), unit};
}

FormattedValue formatBytes(double value)
{
    static const std::array<const char*, 7> units{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    std::size_t at = 0;
    for (; at + 1 < units.size() && std::abs(value) >= 1023.5; ++at)
        value /= 1024;
    const QString number = at == 0 ? fixed(std::round(value) + 0.0, 0) : threeDigits(value);
    return {std::abs(value) >= 99999.5 ? QString::number(value, 'e', 1) : number, QLatin1String(units[at])};
}

/// "2 m 05" and "s": the last unit stays apart, as with every other value.
FormattedValue twoPart(double value, double smallerPerBigger, const char* bigger, const char* smaller)
{
    const double whole = std::round(std::abs(value));
    const double big = std::floor(whole / smallerPerBigger);
    const double small = whole - big * smallerPerBigger;
    const QString number = fixed(std::copysign(big, value), 0) + QLatin1Char(' ') + QLatin1String(bigger)
                           + QLatin1Char(' ') + fixed(small, 0).rightJustified(2, QLatin1Char('0'));
    return {number, QLatin1String(smaller)};
}

FormattedValue formatSeconds(double value)
{
    const double size = std::abs(value);
    if (size == 0)
        return {QStringLiteral("0"), QStringLiteral("ms")};
    if (size < 999.5e-9)
        return {threeDigits(value * 1e9), QStringLiteral("ns")};
    if (size < 999.5e-6)
        return {threeDigits(value * 1e6), QStringLiteral("µs")};
    if (size < 999.5e-3)
        return {threeDigits(value * 1e3), QStringLiteral("ms")};
    if (size < 59.95)
        return {threeDigits(value), QStringLiteral("s")};
    if (size < 3599.5)
        return twoPart(value, 60, "m", "s");
    if (size < 86400 - 30)
        return twoPart(value / 60, 60, "h", "m");
    if (size < 86400 * 999.0)
        return twoPart(value / 3600, 24, "d", "h");
    return {scaled(value / 86400, 999.5, [](double v) { return fixed(v, 0); }), QStringLiteral("d")};
}

/// As prices are written; what costs less than a cent keeps its digits.
FormattedValue formatDollars(double value)
{
    const double size = std::abs(value);
    const QString number = size == 0 || (size >= 0.995 && size < 999.5)
                               ? fixed(size, 2)
                               : scaled(size, 999.5, [](double v) { return threeDigits(v); });
    return {(value < 0 ? QStringLiteral("-$") : QStringLiteral("$")) + number, {}};
}

QString unitName(Unit unit)
{
    switch (unit) {
    case Unit::none: return {};
    case Unit::seconds: return QStringLiteral("s");
    case Unit::percent: return QStringLiteral("%");
    case Unit::bytes: return QStringLiteral("B");
    case Unit::requestsPerSecond: return QStringLiteral("req/s");
    case Unit::tokensPerSecond: return QStringLiteral("tok/s");
    case Unit::tokens: return QStringLiteral("tok");
    case Unit::perSecond: return QStringLiteral("/s");
    case Unit::bytesPerSecond: return QStringLiteral("B/s");
    case Unit::celsius: return QStringLiteral("°C");
    case Unit::watts: return QStringLiteral("W");
    case Unit::hertz: return QStringLiteral("Hz");
    case Unit::dollars: return QStringLiteral("$");
    }
    return {};
}

} // namespace

QString FormattedValue::joined() const
{
    return unit.isEmpty() ? number : number + QLatin1Char(' ') + unit;
}

FormattedValue formatValue(std::optional<double> value, Unit unit)
{
    if (!value || std::isnan(*value))
        return {QStringLiteral("–"), {}};
    if (std::isinf(*value))
        return {*value < 0 ? QStringLiteral("-Inf") : QStringLiteral("+Inf"), unitName(unit)};
    switch (unit) {
    case Unit::seconds: return formatSeconds(*value);
    case Unit::percent: return formatPercent(*value);
    case Unit::bytes: return formatBytes(*value);
    case Unit::bytesPerSecond: {
        auto shown = formatBytes(*value);
        shown.unit += QStringLiteral("/s");
        return shown;
    }
    case Unit::dollars: return formatDollars(*value);
    case Unit::requestsPerSecond:
    case Unit::perSecond:
    case Unit::celsius:
    case Unit::watts:
    case Unit::hertz:
    case Unit::tokensPerSecond: return formatRate(*value, unitName(unit));
    case Unit::none:
    case Unit::tokens: return formatCount(*value, unitName(unit));
    }
    return {};
}

QString formatRound(std::optional<double> value, Unit unit)
{
    if (unit == Unit::seconds && value && std::isfinite(*value)) {
        static constexpr std::array<std::pair<int, const char*>, 3> wholes{{{86400, "d"}, {3600, "h"}, {60, "min"}}};
        const double size = std::abs(*value);
        for (const auto& [seconds, name] : wholes) {
            if (size >= seconds && size < 999.0 * seconds && std::fmod(size, seconds) == 0)
                return fixed(*value / seconds, 0) + QLatin1Char(' ') + QLatin1String(name);
        }
    }
    auto shown = formatValue(value, unit);
    const auto point = shown.number.indexOf(QLatin1Char('.'));
    if (unit == Unit::dollars || point < 0) // prices keep their cents
        return shown.joined();
    auto end = point + 1;
    while (end < shown.number.size() && shown.number[end].isDigit())
        ++end;
    auto kept = end;
    while (shown.number[kept - 1] == QLatin1Char('0'))
        --kept;
    kept -= kept - 1 == point ? 1 : 0;
    shown.number.remove(kept, end - kept);
    return shown.joined();
}

QString formatTime(std::int64_t msSinceEpoch, std::int64_t rangeMs)
{
    constexpr std::int64_t hour = 3'600'000;
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(msSinceEpoch);
    const QString pattern = rangeMs <= hour        ? QStringLiteral("HH:mm:ss")
                            : rangeMs <= 24 * hour ? QStringLiteral("HH:mm")
                                                   : QStringLiteral("d MMM HH:mm");
    return QLocale::c().toString(time, pattern);
}

} // namespace tokenscope::ui

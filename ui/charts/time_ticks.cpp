// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/time_ticks.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <array>

namespace tokenscope::ui {
namespace {

constexpr std::int64_t second = 1000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;

constexpr std::array<std::int64_t, 29> steps{second,    2 * second, 5 * second, 10 * second, 15 * second, 30 * second,
                                             minute,    2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute,
                                             hour,      2 * hour,   3 * hour,   6 * hour,    12 * hour,   day,
                                             2 * day,   7 * day,    14 * day,   28 * day,    56 * day,    112 * day,
                                             224 * day, 364 * day,  728 * day,  3640 * day,  36400 * day};

QString dateLabel(const QDate& date)
{
    return QLocale::c().toString(date, QStringLiteral("d MMM"));
}

TimeTick clockTick(std::int64_t ms, std::int64_t step)
{
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(ms);
    if (time.time().msecsSinceStartOfDay() == 0)
        return {ms, dateLabel(time.date())};
    return {ms, time.toString(step < minute ? QStringLiteral("HH:mm:ss") : QStringLiteral("HH:mm"))};
}

/// Steps below an hour: the zone's offset is the same within one, so arithmetic will do.
std::vector<TimeTick> shortTicks(std::int64_t from, std::int64_t to, std::int64_t step)
{
    const std::int64_t offset = QDateTime::fromMSecsSinceEpoch(from).offsetFromUtc() * second;
    std::int64_t local = (from + offset) / step * step;
    if (local < from + offset)
        local += step;
    std::vector<TimeTick> ticks;
    for (; local - offset <= to; local += step)
        ticks.push_back(clockTick(local - offset, step));
    return ticks;
}

/// Hours of the wall clock, day by day; an hour that a day does not have is left out.
std::vector<TimeTick> hourTicks(std::int64_t from, std::int64_t to, std::int64_t step)
{
    std::vector<TimeTick> ticks;
    const QDate last = QDateTime::fromMSecsSinceEpoch(to).date();
    for (QDate date = QDateTime::fromMSecsSinceEpoch(from).date(); date <= last; date = date.addDays(1)) {
        for (int h = 0; h < 24; h += static_cast<int>(step / hour)) {
            const QDateTime time = h == 0 ? date.startOfDay() : QDateTime(date, QTime(h, 0));
            const std::int64_t ms = time.toMSecsSinceEpoch();
            if (!time.isValid() || time.date() != date || (h > 0 && time.time() != QTime(h, 0)))
                continue;
            if (ms >= from && ms <= to)
                ticks.push_back(h == 0 ? TimeTick{ms, dateLabel(date)} : clockTick(ms, step));
        }
    }
    return ticks;
}

/// Midnights, counted from a fixed day so that a moving range keeps its ticks.
std::vector<TimeTick> dayTicks(std::int64_t from, std::int64_t to, std::int64_t step)
{
    const std::int64_t days = step / day;
    QDate date = QDateTime::fromMSecsSinceEpoch(from).date();
    date = date.addDays(-(date.toJulianDay() % days));
    std::vector<TimeTick> ticks;
    for (;; date = date.addDays(days)) {
        const std::int64_t ms = date.startOfDay().toMSecsSinceEpoch();
        if (!date.isValid() || ms > to)
            return ticks;
        if (ms >= from)
            ticks.push_back({ms, dateLabel(date)});
    }
}

} // namespace

std::vector<TimeTick> timeTicks(std::int64_t fromMs, std::int64_t toMs, int maximumCount, std::int64_t nowMs)
{
    // Times before 1970 are not ours; the upper bound keeps the arithmetic far from overflow.
    if (fromMs < 0 || toMs <= fromMs || toMs > 36400 * day * 20)
        return {};
    const std::int64_t range = toMs - fromMs;
    const auto fits = [&](std::int64_t step) { return range / step <= std::max(1, maximumCount); };
    const auto found = std::find_if(steps.begin(), steps.end(), fits);
    if (found == steps.end())
        return {};
    if (*found >= day)
        return dayTicks(fromMs, toMs, *found);

    std::vector<TimeTick> ticks = *found < hour ? shortTicks(fromMs, toMs, *found) : hourTicks(fromMs, toMs, *found);
    const QDate lastDay = QDateTime::fromMSecsSinceEpoch(toMs).date();
    const bool hasDate = std::any_of(ticks.begin(), ticks.end(),
                                     [](const TimeTick& tick) { return !tick.label.contains(QLatin1Char(':')); });
    if (!ticks.empty() && !hasDate && lastDay != QDateTime::fromMSecsSinceEpoch(nowMs).date()) {
        const QDate firstDay = QDateTime::fromMSecsSinceEpoch(ticks.front().ms).date();
        ticks.front().label.prepend(dateLabel(firstDay) + QLatin1Char(' '));
    }
    return ticks;
}

} // namespace tokenscope::ui

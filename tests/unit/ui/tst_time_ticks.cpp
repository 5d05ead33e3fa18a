// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/time_ticks.h"

#include <QDateTime>
#include <QTimeZone>
#include <QtTest>

#include <cstdlib>
#include <ctime>

using namespace tokenscope::ui;

namespace {

constexpr std::int64_t minute = 60'000;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;

void setZone(const char* name)
{
    qputenv("TZ", name);
    tzset();
}

std::int64_t local(int year, int month, int dayOfMonth, int h = 0, int m = 0, int s = 0)
{
    return QDateTime(QDate(year, month, dayOfMonth), QTime(h, m, s)).toMSecsSinceEpoch();
}

QString labels(const std::vector<TimeTick>& ticks)
{
    QStringList all;
    for (const TimeTick& tick : ticks)
        all << tick.label;
    return all.join(QLatin1Char('|'));
}

} // namespace

class TestTimeTicks : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { setZone("UTC"); }
    void cleanup() { setZone("UTC"); }
    void tenSeconds();
    void anHour();
    void midnightIsADate();
    void anotherDayIsNamed();
    void thirtyDays();
    void halfHourZone();
    void daysOf23And25Hours();
    void anySpanIsSane();
    void nonsenseHasNoTicks();
    void aMovingRangeKeepsItsTicks();
};

void TestTimeTicks::tenSeconds()
{
    const auto from = local(2026, 5, 4, 14, 5, 29) + 500;
    QCOMPARE(labels(timeTicks(from, from + 10'000, 5, from)),
             QStringLiteral("14:05:30|14:05:32|14:05:34|14:05:36|14:05:38"));
}

void TestTimeTicks::anHour()
{
    const auto from = local(2026, 5, 4, 14, 5);
    QCOMPARE(labels(timeTicks(from, from + hour, 4, from)), QStringLiteral("14:15|14:30|14:45|15:00"));
}

void TestTimeTicks::midnightIsADate()
{
    const auto from = local(2026, 5, 4, 22);
    QCOMPARE(labels(timeTicks(from, from + 4 * hour, 4, from)), QStringLiteral("22:00|23:00|5 May|01:00|02:00"));
}

void TestTimeTicks::anotherDayIsNamed()
{
    const auto from = local(2026, 5, 4, 14, 5);
    QCOMPARE(labels(timeTicks(from, from + hour, 4, from + 3 * day)), QStringLiteral("4 May 14:15|14:30|14:45|15:00"));
}

void TestTimeTicks::thirtyDays()
{
    const auto from = local(2026, 4, 10, 9);
    const auto ticks = timeTicks(from, from + 30 * day, 6, from + 30 * day);
    QCOMPARE(ticks.size(), std::size_t(4));
    for (const TimeTick& tick : ticks)
        QCOMPARE(QDateTime::fromMSecsSinceEpoch(tick.ms).time(), QTime(0, 0));
}

void TestTimeTicks::halfHourZone()
{
    setZone("Asia/Kolkata");
    const auto from = local(2026, 5, 4, 14, 5);
    QCOMPARE(labels(timeTicks(from, from + 2 * hour, 4, from)), QStringLiteral("14:30|15:00|15:30|16:00"));
    QCOMPARE(labels(timeTicks(from, from + 12 * hour, 4, from)), QStringLiteral("15:00|18:00|21:00|5 May"));
}

void TestTimeTicks::daysOf23And25Hours()
{
    setZone("Europe/Berlin");
    const auto spring = local(2026, 3, 29);
    QCOMPARE(labels(timeTicks(spring, spring + 6 * hour, 6, spring)),
             QStringLiteral("29 Mar|01:00|03:00|04:00|05:00|06:00|07:00"));
    const auto autumn = local(2026, 10, 24);
    const auto days = timeTicks(autumn, autumn + 4 * day, 4, autumn);
    QCOMPARE(labels(days), QStringLiteral("24 Oct|25 Oct|26 Oct|27 Oct"));
    QCOMPARE(days[2].ms - days[1].ms, 25 * hour);
}

void TestTimeTicks::anySpanIsSane()
{
    setZone("America/New_York");
    const auto from = local(2026, 3, 1, 13, 37, 11) + 123;
    for (std::int64_t span = 10'000; span < 40 * day; span = span * 5 / 4) {
        for (const int count : {1, 3, 7}) {
            const auto ticks = timeTicks(from, from + span, count, from);
            QVERIFY2(ticks.size() <= static_cast<std::size_t>(count) + 2, qPrintable(QString::number(span)));
            for (std::size_t i = 0; i < ticks.size(); ++i) {
                QVERIFY(ticks[i].ms >= from && ticks[i].ms <= from + span);
                QVERIFY(i == 0 || ticks[i].ms > ticks[i - 1].ms);
                QVERIFY(!ticks[i].label.isEmpty());
            }
        }
    }
}

void TestTimeTicks::nonsenseHasNoTicks()
{
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    QVERIFY(timeTicks(5000, 5000, 5, 0).empty());
    QVERIFY(timeTicks(9000, 5000, 5, 0).empty());
    QVERIFY(timeTicks(-most, most, 5, 0).empty());
    QVERIFY(timeTicks(0, most, 5, 0).empty());
    QVERIFY(timeTicks(0, 60'000, -3, 0).size() <= 2);
}

void TestTimeTicks::aMovingRangeKeepsItsTicks()
{
    const auto from = local(2026, 4, 10, 9);
    for (const std::int64_t span : {5 * minute, 6 * hour, 20 * day}) {
        const auto before = timeTicks(from, from + span, 6, from);
        const auto after = timeTicks(from + span / 50, from + span + span / 50, 6, from);
        QCOMPARE(before.back().ms, std::find_if(after.begin(), after.end(), [&](const TimeTick& tick) {
                                       return tick.ms == before.back().ms;
                                   })->ms);
    }
}

QTEST_GUILESS_MAIN(TestTimeTicks)
#include "tst_time_ticks.moc"

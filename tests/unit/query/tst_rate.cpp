// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/rate.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace tokenscope::query;

namespace {
constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();
using Points = std::vector<Point>;
} // namespace

Q_DECLARE_METATYPE(Points)

/// The expected numbers are worked out by hand from the documented rules; times in ms, the window is [0, 60 s].
class TestRate : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void increase_data();
    void increase();
    void windowEndsAreIncluded();
    void resetsOutsideTheWindowDoNotCount();
};

void TestRate::increase_data()
{
    QTest::addColumn<Points>("points");
    QTest::addColumn<double>("expected"); // NaN: no value
    QTest::newRow("no point") << Points{} << nan_value;
    QTest::newRow("one point") << Points{{30'000, 5}} << nan_value;
    QTest::newRow("covers the window") << Points{{0, 100}, {30'000, 110}, {60'000, 130}} << 30.0;
    QTest::newRow("flat") << Points{{0, 7}, {60'000, 7}} << 0.0;
    // 30 s between samples, 15 s missing on both sides: both below 33 s, so extrapolated to the full 60 s.
    QTest::newRow("near both ends") << Points{{15'000, 100}, {45'000, 110}} << 20.0;
    // 10 s between samples; 20 s and 20 s missing: further than 11 s, so half an interval on each side: 20 s -> 30 s.
    QTest::newRow("far from both ends") << Points{{20'000, 100}, {30'000, 104}, {40'000, 110}} << 15.0;
    // Exactly 1.1 intervals (11 s) away is already too far: 10 + 5 to the start; at the end 39 s too far: + 5.
    QTest::newRow("exactly the threshold") << Points{{11'000, 100}, {21'000, 110}} << 20.0;
    // Just below: 10 s + 10.9 s + 5 s over 10 s.
    QTest::newRow("just below the threshold") << Points{{10'900, 100}, {20'900, 110}} << 25.9;
    // Was 0 at 4 s before the first sample (2 / 10 * 20 s), so not extrapolated to before that: 20 + 4 + 20 over 20.
    QTest::newRow("not below zero") << Points{{20'000, 2}, {40'000, 12}} << 22.0;
    QTest::newRow("starts at zero") << Points{{20'000, 0}, {40'000, 10}} << 20.0;
    // A negative "counter" is not clamped: 20 s before the start is below 22 s.
    QTest::newRow("negative start") << Points{{20'000, -5}, {40'000, 5}} << 30.0;
    // 10 -> 20, reset, 5 -> 15: 15 - 10 + 20 = 25 over the whole window; zero is 60 * 10 / 25 s away.
    QTest::newRow("one reset") << Points{{0, 10}, {20'000, 20}, {40'000, 5}, {60'000, 15}} << 25.0;
    QTest::newRow("two resets") << Points{{0, 10}, {20'000, 3}, {40'000, 1}, {60'000, 2}} << 5.0;
    QTest::newRow("reset to zero at the end") << Points{{0, 10}, {60'000, 0}} << 0.0;
    QTest::newRow("staleness marker is ignored") << Points{{0, 100}, {30'000, stale_marker()}, {60'000, 130}} << 30.0;
    QTest::newRow("one point and a staleness marker") << Points{{0, 100}, {30'000, stale_marker()}} << nan_value;
    QTest::newRow("reset across a staleness marker")
        << Points{{0, 100}, {30'000, stale_marker()}, {60'000, 30}} << 30.0;
    QTest::newRow("outside the window") << Points{{-1, 1}, {60'001, 2}} << nan_value;
}

void TestRate::increase()
{
    QFETCH(Points, points);
    QFETCH(double, expected);
    const auto result = CounterSeries(points).increase(0, 60'000);
    QCOMPARE(result.has_value(), !std::isnan(expected));
    if (result)
        QVERIFY2(std::abs(*result - expected) <= 1e-12 * std::abs(expected),
                 qPrintable(QString::number(*result, 'g', 17)));
}

void TestRate::windowEndsAreIncluded()
{
    const CounterSeries counter({{1'000, 1'000}, {2'000, 1'001}});
    QCOMPARE(counter.increase(1'000, 2'000), std::optional(1.0));
    QVERIFY(!counter.increase(1'001, 2'000));
    QVERIFY(!counter.increase(1'000, 1'999));
    // NaN among the samples is a value, and the growth is then unknown rather than absent.
    const CounterSeries broken({{0, 1}, {1'000, nan_value}});
    QVERIFY(broken.increase(0, 1'000) && std::isnan(*broken.increase(0, 1'000)));
}

void TestRate::resetsOutsideTheWindowDoNotCount()
{
    // Resets at 10 s (from 50) and 40 s (from 9); a window that begins on a reset's point does not see that reset.
    const CounterSeries counter({{0, 50}, {10'000, 1'001}, {20'000, 1'005}, {30'000, 1'009}, {40'000, 2}});
    const CounterSeries reset({{0, 50}, {10'000, 5}, {20'000, 7}, {30'000, 9}, {40'000, 2}});
    QCOMPARE(reset.increase(10'000, 30'000), std::optional(4.0));
    QCOMPARE(reset.increase(0, 30'000), std::optional(9.0));
    QCOMPARE(reset.increase(10'000, 40'000), std::optional(6.0));
    QCOMPARE(counter.increase(10'000, 30'000), std::optional(8.0));
}

QTEST_APPLESS_MAIN(TestRate)
#include "tst_rate.moc"

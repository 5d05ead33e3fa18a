// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/value_ticks.h"

#include <QtTest>

#include <cmath>
#include <limits>

using namespace tokenscope::ui;

class TestValueTicks : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void labels_data();
    void labels();
    void exactEndStays();
    void coversTheData();
    void nonsenseHasAnAxis();
};

void TestValueTicks::labels_data()
{
    QTest::addColumn<double>("high");
    QTest::addColumn<Unit>("unit");
    QTest::addColumn<QString>("expected");
    QTest::newRow("seconds") << 1.42 << Unit::seconds << QStringLiteral("0|0.5 s|1.0 s|1.5 s");
    QTest::newRow("milliseconds") << 0.182 << Unit::seconds << QStringLiteral("0|50 ms|100 ms|150 ms|200 ms");
    QTest::newRow("microseconds") << 640e-6 << Unit::seconds << QStringLiteral("0|200 µs|400 µs|600 µs|800 µs");
    QTest::newRow("minutes") << 500.0 << Unit::seconds << QStringLiteral("0|5 min|10 min");
    QTest::newRow("below a minute a step") << 90.0 << Unit::seconds << QStringLiteral("0|30 s|60 s|90 s");
    QTest::newRow("hours") << 20000.0 << Unit::seconds << QStringLiteral("0|2 h|4 h|6 h");
    QTest::newRow("bytes") << 11.3 * 1024 * 1024 * 1024 << Unit::bytes << QStringLiteral("0|4 GiB|8 GiB|12 GiB");
    QTest::newRow("a byte") << 1.0 << Unit::bytes << QStringLiteral("0|1 B");
    QTest::newRow("half a mebibyte") << 1.5 * 1024 * 1024 << Unit::bytes << QStringLiteral("0|0.5 MiB|1.0 MiB|1.5 MiB");
    QTest::newRow("per cent") << 93.0 << Unit::percent << QStringLiteral("0|25 %|50 %|75 %|100 %");
    QTest::newRow("rate") << 4500.0 << Unit::tokensPerSecond << QStringLiteral("0|2,000|4,000|6,000");
    QTest::newRow("thousands") << 35000.0 << Unit::tokensPerSecond << QStringLiteral("0|10k|20k|30k|40k");
    QTest::newRow("no noise") << 0.3 << Unit::none << QStringLiteral("0|0.1|0.2|0.3");
    QTest::newRow("no half of a request") << 9.0 << Unit::none << QStringLiteral("0|5|10");
    QTest::newRow("whole tokens") << 1.0 << Unit::tokens << QStringLiteral("0|1");
    QTest::newRow("huge") << 1e12 << Unit::none << QStringLiteral("0|0.25T|0.50T|0.75T|1.00T");
}

void TestValueTicks::labels()
{
    QFETCH(double, high);
    QFETCH(Unit, unit);
    QFETCH(QString, expected);
    QStringList all;
    for (const ValueTick& tick : valueTicks(0, high, 4, unit).ticks)
        all << tick.label;
    QCOMPARE(all.join(QLatin1Char('|')), expected);
}

void TestValueTicks::exactEndStays()
{
    const ValueTicks ticks = valueTicks(0, 90, 4, Unit::percent, AxisEnd::exact);
    QCOMPARE(ticks.maximum, 90.0);
    QCOMPARE(ticks.ticks.back().label, QStringLiteral("75 %"));
}

void TestValueTicks::coversTheData()
{
    for (const Unit unit : {Unit::none, Unit::seconds, Unit::bytes, Unit::percent, Unit::tokens}) {
        for (double high = 1e-9; high < 1e18; high *= 3.7) {
            for (const int intervals : {1, 3, 5}) {
                const ValueTicks ticks = valueTicks(-high / 3, high, intervals, unit);
                const double noise = (ticks.maximum - ticks.minimum) * 2e-6;
                QVERIFY(ticks.minimum <= -high / 3 + noise && ticks.maximum >= high - noise);
                QVERIFY(ticks.ticks.size() >= 2 && ticks.ticks.size() <= static_cast<std::size_t>(intervals) + 3);
                for (std::size_t i = 1; i < ticks.ticks.size(); ++i) {
                    QVERIFY(ticks.ticks[i].value > ticks.ticks[i - 1].value);
                    QVERIFY(ticks.ticks[i].label != ticks.ticks[i - 1].label);
                }
            }
        }
    }
}

void TestValueTicks::nonsenseHasAnAxis()
{
    constexpr double infinity = std::numeric_limits<double>::infinity();
    constexpr double most = std::numeric_limits<double>::max();
    for (const auto& [low, high] :
         {std::pair(0., 0.), std::pair(5., 1.), std::pair(0., infinity), std::pair(std::nan(""), 3.),
          std::pair(-most, most), std::pair(0., most), std::pair(0., 5e-324)}) {
        const ValueTicks ticks = valueTicks(low, high, 4, Unit::seconds);
        QVERIFY(ticks.maximum > ticks.minimum);
        QVERIFY(ticks.ticks.size() < 20);
    }
}

QTEST_APPLESS_MAIN(TestValueTicks)
#include "tst_value_ticks.moc"

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/evaluator.h"
#include "sources/step.h"

#include <QTest>

using namespace tokenscope::sources;
using namespace std::chrono_literals;

class TestStep : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isRound_data()
    {
        QTest::addColumn<qint64>("range");
        QTest::addColumn<int>("pixels");
        QTest::addColumn<qint64>("interval");
        QTest::addColumn<qint64>("step");
        constexpr qint64 minute = 60'000, hour = 60 * minute, day = 24 * hour;
        QTest::newRow("5 minutes") << 5 * minute << 800 << qint64{0} << qint64{500};
        QTest::newRow("1 hour") << hour << 800 << qint64{0} << qint64{5'000};
        QTest::newRow("1 hour, scraped every 15 s") << hour << 800 << qint64{15'000} << qint64{15'000};
        QTest::newRow("1 hour, scraped every 14 s") << hour << 800 << qint64{14'000} << qint64{15'000};
        QTest::newRow("6 hours") << 6 * hour << 800 << qint64{0} << qint64{30'000};
        QTest::newRow("a day") << day << 1'000 << qint64{0} << 2 * minute;
        QTest::newRow("a year") << 365 * day << 1'000 << qint64{0} << 12 * hour;
        QTest::newRow("ten years") << 3'650 * day << 1'000 << qint64{0} << 5 * day;
        QTest::newRow("no width") << hour << 0 << qint64{0} << hour;
        QTest::newRow("negative width") << hour << -5 << qint64{0} << hour;
        QTest::newRow("no range") << qint64{0} << 800 << qint64{0} << qint64{100};
        QTest::newRow("backwards") << -hour << 800 << qint64{0} << qint64{100};
        QTest::newRow("a wall of screens") << hour << 1'000'000 << qint64{0} << qint64{500};
    }
    void isRound()
    {
        QFETCH(qint64, range);
        QFETCH(int, pixels);
        QFETCH(qint64, interval);
        QTEST(qint64(step_for(range, pixels, std::chrono::milliseconds(interval))), "step");
    }

    void neverTooManySteps()
    {
        for (std::int64_t range = 1; range < (std::int64_t{1} << 52); range = range * 3 + 1) {
            for (const int pixels : {1, 500, 10'999, 11'000, 1'000'000'000}) {
                const auto asked = range_for(12'345, 12'345 + range, pixels);
                QVERIFY((asked.to - asked.from) / asked.step <= tokenscope::query::max_steps);
                QVERIFY(asked.from <= 12'345 && asked.to <= 12'345 + range && asked.from <= asked.to);
                QCOMPARE(asked.from % asked.step, std::int64_t{0});
                QCOMPARE(asked.to % asked.step, std::int64_t{0});
            }
        }
        QCOMPARE(range_for(-1'500, 0, 2).from, std::int64_t{-2'000});
    }
};

QTEST_APPLESS_MAIN(TestStep)
#include "tst_step.moc"

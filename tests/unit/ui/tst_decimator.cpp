// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/decimator.h"

#include <QtTest>

#include <cmath>
#include <limits>

using namespace tokenscope::ui;

namespace {

const double gap = std::nan("");

} // namespace

class TestDecimator : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsFirstLastAndExtremes();
    void gapsBreakTheLine();
    void aLoneSampleIsARun();
    void infinityIsAGap();
    void neighboursOutsideReachTheEdge();
    void aMovingWindowDoesNotShimmer();
    void unequalLengthsAreCut();
    void nothingComesOfNothing();
};

void TestDecimator::keepsFirstLastAndExtremes()
{
    const std::vector<std::int64_t> times{1000, 1010, 1020, 1030, 1100};
    const std::vector<double> values{5, 9, 1, 6, 7};
    const auto columns = decimate(times, values, 1000, 1200, 100);
    QCOMPARE(columns.size(), std::size_t(2));
    QCOMPARE(columns[0].first, 5.0);
    QCOMPARE(columns[0].minimum, 1.0);
    QCOMPARE(columns[0].maximum, 9.0);
    QCOMPARE(columns[0].last, 6.0);
    QCOMPARE(columns[0].count, 4);
    QCOMPARE(columns[0].firstMs, std::int64_t(1000));
    QCOMPARE(columns[0].lastMs, std::int64_t(1030));
    QVERIFY(columns[0].startsRun);
    QVERIFY(!columns[1].startsRun);
}

void TestDecimator::gapsBreakTheLine()
{
    const std::vector<std::int64_t> times{0, 100, 200, 300, 400};
    const std::vector<double> values{1, 2, gap, 4, 5};
    const auto columns = decimate(times, values, 0, 400, 100);
    QCOMPARE(columns.size(), std::size_t(4));
    QVERIFY(!columns[1].startsRun);
    QVERIFY(columns[2].startsRun);
    QVERIFY(!columns[3].startsRun);
}

void TestDecimator::aLoneSampleIsARun()
{
    const std::vector<std::int64_t> times{0, 100, 200, 300};
    const std::vector<double> values{gap, 2, gap, 3};
    const auto columns = decimate(times, values, 0, 400, 100);
    QCOMPARE(columns.size(), std::size_t(2));
    QVERIFY(columns[0].startsRun && columns[1].startsRun);
}

void TestDecimator::infinityIsAGap()
{
    const std::vector<std::int64_t> times{0, 100, 200};
    const std::vector<double> values{1, std::numeric_limits<double>::infinity(), 3};
    const auto columns = decimate(times, values, 0, 400, 100);
    QCOMPARE(columns.size(), std::size_t(2));
    QVERIFY(columns[1].startsRun);
}

void TestDecimator::neighboursOutsideReachTheEdge()
{
    const std::vector<std::int64_t> times{0, 100, 200, 300, 400, 500};
    const std::vector<double> values{0, 1, 2, 3, 4, 5};
    const auto columns = decimate(times, values, 150, 350, 10);
    QCOMPARE(columns.front().firstMs, std::int64_t(100));
    QCOMPARE(columns.back().firstMs, std::int64_t(400));
}

void TestDecimator::aMovingWindowDoesNotShimmer()
{
    std::vector<std::int64_t> times;
    std::vector<double> values;
    for (int i = 0; i < 5000; ++i) {
        times.push_back(1'700'000'000'000 + i * 37);
        values.push_back(std::sin(i * 0.7) * i);
    }
    const double bucket = 333.3;
    const auto before = decimate(times, values, times[100], times[4000], bucket);
    const auto after = decimate(times, values, times[160], times[4060], bucket);
    // All but the ones cut at the edges are the same columns.
    int same = 0;
    for (const PlotColumn& column : after) {
        const auto old = std::find_if(before.begin() + 1, before.end() - 1,
                                      [&](const PlotColumn& one) { return one.bucket == column.bucket; });
        if (old == before.end() - 1 || &column == &after.front())
            continue;
        QCOMPARE(column.minimum, old->minimum);
        QCOMPARE(column.maximum, old->maximum);
        QCOMPARE(column.firstMs, old->firstMs);
        ++same;
    }
    QVERIFY(same > 400);
}

void TestDecimator::unequalLengthsAreCut()
{
    const std::vector<std::int64_t> times{0, 100, 200};
    QCOMPARE(decimate(times, std::vector<double>{1}, 0, 400, 100).size(), std::size_t(1));
    QCOMPARE(decimate(times, std::vector<double>{1, 2, 3, 4, 5}, 0, 400, 100).size(), std::size_t(3));
}

void TestDecimator::nothingComesOfNothing()
{
    QVERIFY(decimate({}, {}, 0, 100, 1).empty());
    const std::vector<std::int64_t> times{0, 100};
    QVERIFY(decimate(times, std::vector<double>{gap, gap}, 0, 100, 1).empty());
    QCOMPARE(decimate(times, std::vector<double>{1, 2}, 0, 100, 0).size(), std::size_t(2));
    QCOMPARE(decimate(times, std::vector<double>{1, 2}, 0, 100, std::nan("")).size(), std::size_t(2));
    QVERIFY(decimate(times, std::vector<double>{1, 2}, 90, 20, 1).size() <= 2);
}

QTEST_APPLESS_MAIN(TestDecimator)
#include "tst_decimator.moc"

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/chart_group.h"
#include "charts/decimator.h"
#include "charts/span_pyramid.h"

#include <QtTest>

#include <cmath>
#include <limits>
#include <random>

using namespace tokenscope;
using namespace tokenscope::ui;

namespace {

const double gap = std::nan("");
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Noise with gaps of all lengths.
std::vector<double> noisy(std::size_t size, double gapShare, unsigned seed)
{
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> chance(0, 1);
    std::vector<double> values;
    bool absent = false;
    while (values.size() < size) {
        if (chance(random) < (absent ? 0.1 : gapShare))
            absent = !absent;
        values.push_back(absent ? (chance(random) < 0.2 ? infinity : gap) : chance(random) * 200 - 100);
    }
    return values;
}

ValueSpan slowly(const std::vector<double>& values, std::size_t begin, std::size_t end)
{
    ValueSpan result;
    for (std::size_t i = begin; i < end; ++i) {
        if (!std::isfinite(values[i]))
            continue;
        if (result.count++ == 0)
            result = {values[i], values[i], i, i, 1};
        result.minimum = std::min(result.minimum, values[i]);
        result.maximum = std::max(result.maximum, values[i]);
        result.last = i;
    }
    return result;
}

bool same(const ValueSpan& a, const ValueSpan& b)
{
    return a.count == b.count
           && (a.count == 0
               || (a.minimum == b.minimum && a.maximum == b.maximum && a.first == b.first && a.last == b.last));
}

} // namespace

class TestSpanPyramid : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isWhatALookAtEverySampleGives_data();
    void isWhatALookAtEverySampleGives();
    void columnsAreTheSameWithAndWithout_data();
    void columnsAreTheSameWithAndWithout();
    void aMovedRangeTakesWhatIsKnown();
    void unevenTimesFindTheirColumns();
    void fewStepsNeedNone();
    void chartsOfAGroupShare();
};

void TestSpanPyramid::isWhatALookAtEverySampleGives_data()
{
    QTest::addColumn<std::size_t>("size");
    QTest::addColumn<double>("gaps");
    for (const std::size_t size : {0, 1, 63, 64, 65, 511, 4096, 70'001}) {
        for (const double gaps : {0.0, 0.01, 0.5})
            QTest::addRow("%zu, %g", size, gaps) << size << gaps;
    }
}

void TestSpanPyramid::isWhatALookAtEverySampleGives()
{
    QFETCH(std::size_t, size);
    QFETCH(double, gaps);
    const auto values = noisy(size, gaps, 7);
    const SpanPyramid pyramid(values);
    std::mt19937 random(3);
    std::uniform_int_distribution<std::size_t> place(0, size);
    for (int i = 0; i < 400; ++i) {
        auto [begin, end] = std::minmax({place(random), place(random)});
        if (i % 3 == 0) // on the borders of blocks
            begin = begin / SpanPyramid::base * SpanPyramid::base;
        if (i % 5 == 0)
            end = std::max(begin, end / SpanPyramid::base * SpanPyramid::base);
        const auto wanted = slowly(values, begin, end);
        QVERIFY(same(pyramid.span(values, begin, end), wanted));
        QVERIFY(same(spanOf(values, begin, end), wanted));
    }
}

void TestSpanPyramid::columnsAreTheSameWithAndWithout_data()
{
    QTest::addColumn<double>("bucketMs");
    for (const double width : {900.0, 1000.0, 17'333.3, 250'000.0, 40'000'000.0})
        QTest::addRow("%g", width) << width;
}

void TestSpanPyramid::columnsAreTheSameWithAndWithout()
{
    QFETCH(double, bucketMs);
    constexpr std::int64_t start = 1'790'000'000'123;
    const auto values = noisy(30'000, 0.02, 11);
    std::vector<std::int64_t> times;
    for (std::size_t i = 0; i < values.size(); ++i)
        times.push_back(start + static_cast<std::int64_t>(i) * 1000);
    const SpanPyramid pyramid(values);
    for (const std::int64_t shift : {0, 777, 4'000'000}) {
        const auto slices = sliceTimes(times, start + shift, start + shift + 20'000'000, bucketMs);
        const auto plain = decimate(times, values, slices);
        const auto quick = decimate(times, values, slices, &pyramid);
        QCOMPARE(quick.size(), plain.size());
        QVERIFY(!plain.empty());
        int samples = 0;
        for (std::size_t i = 0; i < plain.size(); ++i) {
            QCOMPARE(quick[i].bucket, plain[i].bucket);
            QCOMPARE(quick[i].count, plain[i].count);
            QCOMPARE(quick[i].minimum, plain[i].minimum);
            QCOMPARE(quick[i].maximum, plain[i].maximum);
            QCOMPARE(quick[i].first, plain[i].first);
            QCOMPARE(quick[i].last, plain[i].last);
            QCOMPARE(quick[i].startsRun, plain[i].startsRun);
            QVERIFY(i == 0 || plain[i].bucket > plain[i - 1].bucket);
            samples += plain[i].count;
        }
        // None lost, none twice.
        const auto first = slices.front().begin;
        QCOMPARE(static_cast<std::size_t>(samples), slowly(values, first, slices.back().end).count);
    }
}

void TestSpanPyramid::aMovedRangeTakesWhatIsKnown()
{
    constexpr std::int64_t start = 1'790'000'000'123;
    constexpr double bucketMs = 41'333.7;
    const auto values = noisy(30'000, 0.02, 5);
    std::vector<std::int64_t> times;
    for (std::size_t i = 0; i < values.size(); ++i)
        times.push_back(start + static_cast<std::int64_t>(i) * 1000);
    std::vector<PlotColumn> before;
    // Forwards by little and by much, back again, and to where nothing is known.
    for (const std::int64_t shift : {0, 1, 900, 60'000, 41'334, 3'000'000, 2'000'000, -5'000'000, 20'000'000}) {
        const auto slices = sliceTimes(times, start + shift, start + shift + 8'000'000, bucketMs);
        const auto fresh = decimate(times, values, slices);
        const auto moved = decimate(times, values, slices, nullptr, before);
        QCOMPARE(moved.size(), fresh.size());
        for (std::size_t i = 0; i < fresh.size(); ++i) {
            QCOMPARE(moved[i].bucket, fresh[i].bucket);
            QCOMPARE(moved[i].firstMs, fresh[i].firstMs);
            QCOMPARE(moved[i].lastMs, fresh[i].lastMs);
            QCOMPARE(moved[i].count, fresh[i].count);
            QCOMPARE(moved[i].minimum, fresh[i].minimum);
            QCOMPARE(moved[i].maximum, fresh[i].maximum);
            QCOMPARE(moved[i].startsRun, fresh[i].startsRun);
        }
        before = moved;
    }
}

void TestSpanPyramid::unevenTimesFindTheirColumns()
{
    // Twenty samples in one column, then a hole, then one in each of many, then many again.
    std::vector<std::int64_t> times;
    for (int i = 0; i < 40; ++i)
        times.push_back(i * 5);
    for (int i = 0; i < 50; ++i)
        times.push_back(5000 + i * 100);
    for (int i = 0; i < 300; ++i)
        times.push_back(20'000 + i);
    const auto slices = sliceTimes(times, 0, 30'000, 100);
    std::size_t next = 0;
    for (const auto& slice : slices) {
        QCOMPARE(slice.begin, next);
        QVERIFY(slice.end > slice.begin);
        for (std::size_t i = slice.begin; i < slice.end; ++i)
            QCOMPARE(times[i] / 100, slice.bucket);
        next = slice.end;
    }
    QCOMPARE(next, times.size());
    QCOMPARE(slices.size(), std::size_t(2 + 50 + 3));
    QVERIFY(sliceTimes({}, 0, 100, 10).empty());
}

void TestSpanPyramid::fewStepsNeedNone()
{
    auto frame = std::make_shared<query::Frame>();
    frame->times.assign(600, 0);
    frame->columns = {{"a", {}, std::vector<double>(600, 1)}};
    FramePyramids small(frame);
    QVERIFY(!small.column(0));
    auto large = std::make_shared<query::Frame>(*frame);
    large->times.assign(FramePyramids::leastSteps, 0);
    FramePyramids pyramids(large);
    QVERIFY(pyramids.column(0));
    QCOMPARE(pyramids.column(0), pyramids.column(0));
    QVERIFY(!pyramids.column(1));
}

void TestSpanPyramid::chartsOfAGroupShare()
{
    ChartGroup group;
    const auto frame = std::make_shared<const query::Frame>();
    const auto other = std::make_shared<const query::Frame>();
    auto first = group.pyramids(frame);
    QCOMPARE(group.pyramids(frame), first);
    QVERIFY(group.pyramids(other) != first);
    // The group keeps none alive itself.
    const std::weak_ptr<const query::Frame> kept = frame;
    const std::weak_ptr<FramePyramids> gone = first;
    first.reset();
    QVERIFY(gone.expired());
    QVERIFY(!kept.expired());
}

QTEST_APPLESS_MAIN(TestSpanPyramid)
#include "tst_span_pyramid.moc"

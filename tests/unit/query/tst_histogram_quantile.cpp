// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/histogram_quantile.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace tokenscope::query;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();
using Buckets = std::vector<Bucket>;

bool same(double a, double b)
{
    return (std::isnan(a) && std::isnan(b)) || a == b || std::abs(a - b) <= 1e-12 * std::abs(b);
}

} // namespace

Q_DECLARE_METATYPE(Buckets)

class TestHistogramQuantile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void quantile_data();
    void quantile();
    void bounds_data();
    void bounds();
};

void TestHistogramQuantile::quantile_data()
{
    QTest::addColumn<Buckets>("buckets");
    QTest::addColumn<double>("q");
    QTest::addColumn<double>("expected");
    const Buckets usual{{0.1, 10}, {0.5, 30}, {1, 40}, {inf, 50}};
    QTest::newRow("in the first, from 0") << usual << 0.1 << 0.05;
    QTest::newRow("in the second") << usual << 0.4 << 0.3;
    QTest::newRow("on a boundary") << usual << 0.6 << 0.5;
    QTest::newRow("beyond the highest finite bound") << usual << 0.95 << 1.0;
    QTest::newRow("q 0") << usual << 0.0 << 0.0;
    QTest::newRow("q 1") << usual << 1.0 << 1.0;
    QTest::newRow("q below 0") << usual << -0.1 << -inf;
    QTest::newRow("q above 1") << usual << 1.1 << inf;
    QTest::newRow("q NaN") << usual << nan_value << nan_value;
    QTest::newRow("unsorted") << Buckets{{inf, 50}, {0.5, 30}, {1, 40}, {0.1, 10}} << 0.4 << 0.3;
    QTest::newRow("no bucket") << Buckets{} << 0.5 << nan_value;
    QTest::newRow("no +Inf bucket") << Buckets{{0.1, 10}, {0.5, 30}} << 0.5 << nan_value;
    QTest::newRow("only +Inf") << Buckets{{inf, 30}} << 0.5 << nan_value;
    QTest::newRow("+Inf twice") << Buckets{{inf, 30}, {inf, 3}} << 0.5 << nan_value;
    QTest::newRow("no observations") << Buckets{{1, 0}, {inf, 0}} << 0.5 << nan_value;
    QTest::newRow("all in +Inf") << Buckets{{1, 0}, {inf, 5}} << 0.5 << 1.0;
    QTest::newRow("lowest bound not positive") << Buckets{{-2, 5}, {1, 10}, {inf, 10}} << 0.25 << -2.0;
    QTest::newRow("above a negative bound") << Buckets{{-2, 5}, {2, 10}, {inf, 10}} << 0.75 << 0.0;
    // 30, 20, 50 counts as 30, 30, 50: rank 35 is a quarter up from 0.5. As they are, it would be a half.
    QTest::newRow("not monotonic") << Buckets{{0.3, 30}, {0.5, 20}, {1, 50}, {inf, 50}} << 0.7 << 0.625;
    // And the total is 30, not 20: rank 27 is nine tenths up.
    QTest::newRow("not monotonic at the end") << Buckets{{1, 30}, {inf, 20}} << 0.9 << 0.9;
    QTest::newRow("twice not monotonic") << Buckets{{1, 10}, {2, 5}, {3, 20}, {4, 15}, {inf, 20}} << 0.75 << 2.5;
    // 0.5 twice is one bucket of 30.
    QTest::newRow("equal bounds are added") << Buckets{{0.1, 10}, {0.5, 10}, {0.5, 20}, {inf, 30}} << (2.0 / 3) << 0.3;
    // Empty buckets in the middle: rank 0 is met by the first.
    QTest::newRow("empty first bucket, q 0") << Buckets{{1, 0}, {2, 10}, {inf, 10}} << 0.0 << nan_value;
    QTest::newRow("tiny rates") << Buckets{{1, 1e-12}, {inf, 2e-12}} << 0.25 << 0.5;
}

void TestHistogramQuantile::quantile()
{
    QFETCH(Buckets, buckets);
    QFETCH(double, q);
    QFETCH(double, expected);
    const auto actual = CumulativeHistogram(buckets).quantile(q);
    QVERIFY2(same(actual, expected), qPrintable(QString::number(actual, 'g', 17)));
}

void TestHistogramQuantile::bounds_data()
{
    QTest::addColumn<QByteArray>("le");
    QTest::addColumn<double>("expected"); // NaN: no bound
    QTest::newRow("decimal") << QByteArray("0.25") << 0.25;
    QTest::newRow("integer") << QByteArray("10") << 10.0;
    QTest::newRow("exponent") << QByteArray("1e+06") << 1e6;
    QTest::newRow("negative") << QByteArray("-1.5") << -1.5;
    QTest::newRow("+Inf") << QByteArray("+Inf") << inf;
    QTest::newRow("inf") << QByteArray("inf") << inf;
    QTest::newRow("-Inf") << QByteArray("-Inf") << -inf;
    QTest::newRow("plus") << QByteArray("+5") << 5.0;
    QTest::newRow("empty") << QByteArray() << nan_value;
    QTest::newRow("sign only") << QByteArray("+") << nan_value;
    QTest::newRow("two signs") << QByteArray("+-1") << nan_value;
    QTest::newRow("trailing text") << QByteArray("1s") << nan_value;
    QTest::newRow("spaces") << QByteArray(" 1") << nan_value;
    QTest::newRow("comma") << QByteArray("0,5") << nan_value;
    QTest::newRow("NaN") << QByteArray("NaN") << nan_value;
    QTest::newRow("out of range") << QByteArray("1e999") << nan_value;
}

void TestHistogramQuantile::bounds()
{
    QFETCH(QByteArray, le);
    QFETCH(double, expected);
    const auto bound = parse_bound(std::string_view(le.data(), static_cast<std::size_t>(le.size())));
    QCOMPARE(bound.has_value(), !std::isnan(expected));
    if (bound)
        QCOMPARE(*bound, expected);
}

QTEST_APPLESS_MAIN(TestHistogramQuantile)
#include "tst_histogram_quantile.moc"

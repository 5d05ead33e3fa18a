// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/difference.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using namespace tokenscope;

namespace {

std::vector<double> lognormal(std::size_t count, double median, std::uint64_t seed)
{
    std::mt19937_64 random(seed);
    std::lognormal_distribution<double> values(std::log(median), 0.5);
    std::vector<double> sample(count);
    for (auto& value : sample)
        value = values(random);
    std::sort(sample.begin(), sample.end());
    return sample;
}

/// The same interval by drawing whole resamples: slow, and plainly right.
Difference by_resampling(const std::vector<double>& before, const std::vector<double>& after, double q)
{
    std::mt19937_64 random(99);
    const auto resampled = [&](const std::vector<double>& sample) {
        std::uniform_int_distribution<std::size_t> any(0, sample.size() - 1);
        std::vector<double> drawn(sample.size());
        for (auto& value : drawn)
            value = sample[any(random)];
        std::sort(drawn.begin(), drawn.end());
        return sorted_quantile(drawn, q);
    };
    std::vector<double> all(4000);
    for (auto& one : all) {
        const double subtracted = resampled(before);
        one = resampled(after) - subtracted;
    }
    std::sort(all.begin(), all.end());
    return {0, sorted_quantile(all, 0.025), sorted_quantile(all, 0.975)};
}

} // namespace

class TestDifference : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void quantileOfASample()
    {
        const std::vector<double> sample{1, 2, 3, 4};
        QCOMPARE(sorted_quantile(sample, 0.5), 2.0);
        QCOMPARE(sorted_quantile(sample, 0.51), 3.0);
        QCOMPARE(sorted_quantile(sample, 0.99), 4.0);
        QCOMPARE(sorted_quantile(sample, 0.01), 1.0);
        std::vector<double> twenty(20);
        for (std::size_t i = 0; i < 20; ++i)
            twenty[i] = static_cast<double>(i + 1);
        QCOMPARE(sorted_quantile(twenty, 0.95), 19.0);
    }

    void needsEnoughValues()
    {
        const auto few = lognormal(19, 1, 1);
        const auto many = lognormal(200, 1, 2);
        QVERIFY(!quantile_difference(few, many, 0.95));
        QVERIFY(!quantile_difference(many, few, 0.95));
        QVERIFY(!quantile_difference({}, many, 0.5));
        QVERIFY(quantile_difference(lognormal(20, 1, 1), many, 0.95));
        QVERIFY(enough_for_quantile(100, 0.99) && !enough_for_quantile(99, 0.99));
    }

    void seesWhatIsThereAndNothingElse()
    {
        const auto before = lognormal(400, 1.0, 1);
        const auto same = quantile_difference(before, lognormal(400, 1.0, 2), 0.5);
        QVERIFY(!same->certain());
        const auto slower = quantile_difference(before, lognormal(400, 1.4, 3), 0.5);
        QVERIFY(slower->certain() && slower->low > 0);
        QVERIFY(slower->low < slower->value && slower->value < slower->high);
        const auto faster = quantile_difference(before, lognormal(400, 0.7, 4), 0.95);
        QVERIFY(faster->certain() && faster->high < 0);
    }

    void agreesWithDrawingWholeResamples()
    {
        const auto before = lognormal(150, 1.0, 5);
        const auto after = lognormal(220, 1.2, 6);
        for (const double q : {0.5, 0.9, 0.95}) {
            const auto quick = quantile_difference(before, after, q);
            const auto slow = by_resampling(before, after, q);
            const double width = slow.high - slow.low;
            QVERIFY2(std::abs(quick->low - slow.low) < 0.1 * width, qPrintable(QString::number(q)));
            QVERIFY2(std::abs(quick->high - slow.high) < 0.1 * width, qPrintable(QString::number(q)));
        }
    }

    /// Of intervals of samples that do not differ, about one in twenty may say that they do.
    void seldomCriesWolf()
    {
        int wrong = 0;
        for (std::uint64_t seed = 0; seed < 400; ++seed)
            wrong +=
                quantile_difference(lognormal(100, 1, 2 * seed + 1), lognormal(100, 1, 2 * seed + 2), 0.5, seed, 1000)
                        ->certain()
                    ? 1
                    : 0;
        QVERIFY2(wrong <= 32, qPrintable(QString::number(wrong))); // 20 expected; 32 is three standard deviations more
    }

    void isTheSameEveryTime()
    {
        const auto before = lognormal(100, 1, 1);
        const auto after = lognormal(100, 1.1, 2);
        const auto one = quantile_difference(before, after, 0.9, 7);
        const auto two = quantile_difference(before, after, 0.9, 7);
        QCOMPARE(one->low, two->low);
        QCOMPARE(one->high, two->high);
    }

    void aSampleOfOneValue()
    {
        const std::vector<double> before(50, 2.0);
        const std::vector<double> after(50, 3.0);
        const auto difference = quantile_difference(before, after, 0.5);
        QCOMPARE(difference->low, 1.0);
        QCOMPARE(difference->high, 1.0);
    }

    /// The examples (a) and (g) of Newcombe's paper, its method 10, with the samples the other way round.
    void shares()
    {
        const auto a = share_difference(48, 80, 56, 70);
        QVERIFY(std::abs(a->value - 0.2) < 1e-12);
        QVERIFY2(std::abs(a->low - 0.0524) < 5e-5, qPrintable(QString::number(a->low)));
        QVERIFY2(std::abs(a->high - 0.3339) < 5e-5, qPrintable(QString::number(a->high)));
        const auto g = share_difference(0, 10, 10, 10);
        QVERIFY2(std::abs(g->low - 0.6075) < 5e-5, qPrintable(QString::number(g->low)));
        QVERIFY(std::abs(g->high - 1.0) < 1e-9);
        QVERIFY(!share_difference(0, 0, 1, 2));
        QVERIFY(!share_difference(0, 100, 0, 100)->certain());
        QVERIFY(!share_difference(0, 20, 1, 20)->certain());
        QVERIFY(share_difference(0, 200, 20, 200)->certain());
    }
};

QTEST_APPLESS_MAIN(TestDifference)
#include "tst_difference.moc"

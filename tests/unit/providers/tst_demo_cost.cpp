// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/demo/cost_model.h"
#include "providers/demo/fate.h"
#include "providers/demo/models.h"

#include <QtTest>

#include <cmath>
#include <limits>

using namespace tokenscope;
using namespace tokenscope::providers::demo;
using namespace std::chrono_literals;

class TestDemoCost : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cost_is_the_same_for_the_same_seed()
    {
        const config::DemoOptions options;
        CostModel one(options, 1, 42), same(options, 1, 42), other(options, 1, 43);
        bool differs = false;
        for (int i = 0; i < 100; ++i) {
            const Nanos wait = one.next_token();
            QCOMPARE(wait, same.next_token());
            differs = differs || wait != other.next_token();
            QVERIFY(wait >= options.per_token * 0.05);
            QVERIFY(wait <= options.per_token * 1.7501);
        }
        QVERIFY(differs);
    }

    void cost_scales_with_model_and_prompt()
    {
        config::DemoOptions options;
        options.jitter = 0;
        options.prefill_base = 60ms;
        options.prefill_per_token = 1ms;
        options.per_token = 18ms;
        CostModel tiny(options, find_model("demo-tiny")->time_scale, 1);
        CostModel large(options, find_model("demo-large")->time_scale, 1);
        QCOMPARE(tiny.next_token(), Nanos(6ms));
        QCOMPARE(large.next_token(), Nanos(54ms));
        QCOMPARE(large.prefill(40), Nanos(300ms));
        QCOMPARE(large.prefill(40, 2.5), Nanos(750ms));
        QCOMPARE(tiny.next_token(5), Nanos(30ms));
        options.tokenize_per_token = 20us;
        QCOMPARE(CostModel(options, 1, 1).tokenization(1000), Nanos(20ms));
        options.stall_rate = 1;
        CostModel stalling(options, 1, 1);
        QCOMPARE(stalling.next_token(), Nanos(360ms));
    }

    void cost_has_the_mean_and_shares_asked_for()
    {
        config::DemoOptions options;
        options.error_rate = 0.25;
        options.jitter = 0.3;
        CostModel cost(options, 1, 9);
        double sum = 0;
        int refused = 0;
        for (unsigned i = 0; i < 20'000; ++i) {
            sum += seconds(cost.next_token());
            refused += draw_fate(options, derived_seed(3, i)).refused;
        }
        QVERIFY(std::abs(sum / 20'000 - 0.018) < 0.0002);
        QVERIFY(std::abs(refused / 20'000.0 - 0.25) < 0.02);
    }

    void cost_survives_senseless_options()
    {
        config::DemoOptions options;
        options.jitter = std::numeric_limits<double>::quiet_NaN();
        options.error_rate = std::numeric_limits<double>::quiet_NaN();
        options.stall_rate = -3;
        options.per_token = -5us;
        options.prefill_base = std::chrono::microseconds::max();
        CostModel cost(options, 3, 1);
        QVERIFY(!draw_fate(options, 1).refused);
        QCOMPARE(cost.next_token(), Nanos(0));
        QCOMPARE(cost.prefill(std::numeric_limits<std::uint64_t>::max()), Nanos(std::chrono::hours(1)));
        options.jitter = std::numeric_limits<double>::infinity();
        options.per_token = 1us;
        CostModel wild(options, 1, 1);
        for (int i = 0; i < 100; ++i)
            QVERIFY(wild.next_token() >= Nanos(0));
    }

    void fates_are_those_asked_for()
    {
        config::DemoOptions options;
        options.error_rate = 0.1;
        options.midstream_error_rate = 0.3;
        options.tail_rate = 0.2;
        options.tail_factor = 7;
        int refused = 0, broken = 0, slow = 0;
        for (unsigned i = 0; i < 20'000; ++i) {
            const Fate fate = draw_fate(options, derived_seed(5, i));
            const Fate again = draw_fate(options, derived_seed(5, i));
            QVERIFY(fate.refused == again.refused && fate.break_at == again.break_at && fate.factor == again.factor);
            QVERIFY(fate.factor == 1 || fate.factor == 7);
            refused += fate.refused;
            broken += fate.breaks;
            slow += fate.factor > 1;
        }
        QVERIFY(std::abs(refused / 20'000.0 - 0.1) < 0.01);
        QVERIFY(std::abs(broken / 20'000.0 - 0.3) < 0.015);
        QVERIFY(std::abs(slow / 20'000.0 - 0.2) < 0.015);
    }

    void one_option_does_not_change_what_another_draws()
    {
        config::DemoOptions options;
        options.tail_rate = 0.5;
        config::DemoOptions other = options;
        other.error_rate = 0.5;
        other.midstream_error_rate = 0.5;
        for (unsigned i = 0; i < 200; ++i)
            QCOMPARE(draw_fate(options, i).factor, draw_fate(other, i).factor);
    }

    void replies_break_between_their_ends()
    {
        for (const double at : {0.0, 0.5, 0.999999}) {
            const Fate fate{.breaks = true, .break_at = at};
            for (const std::size_t tokens : {2, 3, 200}) {
                QVERIFY(!fate.broken_after(0, tokens));
                QVERIFY(fate.broken_after(tokens - 1, tokens));
            }
            QVERIFY(!fate.broken_after(0, 0) && !fate.broken_after(1, 1)); // nothing to be missing
        }
        QVERIFY(!Fate{}.broken_after(5, 10));
    }

    void senseless_fates_are_none()
    {
        config::DemoOptions options;
        options.error_rate = options.midstream_error_rate = std::numeric_limits<double>::quiet_NaN();
        options.tail_rate = 1;
        options.tail_factor = std::numeric_limits<double>::quiet_NaN();
        const Fate fate = draw_fate(options, 1);
        QVERIFY(!fate.refused && !fate.breaks);
        QCOMPARE(fate.factor, 1.0);
        options.tail_factor = -2;
        QCOMPARE(draw_fate(options, 1).factor, 1.0);
        options.tail_factor = std::numeric_limits<double>::infinity();
        QCOMPARE(draw_fate(options, 1).factor, 1000.0);
    }
};

QTEST_APPLESS_MAIN(TestDemoCost)
#include "tst_demo_cost.moc"

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/presence.h"

#include "query/evaluator.h"
#include "query/promql.h"
#include "query/validate.h"

#include <QTest>

#include <cmath>

using namespace tokenscope;
using namespace tokenscope::query;
using namespace tokenscope::sources;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(tokenscope::query::Query)

namespace {

const double absent = std::nan("");

} // namespace

class TestPresence : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsAsked_data()
    {
        QTest::addColumn<Query>("query");
        QTest::addColumn<QString>("promql");
        using enum Function;
        const auto row = [](const char* name, const Query& query, const char* promql) {
            QTest::newRow(name) << query << QString::fromLatin1(promql);
        };
        row("value", {.metric = "m", .by = {"a"}, .where = {{"b", "x"}}, .offset = 5s, .topk = 3, .scale = 8},
            "count(m{b=\"x\"} offset 5s)");
        row("rate", {.metric = "m_total", .function = rate, .by = {"a"}}, "count(m_total)");
        row("increase", {.metric = "m_total", .function = increase}, "count(m_total)");
        row("mean", {.metric = "m", .function = mean, .where = {{"b", "~x.*"}}},
            "sum(increase(m_count{b=~\"x.*\"}[1m]))");
        row("quantile", {.metric = "m", .function = quantile, .quantiles = {0.5, 0.9}, .by = {"a"}},
            "sum(increase(m_bucket{le=\"+Inf\"}[1m]))");
        row("heatmap", {.metric = "m", .function = heatmap}, "sum(increase(m_bucket{le=\"+Inf\"}[1m]))");
        row("share of rates",
            {.function = share,
             .parts = {{.metric = "errors", .function = rate}, {.metric = "all", .function = rate, .by = {}}}},
            "sum(increase(all[1m]))");
        row("share of values", {.function = share, .parts = {{.metric = "used"}, {.metric = "size"}}}, "count(size)");
    }
    void whatIsAsked()
    {
        QFETCH(Query, query);
        QFETCH(QString, promql);
        QVERIFY(!validate(query));
        const auto presence = presence_of(query);
        QVERIFY(!validate(presence));
        QCOMPARE(QString::fromStdString(to_promql(presence)), promql);
    }

    /// Whatever has an answer somewhere is present there, and what never has one is not.
    void agreesWithTheAnswers()
    {
        SeriesStore store({});
        for (std::int64_t time = 0; time < 1'200'000; time += 15'000) {
            const bool busy = time >= 300'000 && time < 600'000;
            const double events = busy ? double(time - 285'000) / 15'000 : time < 300'000 ? 0 : 20;
            std::vector<Sample> samples{{"h_bucket", {{"le", "1"}}, events / 2},
                                        {"h_bucket", {{"le", "+Inf"}}, events},
                                        {"h_sum", {}, events * 3},
                                        {"h_count", {}, events}};
            if (busy)
                samples.push_back({"gauge", {}, -1});
            store.append(time, samples);
        }
        using enum Function;
        for (const auto& query :
             {Query{.metric = "gauge"}, Query{.metric = "h", .function = mean},
              Query{.metric = "h", .function = quantile, .quantiles = {0.5}},
              Query{.function = share,
              .parts = {{.metric = "h_sum", .function = rate}, {.metric = "h_count", .function = rate}}}}) {
            const auto last = [&](const Query& asked, Present present) {
                const auto frame = evaluate(asked, store, 0, 1'200'000, 15'000);
                return last_present(*frame, present);
            };
            const auto presence = presence_of(query);
            const bool events = presence.function == increase;
            const auto answered = last(query, Present::any);
            QVERIFY(answered);
            QCOMPARE(last(presence, events ? Present::above_zero : Present::any), answered);
            QVERIFY(*answered >= 585'000 && *answered < 660'000);
        }
    }

    void theLastStepWithAValue()
    {
        const Frame frame{.times = {0, 10, 20, 30},
                          .columns = {{.name = {}, .labels = {}, .values = {1, 0, absent, absent}},
                                      {.name = {}, .labels = {}, .values = {absent, absent, -1}}},
                          .warnings = {}};
        QCOMPARE(last_present(frame, Present::any), std::optional<std::int64_t>(20));
        QCOMPARE(last_present(frame, Present::above_zero), std::optional<std::int64_t>(0));
        QVERIFY(!last_present({}, Present::any));
        QVERIFY(!is_empty(frame));
        QVERIFY(is_empty({}));
        QVERIFY(is_empty({.times = {0}, .columns = {{.name = {}, .labels = {}, .values = {absent}}}, .warnings = {}}));
    }

    void stepsAreWithinWhatASourceAnswers()
    {
        for (const bool promql : {false, true}) {
            for (const auto& look : look_backs({.promql = promql})) {
                const auto window = presence_window(look, {});
                QVERIFY((look.reach + window) / look.step < max_steps);
                QCOMPARE(look.reach % look.step, 0ms);
                QVERIFY(look.step <= std::chrono::milliseconds(look_back_ms));
                QVERIFY(window >= 2 * look.step);
                QCOMPARE(presence_window(look, {.interval = 10min}), std::chrono::milliseconds(40min));
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestPresence)
#include "tst_presence.moc"

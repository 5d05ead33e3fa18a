// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/metric_feed.h"
#include "bridge/time_range.h"
#include "fake_source.h"

#include <QtTest>

#include <atomic>
#include <cmath>
#include <map>
#include <optional>
#include <thread>

using namespace tokenscope;
using namespace tokenscope::ui;
using namespace std::chrono_literals;

namespace {

query::Query ask(const char* metric)
{
    return {.metric = metric};
}

} // namespace

class TestMetricFeed : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void onlyVisiblePanelsAsk()
    {
        test::FakeSource source;
        TimeRange range(m_clock);
        MetricFeed feed(source, range);
        QWidget shown, hidden;
        shown.show();
        feed.subscribe(&shown, {ask("a")}, [](const FeedAnswer&) {});
        feed.subscribe(&hidden, {ask("b")}, [](const FeedAnswer&) {});
        feed.tick();
        QCOMPARE(source.calls().size(), std::size_t{1});
        QCOMPARE(source.calls()[0].query.metric, std::string("a"));
    }

    void aPanelThatAppearsAsksAtOnce()
    {
        test::FakeSource source;
        TimeRange range(m_clock);
        MetricFeed feed(source, range);
        QWidget panel;
        feed.subscribe(&panel, {ask("a")}, [](const FeedAnswer&) {});
        feed.start();
        QCOMPARE(source.calls().size(), std::size_t{0});
        panel.show();
        QVERIFY(!source.calls().empty());
    }

    void answersOfSeveralQueriesComeTogetherInOrder()
    {
        test::FakeSource source;
        TimeRange range(m_clock);
        MetricFeed feed(source, range);
        QWidget panel;
        panel.show();
        std::vector<FeedAnswer> answers;
        feed.subscribe(&panel, {ask("a"), ask("b")}, [&](const FeedAnswer& answer) { answers.push_back(answer); });
        feed.tick();
        const auto calls = source.takeCalls();
        QCOMPARE(calls.size(), std::size_t{2});
        calls[1].done(test::frameOf({2}, "b"));
        QCoreApplication::processEvents();
        QVERIFY(answers.empty());
        calls[0].done(failure(ErrorCode::upstream_unreachable, "The source is gone."));
        QTRY_COMPARE(answers.size(), std::size_t{1});
        QVERIFY(!answers[0].frames[0]);
        QCOMPARE((*answers[0].frames[1])->columns[0].name, std::string("b"));
    }

    void aSlowSourceGetsOneRoundAtATime()
    {
        test::FakeSource source;
        TimeRange range(m_clock);
        MetricFeed feed(source, range);
        QWidget panel;
        panel.show();
        int answered = 0;
        feed.subscribe(&panel, {ask("a")}, [&](const FeedAnswer&) { ++answered; });
        for (int i = 0; i < 5; ++i)
            feed.tick();
        QCOMPARE(source.calls().size(), std::size_t{1});
        QVERIFY(!source.calls()[0].cancel.cancelled());
        source.calls()[0].done(test::frameOf({1}));
        QTRY_COMPARE(answered, 1);
        feed.tick();
        QCOMPARE(source.calls().size(), std::size_t{2});
    }

    void anotherRangeCancelsAndAsksAnew()
    {
        test::FakeSource source;
        TimeRange range(m_clock);
        MetricFeed feed(source, range);
        QWidget panel;
        panel.show();
        std::vector<std::int64_t> windows;
        feed.subscribe(&panel, {ask("a")},
                       [&](const FeedAnswer& answer) { windows.push_back(answer.range.to - answer.range.from); });
        feed.start();
        range.setWindowMs(300'000);
        const auto calls = source.calls();
        QCOMPARE(calls.size(), std::size_t{2});
        QVERIFY(calls[0].cancel.cancelled());
        QVERIFY(!calls[1].cancel.cancelled());
        calls[0].done(test::frameOf({1})); // late, and of the range before
        calls[1].done(test::frameOf({2}));
        QTRY_COMPARE(windows.size(), std::size_t{1});
        QCOMPARE(windows[0], std::int64_t{300'000});
    }

    void pausedAsksOnceAndStandsStill()
    {
        test::FakeSource source;
        ManualClock clock;
        TimeRange range(clock);
        MetricFeed feed(source, range);
        QWidget panel;
        panel.show();
        int answered = 0;
        feed.subscribe(&panel, {ask("a")}, [&](const FeedAnswer&) { ++answered; });
        feed.start();
        range.setPaused(true);
        const auto to = source.takeCalls().back();
        to.done(test::frameOf({1}));
        QTRY_COMPARE(answered, 1);
        clock.advance(std::chrono::seconds(30));
        feed.tick();
        QCOMPARE(source.calls().size(), std::size_t{0});
        QCOMPARE(range.steps().to, to.range.to);
        range.setPaused(false);
        QCOMPARE(source.calls().size(), std::size_t{1});
        QCOMPARE(source.calls()[0].range.to, to.range.to + 30'000);
    }

    /// One scrape in a step is no growth: every cell would be empty.
    void aHeatmapsStepsHoldSeveralScrapes()
    {
        test::FakeSource source;
        TimeRange range(m_clock);
        MetricFeed feed(source, range);
        QWidget panel;
        panel.show();
        feed.subscribe(&panel, {query::Query{.metric = "h", .function = query::Function::heatmap}},
                       [](const FeedAnswer&) {});
        feed.tick();
        const auto asked = source.calls().back().range;
        QCOMPARE(asked.step, std::int64_t{4000});
        QCOMPARE(asked.to % asked.step, std::int64_t{0});
        QCOMPARE((asked.to - asked.from) % asked.step, std::int64_t{0});
        QVERIFY(asked.to - asked.from >= range.windowMs());
    }

    /// A scrape a minute, seen over a minute: its steps of two minutes do not end before the axis begins.
    void aCellOfMoreThanTheRangeIsInSight()
    {
        test::FakeSource source;
        source.canPromql = true;
        ManualClock clock;
        const auto now = clock.wall().time_since_epoch().count();
        clock.advance(std::chrono::milliseconds(120'000 - now % 120'000 + 100'000)); // long after a whole step
        TimeRange range(clock);
        MetricFeed feed(source, range);
        QWidget panel;
        panel.show();
        std::optional<FeedAnswer> told;
        feed.subscribe(&panel, {query::Query{.metric = "h", .function = query::Function::heatmap}},
                       [&](const FeedAnswer& answer) { told = answer; });
        feed.tick();
        for (const auto& call : source.takeCalls()) {
            if (!call.expression.empty())
                call.done(test::frameOf({60}));
        }
        QTRY_COMPARE(source.calls().size(), std::size_t{1});
        const auto asked = source.calls().front();
        QCOMPARE(asked.range.step, std::int64_t{120'000});
        QCOMPARE(asked.range.to, range.end());
        QCOMPARE((asked.range.to - asked.range.from) % asked.range.step, std::int64_t{0});
        asked.done(test::frameOf({1}));
        QTRY_VERIFY(told);
        QVERIFY(told->range.to == told->shown.to && told->range.to - told->range.step <= told->shown.from);
    }

    /// Cells that are over would leave out up to a step of the newest; what lies after an end that stands still is not counted.
    /// Else a narrow chart would show other peaks than a wide one. Of a Prometheus it would be too much to ask.
    void aGaugesStepsAreOfItsSamplesNotOfThePixels()
    {
        for (const bool promql : {false, true}) {
            test::FakeSource source(true);
            source.canPromql = promql;
            ManualClock clock;
            clock.advance(2h);
            TimeRange range(clock);
            range.setWindowMs(3'600'000);
            MetricFeed feed(source, range);
            QWidget gauge, rate;
            for (auto* panel : {&gauge, &rate}) {
                panel->resize(400, 200);
                panel->show();
            }
            feed.subscribe(&gauge, {query::Query{.metric = "g"}}, [](const FeedAnswer&) {});
            feed.subscribe(&rate, {query::Query{.metric = "c", .function = query::Function::rate, .window = 1min}},
                           [](const FeedAnswer&) {});
            feed.tick();
            for (const auto& call : source.takeCalls()) {
                if (call.expression.empty())
                    QCOMPARE(call.range.step, std::int64_t{call.query.metric == "g" && !promql ? 1'000 : 15'000});
            }
        }
    }

    void aHeatmapReachesTheEndOfTheAxis()
    {
        test::FakeSource source(true);
        ManualClock clock;
        constexpr std::int64_t halfHour = 1'800'000;
        const auto now = clock.wall().time_since_epoch().count();
        clock.advance(std::chrono::milliseconds(halfHour - now % halfHour + 1'693'000));
        TimeRange range(clock);
        range.setWindowMs(86'400'000);
        MetricFeed feed(source, range);
        QWidget panel;
        panel.resize(640, 480);
        panel.show();
        std::optional<FeedAnswer> told;
        feed.subscribe(&panel, {query::Query{.metric = "h", .function = query::Function::heatmap}},
                       [&](const FeedAnswer& answer) { told = answer; });
        const auto asked = [&] {
            source.takeCalls();
            told.reset();
            feed.tick();
            return source.calls().front().range;
        };
        const auto live = asked();
        QTRY_VERIFY(told);
        QCOMPARE(live.to % live.step, std::int64_t{0});
        QVERIFY2(live.to > range.now() && live.to - live.step < told->shown.to, "it goes on");
        QVERIFY(live.from <= told->shown.from && told->shown.to <= range.now());
        range.setPaused(true);
        const auto paused = asked();
        QTRY_VERIFY(told);
        QCOMPARE(paused.to, told->shown.to);
        QCOMPARE((paused.to - paused.from) % paused.step, std::int64_t{0});
        range.setFixed({range.now() - 80'000'123, range.now() - 123});
        QCOMPARE(asked().to, range.now() - 123);
    }

    /// How often a Prometheus scrapes is found out; the axis is that of the lines beside it.
    void aHeatmapOfAPrometheusGoesByItsScrapes()
    {
        test::FakeSource source;
        source.canPromql = true;
        TimeRange range(m_clock);
        MetricFeed feed(source, range);
        QWidget heat, lines;
        heat.show();
        lines.show();
        sources::Range axis, beside;
        feed.subscribe(&heat, {query::Query{.metric = "h", .function = query::Function::heatmap}},
                       [&](const FeedAnswer& answer) { axis = answer.shown; });
        feed.subscribe(&lines, {ask("a")}, [&](const FeedAnswer& answer) { beside = answer.range; });
        feed.start();
        const auto heatmaps = [&] {
            std::vector<test::FakeSource::Call> found;
            for (const auto& call : source.calls()) {
                if (call.query.metric == "h")
                    found.push_back(call);
            }
            return found;
        };
        QCOMPARE(heatmaps().size(), std::size_t{1});
        const auto guessed = heatmaps().back().range.step;
        for (const auto& call : source.calls()) {
            if (!call.expression.empty()) {
                QVERIFY(call.expression.find("timestamp(h_bucket") != std::string::npos);
                QCOMPARE(call.range.from, call.range.to);
                call.done(test::frameOf({15}));
            }
        }
        QTRY_COMPARE(heatmaps().size(), std::size_t{2}); // at once, with what it knows now
        QVERIFY(heatmaps().front().cancel.cancelled());
        QCOMPARE(heatmaps().back().range.step, std::int64_t{30'000});
        QVERIFY(guessed != 30'000);
        for (const auto& call : source.calls()) {
            if (call.expression.empty())
                call.done(test::frameOf({1}));
        }
        QTRY_VERIFY(axis.to > 0 && beside.to > 0);
        QCOMPARE(axis.from, beside.from);
        QCOMPARE(axis.to, beside.to);
    }

    void aPanelMayGoWhileItsAnswerIsOnItsWay()
    {
        test::FakeSource source;
        TimeRange range(m_clock);
        MetricFeed feed(source, range);
        auto panel = std::make_unique<QWidget>();
        panel->show();
        int answered = 0;
        feed.subscribe(panel.get(), {ask("a")}, [&](const FeedAnswer&) { ++answered; });
        feed.tick();
        const auto call = source.calls()[0];
        call.done(test::frameOf({1})); // queued, not delivered yet
        panel.reset();
        QCoreApplication::processEvents();
        QCOMPARE(answered, 0);
        feed.tick();
        QCOMPARE(source.calls().size(), std::size_t{1});
    }

    void aHandlerMayDestroyItsPanel()
    {
        test::FakeSource source(true);
        TimeRange range(m_clock);
        MetricFeed feed(source, range);
        auto panel = std::make_unique<QWidget>();
        panel->show();
        feed.subscribe(panel.get(), {ask("a")}, [&](const FeedAnswer&) { panel.reset(); });
        feed.tick();
        QTRY_VERIFY(!panel);
    }

    void theFeedMayGoWhileAThreadAnswers()
    {
        for (int round = 0; round < 200; ++round) {
            test::FakeSource source;
            TimeRange range(m_clock);
            auto feed = std::make_unique<MetricFeed>(source, range);
            QWidget panel;
            panel.show();
            feed->subscribe(&panel, {ask("a"), ask("b"), ask("c")}, [](const FeedAnswer&) {});
            feed->tick();
            const auto calls = source.calls();
            std::atomic<bool> go = false;
            std::thread answering([&] {
                while (!go)
                    std::this_thread::yield();
                for (const auto& call : calls)
                    call.done(test::frameOf({1}));
            });
            go = true;
            if (round % 2 == 0)
                QCoreApplication::processEvents();
            feed.reset();
            answering.join();
            QCoreApplication::processEvents();
        }
    }

    /// Once, while there is nothing; not while there is something, and anew when it is gone again.
    void anEmptyAnswerIsLookedBackFor()
    {
        test::FakeSource source;
        source.metricNames = {"a"};
        TimeRange range(m_clock);
        MetricFeed feed(source, range);
        QWidget panel;
        panel.show();
        std::vector<FeedAnswer> answers;
        feed.subscribe(&panel, {ask("a")}, [&](const FeedAnswer& answer) { answers.push_back(answer); });
        const auto round = [&](const query::FramePtr& frame) {
            const auto before = answers.size();
            m_clock.advance(std::chrono::seconds(1));
            feed.tick();
            source.takeCalls().back().done(frame);
            QTRY_COMPARE(answers.size(), before + 1);
        };
        const auto empty = std::make_shared<const query::Frame>();
        round(test::frameOf({1}));
        QCoreApplication::processEvents();
        QVERIFY(source.calls().empty() && !answers.back().past);

        round(empty);
        QVERIFY(!answers.back().past);
        QTRY_COMPARE(source.calls().size(), std::size_t{1});
        const auto look = source.takeCalls().front();
        QCOMPARE(look.query.aggregation, query::Aggregation::count);
        QCOMPARE(look.range.to, answers.back().range.from);
        auto found = std::make_shared<query::Frame>(*test::frameFor(look.range, "x", {{"", 1}}));
        found->columns[0].values.back() = std::nan("");
        look.done(found);
        QTRY_COMPARE(answers.size(), std::size_t{3}); // the same answer, with what is known now
        QVERIFY(answers.back().past && answers.back().past->known == Past::Known::seen);
        QCOMPARE(answers.back().past->at, look.range.to - look.range.step);
        QCOMPARE(answers.back().past->metric, QStringLiteral("a"));

        round(empty);
        QVERIFY(answers.back().past);
        QCoreApplication::processEvents();
        QVERIFY(source.calls().empty()); // it is known
        round(test::frameOf({2}));
        QVERIFY(!answers.back().past);
        round(empty);
        QTRY_COMPARE(source.calls().size(), std::size_t{1});
    }

    void aFailureIsNotLookedBackFor()
    {
        test::FakeSource source;
        source.metricNames = {"a"};
        source.script = [](const auto&) -> Result<query::FramePtr> {
            return failure(ErrorCode::upstream_unreachable, "The source is gone.");
        };
        TimeRange range(m_clock);
        MetricFeed feed(source, range);
        QWidget panel;
        panel.show();
        int answered = 0;
        feed.subscribe(&panel, {ask("a")}, [&](const FeedAnswer& answer) { answered += answer.past ? 100 : 1; });
        feed.tick();
        QTRY_COMPARE(answered, 1);
        QCoreApplication::processEvents();
        QCOMPARE(source.calls().size(), std::size_t{1});
    }

    void panelsWithOneMetricLookBackOnce()
    {
        test::FakeSource source;
        source.metricNames = {"a", "b"};
        TimeRange range(m_clock);
        MetricFeed feed(source, range);
        QWidget one, two, other;
        std::map<QWidget*, std::optional<Past>> told;
        const auto add = [&](QWidget& panel, const query::Query& query) {
            panel.show();
            feed.subscribe(&panel, {query}, [&](const FeedAnswer& answer) { told[&panel] = answer.past; });
        };
        add(one, ask("a"));
        add(two, {.metric = "a", .function = query::Function::rate, .by = {"x"}});
        add(other, ask("b"));
        feed.tick();
        for (const auto& call : source.takeCalls())
            call.done(std::make_shared<const query::Frame>());
        QTRY_COMPARE(source.calls().size(), std::size_t{2});
        for (const auto& call : source.takeCalls())
            call.done(call.query.metric == "a" ? Result<query::FramePtr>(test::frameFor(call.range, "x", {}))
                                               : failure(ErrorCode::upstream_timeout, "Too late."));
        QTRY_COMPARE(source.calls().size(), std::size_t{1}); // further back; an error ends it
        source.takeCalls().front().done(std::make_shared<const query::Frame>());
        QTRY_VERIFY(told[&one] && told[&two]);
        QVERIFY(told[&two]->known == Past::Known::not_for && !told[&other]);
    }

    void anotherRangeEndsTheLookBack()
    {
        test::FakeSource source;
        source.metricNames = {"a"};
        TimeRange range(m_clock);
        MetricFeed feed(source, range);
        auto panel = std::make_unique<QWidget>();
        panel->show();
        feed.subscribe(panel.get(), {ask("a")}, [](const FeedAnswer&) {});
        feed.start();
        source.takeCalls().front().done(std::make_shared<const query::Frame>());
        QTRY_COMPARE(source.calls().size(), std::size_t{1});
        const auto first = source.takeCalls().front();
        range.setWindowMs(300'000);
        QVERIFY(first.cancel.cancelled());
        source.takeCalls().front().done(std::make_shared<const query::Frame>());
        QTRY_COMPARE(source.calls().size(), std::size_t{1});
        const auto second = source.takeCalls().front();
        QVERIFY(!second.cancel.cancelled());
        panel.reset();
        QVERIFY(second.cancel.cancelled());
    }

    void aMetricThatTheSourceLacksIsNotLookedFor()
    {
        test::FakeSource source(true);
        TimeRange range(m_clock);
        MetricFeed feed(source, range);
        QWidget panel;
        panel.show();
        std::optional<Past> past;
        feed.subscribe(&panel, {ask("a")}, [&](const FeedAnswer& answer) { past = answer.past; });
        feed.tick();
        QTRY_VERIFY(past);
        QVERIFY(past->known == Past::Known::nowhere);
        QCOMPARE(source.calls().size(), std::size_t{1});
    }

    void stepsAreFewAlignedAndAtLeastASecond_data()
    {
        QTest::addColumn<qlonglong>("minutes");
        for (const qlonglong minutes : {1, 5, 15, 60, 1440})
            QTest::addRow("%lld min", minutes) << minutes;
    }
    void stepsAreFewAlignedAndAtLeastASecond()
    {
        QFETCH(qlonglong, minutes);
        TimeRange range(m_clock);
        range.setWindowMs(minutes * 60'000);
        const auto steps = range.steps();
        QVERIFY(steps.step >= 1000);
        QVERIFY((steps.to - steps.from) / steps.step <= 600);
        QCOMPARE(steps.to % steps.step, std::int64_t{0});
        QCOMPARE(steps.to - steps.from, std::int64_t{minutes} * 60'000);
    }

    void ratesLookBackOverMoreThanAStep()
    {
        test::FakeSource source;
        TimeRange range(m_clock);
        range.setWindowMs(3'600'000);
        MetricFeed feed(source, range);
        QWidget panel;
        panel.show();
        auto query = ask("a");
        query.function = query::Function::rate;
        query.window = std::chrono::seconds(5);
        feed.subscribe(&panel, {query}, [](const FeedAnswer&) {});
        feed.tick();
        QVERIFY(source.calls()[0].query.window.count() > source.calls()[0].range.step);
    }

private:
    ManualClock m_clock;
};

QTEST_MAIN(TestMetricFeed)
#include "tst_metric_feed.moc"

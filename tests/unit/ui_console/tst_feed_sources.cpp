// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/metric_catalogue.h"
#include "bridge/metric_feed.h"
#include "bridge/time_range.h"
#include "source_fixture.h"

#include <QSignalSpy>
#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::ui;

namespace {

Question ask(const char* metric)
{
    return query::Query{.metric = metric};
}

} // namespace

/// A feed whose source changes, and ranges that stand still.
class TestFeedSources : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aSwitchDropsWhatIsOnItsWayAndAsksTheOther()
    {
        test::SourceFixture fixture(false);
        const auto id = fixture.add("far");
        TimeRange range(m_clock);
        MetricFeed feed(fixture.sources, range);
        QWidget panel;
        panel.show();
        std::vector<double> shown;
        feed.subscribe(&panel, {ask("a")}, [&](const FeedAnswer& answer) {
            shown.push_back(answer.frames[0].value()->columns[0].values[0]);
        });
        QStringList order;
        connect(&feed, &MetricFeed::sourceChanged, &panel, [&] {
            order << QString::fromStdString(feed.source().source->name());
            QVERIFY(fixture.remote["far"]->calls().empty()); // what is shown is cleared first
        });
        feed.start();
        const auto before = fixture.local.calls().at(0);
        before.done(test::frameOf({1})); // queued, not delivered yet
        fixture.sources.setCurrent(id);
        QVERIFY(before.cancel.cancelled());
        QCOMPARE(order, QStringList{QStringLiteral("far")});
        const auto calls = fixture.remote["far"]->calls();
        QCOMPARE(calls.size(), std::size_t{1});
        QCoreApplication::processEvents();
        QVERIFY(shown.empty());
        calls[0].done(test::frameOf({2}));
        QTRY_COMPARE(shown, std::vector<double>{2});
    }

    void removingTheSourceThatIsAskedIsNoCrash()
    {
        test::SourceFixture fixture(false);
        const auto id = fixture.add("far");
        fixture.sources.setCurrent(id);
        TimeRange range(m_clock);
        MetricFeed feed(fixture.sources, range);
        QWidget panel;
        panel.show();
        int answers = 0;
        feed.subscribe(&panel, {ask("a")}, [&](const FeedAnswer&) { ++answers; });
        feed.start();
        const auto late = fixture.remote["far"]->calls().at(0);
        fixture.remote.clear();
        QVERIFY(fixture.sources.remove(id));
        QCoreApplication::processEvents();
        late.done(test::frameOf({1}));
        QCoreApplication::processEvents();
        QCOMPARE(answers, 0);
        QCOMPARE(fixture.local.calls().size(), std::size_t{1});
    }

    /// The answers of the source before are lost with it.
    void anEditedConnectionIsAskedForItsPace()
    {
        test::SourceFixture fixture(false);
        fixture.prepare = [](test::FakeSource& source) { source.canPromql = true; };
        fixture.sources.setCurrent(fixture.add("far"));
        TimeRange range(m_clock);
        MetricFeed feed(fixture.sources, range);
        QWidget panel;
        panel.show();
        feed.subscribe(&panel, {query::Query{.metric = "a", .function = query::Function::rate}},
                       [](const FeedAnswer&) {});
        const auto paces = [&fixture] {
            std::vector<test::FakeSource::Call> found;
            for (const auto& call : fixture.remote["far"]->calls()) {
                if (!call.expression.empty())
                    found.push_back(call);
            }
            return found;
        };
        feed.tick();
        const auto before = paces();
        QCOMPARE(before.size(), std::size_t{1}); // and it stays unanswered
        auto edited = fixture.sources.connections().front();
        edited.url = "http://127.0.0.1:10";
        QVERIFY(fixture.sources.save(edited));
        feed.tick();
        QCOMPARE(paces().size(), std::size_t{1});
        QVERIFY(before[0].cancel.cancelled());
        paces()[0].done(test::frameOf({60}));
        QTRY_COMPARE(fixture.remote["far"]->calls().back().query.window,
                     std::chrono::milliseconds(std::chrono::minutes(2)));
    }

    void rawPromqlIsAskedAsItIs()
    {
        test::SourceFixture fixture(false);
        TimeRange range(m_clock);
        MetricFeed feed(fixture.sources, range);
        QWidget panel;
        panel.show();
        feed.subscribe(&panel, {std::string("sum(rate(x[5m]))"), ask("a")}, [](const FeedAnswer&) {});
        feed.tick();
        QCOMPARE(fixture.local.calls()[0].expression, std::string("sum(rate(x[5m]))"));
        QCOMPARE(fixture.local.calls()[1].query.metric, std::string("a"));
    }

    void aFarSourceIsAskedAtItsPace()
    {
        test::SourceFixture fixture(false);
        fixture.sources.setCurrent(fixture.add("far"));
        ManualClock clock;
        clock.advance(std::chrono::hours(1));
        TimeRange range(clock);
        MetricFeed feed(fixture.sources, range);
        QWidget panel;
        panel.show();
        int answers = 0;
        feed.subscribe(&panel, {ask("a")}, [&](const FeedAnswer&) { ++answers; });
        const auto calls = [&] { return fixture.remote["far"]->calls(); };
        feed.tick();
        calls().back().done(test::frameOf({1}));
        QTRY_COMPARE(answers, 1);
        for (int second = 0; second < 4; ++second) {
            clock.advance(std::chrono::seconds(1));
            feed.tick();
        }
        QCOMPARE(calls().size(), std::size_t{1});
        clock.advance(std::chrono::seconds(1));
        feed.tick();
        QCOMPARE(calls().size(), std::size_t{2});
        calls().back().done(test::frameOf({1}));
        QTRY_COMPARE(answers, 2);
        feed.refresh(); // a person asks: whatever the pace
        QCOMPARE(calls().size(), std::size_t{3});
    }

    void aFixedSpanIsAskedOnceAndAgainOnlyAfterAnError()
    {
        test::SourceFixture fixture(false);
        ManualClock clock;
        clock.advance(std::chrono::hours(100));
        TimeRange range(clock);
        range.setFixed({3'600'000, 7'200'000});
        MetricFeed feed(fixture.sources, range);
        QWidget panel;
        panel.show();
        int answers = 0;
        feed.subscribe(&panel, {ask("a")}, [&](const FeedAnswer&) { ++answers; });
        feed.tick();
        const auto first = fixture.local.takeCalls().at(0);
        QCOMPARE(first.range.from, std::int64_t{3'600'000});
        QCOMPARE(first.range.to, std::int64_t{7'200'000});
        first.done(failure(ErrorCode::upstream_unreachable, "It is gone."));
        QTRY_COMPARE(answers, 1);
        clock.advance(std::chrono::seconds(1));
        feed.tick();
        QVERIFY(fixture.local.calls().empty());
        clock.advance(std::chrono::seconds(5));
        feed.tick();
        QCOMPARE(fixture.local.calls().size(), std::size_t{1});
        fixture.local.takeCalls()[0].done(test::frameOf({1}));
        QTRY_COMPARE(answers, 2);
        clock.advance(std::chrono::hours(1));
        feed.tick();
        QVERIFY(fixture.local.calls().empty());
        range.goLive();
        feed.tick();
        QVERIFY(!fixture.local.calls().empty());
    }

    void aShareLooksBackOverMoreThanAStepInBothItsParts()
    {
        test::SourceFixture fixture(false);
        TimeRange range(m_clock);
        range.setWindowMs(24 * 3'600'000);
        MetricFeed feed(fixture.sources, range);
        QWidget panel;
        panel.show();
        query::Query share{.metric = {}, .function = query::Function::share};
        share.parts = {{.metric = "a", .function = query::Function::rate},
                       {.metric = "b", .function = query::Function::rate}};
        feed.subscribe(&panel, {share}, [](const FeedAnswer&) {});
        feed.tick();
        const auto call = fixture.local.calls().at(0);
        for (const auto& part : call.query.parts)
            QVERIFY(part.window.count() > call.range.step);
    }

    void fixedSpans_data()
    {
        QTest::addColumn<qlonglong>("from");
        QTest::addColumn<qlonglong>("to");
        QTest::newRow("an hour") << 3'600'000LL << 7'200'000LL;
        QTest::newRow("the wrong way round") << 7'200'000LL << 3'600'000LL;
        QTest::newRow("no time at all") << 5'000LL << 5'000LL;
        QTest::newRow("odd ends") << 1'234'567LL << 987'654'321LL;
        QTest::newRow("ten years") << 0LL << 315'360'000'000LL;
    }
    void fixedSpans()
    {
        QFETCH(qlonglong, from);
        QFETCH(qlonglong, to);
        TimeRange range(m_clock);
        range.setFixed({from, to});
        QVERIFY(!range.live());
        const auto steps = range.steps();
        QVERIFY(steps.from <= std::min(from, to));
        QCOMPARE(steps.to, range.fixed()->to);
        QVERIFY(steps.to >= std::max(from, to));
        QVERIFY(steps.from < steps.to);
        QCOMPARE((steps.to - steps.from) % steps.step, std::int64_t{0});
        QVERIFY((steps.to - steps.from) / steps.step <= 602);
        range.setWindowMs(60'000); // a preset is live
        QVERIFY(range.live());
    }

    void metricsAreAskedOnASwitchAndAFailureSaysSo()
    {
        test::SourceFixture fixture;
        fixture.local.metricNames = {"a", "b"};
        fixture.prepare = [](test::FakeSource& source) {
            source.metricsError = Error{.code = ErrorCode::upstream_unreachable, .message = "Nobody listens there."};
        };
        const auto id = fixture.add("far");
        MetricCatalogue catalogue(fixture.sources);
        QVERIFY(!catalogue.settled());
        QTRY_VERIFY(catalogue.known());
        QCOMPARE(catalogue.names(), (MetricCatalogue::Names{"a", "b"}));
        fixture.sources.setCurrent(id);
        QVERIFY(!catalogue.settled() && catalogue.names().empty()); // not those of the one before
        QTRY_VERIFY(catalogue.settled());
        QVERIFY(!catalogue.known());
        QCOMPARE(catalogue.error(), QStringLiteral("Nobody listens there."));
    }

    void aSilentSourceIsNotWaitedForForever()
    {
        test::SourceFixture fixture;
        fixture.local.silent = true;
        MetricCatalogue catalogue(fixture.sources);
        QTRY_VERIFY_WITH_TIMEOUT(catalogue.settled(), 10'000);
        QVERIFY(!catalogue.known());
    }

private:
    ManualClock m_clock;
};

QTEST_MAIN(TestFeedSources)
#include "tst_feed_sources.moc"

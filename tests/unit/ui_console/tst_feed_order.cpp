// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/feed_queue.h"
#include "bridge/frame_math.h"
#include "bridge/metric_feed.h"
#include "bridge/time_range.h"
#include "source_fixture.h"

#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>
#include <QtTest>

#include <set>

using namespace tokenscope;
using namespace tokenscope::ui;
using namespace std::chrono_literals;
using test::FakeSource;

namespace {

constexpr std::int64_t minute = 60'000;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;

query::Query rate(const std::string& metric, std::chrono::milliseconds window = 60s)
{
    return {.metric = metric, .function = query::Function::rate, .window = window};
}

/// Every step's value is its time.
Result<query::FramePtr> times(const FakeSource::Call& call)
{
    auto frame = std::make_shared<query::Frame>(*test::frameFor(call.range, "a", {{"x", 0}}));
    for (std::size_t i = 0; i < frame->times.size(); ++i)
        frame->columns[0].values[i] = double(frame->times[i]);
    return frame;
}

/// Without the questions of how often it scrapes.
std::vector<std::string> metricsOf(const std::vector<FakeSource::Call>& calls)
{
    std::vector<std::string> metrics;
    for (const auto& call : calls) {
        if (call.expression.empty())
            metrics.push_back(call.query.metric);
    }
    return metrics;
}

QString paceQuestion(const char* samples)
{
    return QStringLiteral("max(quantile_over_time(0.5, (timestamp(%1) - timestamp(%1 offset 5s) > 0)[5m:5s]))")
        .arg(QLatin1StringView(samples));
}

/// Panels one below the other, of which two are in sight.
struct Column {
    Column()
    {
        scroll.setWidgetResizable(true);
        auto* content = new QWidget;
        auto* layout = new QVBoxLayout(content);
        for (int i = 0; i < 8; ++i) {
            panels.push_back(new QWidget);
            panels.back()->setFixedHeight(200);
            layout->addWidget(panels.back());
        }
        scroll.setWidget(content);
        scroll.resize(600, 400);
        scroll.show();
    }
    QScrollArea scroll;
    std::vector<QWidget*> panels;
};

} // namespace

/// What a feed asks first, what together, and what at the end of the time that is shown.
class TestFeedOrder : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFixedSpanIsNotAskedBeyondItsEnd()
    {
        FakeSource source;
        source.script = times;
        m_clock.advance(std::chrono::milliseconds(40 * day));
        TimeRange range(m_clock);
        const std::int64_t to = 30 * day + 5 * hour + 9 * minute + 54'000;
        range.setFixed({2 * hour, to});
        MetricFeed feed(source, range);
        QWidget tile;
        tile.resize(200, 100);
        tile.show();
        std::optional<double> end;
        const auto receive = [&](const FeedAnswer& answer) { end = lastValue(*goodFrames(atEnd(answer)).at(0)); };
        feed.subscribe(&tile, {query::Query{.metric = "a"}}, receive, MetricFeed::Wants::both);
        feed.tick();
        QTRY_VERIFY(end);
        QCOMPARE(*end, double(to));
        for (const auto& call : source.calls()) {
            QVERIFY(call.range.step >= hour);
            QCOMPARE(call.range.to, to);
            QVERIFY(call.range.from <= 2 * hour);
        }
    }

    void theEndHasTheWindowAsWrittenAndIsOfNow()
    {
        FakeSource source;
        source.script = times;
        ManualClock clock;
        clock.advance(std::chrono::milliseconds(40 * day + 123'456));
        TimeRange range(clock);
        range.setWindowMs(day);
        MetricFeed feed(source, range);
        QWidget tile;
        tile.resize(200, 100);
        tile.show();
        std::vector<double> ends;
        feed.subscribe(
            &tile, {rate("a")},
            [&](const FeedAnswer& answer) { ends.push_back(*lastValue(*goodFrames(atEnd(answer)).at(0))); },
            MetricFeed::Wants::both);
        feed.tick();
        QTRY_COMPARE(ends.size(), std::size_t{1});
        auto calls = source.takeCalls();
        QCOMPARE(calls.size(), std::size_t{2});
        QCOMPARE(calls[0].range.step, std::int64_t{300'000});
        QVERIFY(calls[0].query.window > 300s);
        QCOMPARE(calls[1].range.from, calls[1].range.to);
        QCOMPARE(calls[1].query.window, std::chrono::milliseconds(60s));
        QCOMPARE(ends.back(), double(range.now() / 1000 * 1000));

        clock.advance(1s); // the course has nothing new, the end has
        feed.tick();
        QTRY_COMPARE(ends.size(), std::size_t{2});
        calls = source.takeCalls();
        QCOMPARE(calls.size(), std::size_t{1});
        QCOMPARE(calls[0].range.from, calls[0].range.to);
        QCOMPARE(ends.back(), double(range.now() / 1000 * 1000));

        clock.advance(60s);
        feed.tick();
        QCOMPARE(source.calls().size(), std::size_t{2});
        feed.refresh(); // nothing of that which is on its way twice
        QCOMPARE(source.calls().size(), std::size_t{2});
    }

    void whereTheLastStepIsTheEndItIsNotAskedTwice()
    {
        FakeSource source;
        ManualClock clock;
        clock.advance(1h);
        TimeRange range(clock);
        MetricFeed feed(source, range);
        QWidget tile;
        tile.show();
        std::vector<std::optional<double>> ends;
        feed.subscribe(
            &tile, {query::Query{.metric = "a"}},
            [&](const FeedAnswer& answer) { ends.push_back(lastValue(*goodFrames(atEnd(answer)).at(0))); },
            MetricFeed::Wants::both);
        for (const auto& values : {std::vector<double>{1, 2, 3}, std::vector<double>{1, 2, std::nan("")}}) {
            feed.tick();
            auto calls = source.takeCalls();
            QCOMPARE(calls.size(), std::size_t{1});
            calls[0].done(test::frameOf(values));
            const auto before = ends.size();
            QTRY_COMPARE(ends.size(), before + 1);
            clock.advance(1s);
        }
        QCOMPARE(ends[0], std::optional(3.0));
        QVERIFY(!ends[1]); // what was a second ago is not now
    }

    void valuesAloneAreOneInstant()
    {
        FakeSource source;
        TimeRange range(m_clock);
        range.setWindowMs(day);
        MetricFeed feed(source, range);
        QWidget table;
        table.show();
        feed.subscribe(
            &table, {rate("a", 5s)}, [](const FeedAnswer&) {}, MetricFeed::Wants::end);
        feed.tick();
        const auto calls = source.calls();
        QCOMPARE(calls.size(), std::size_t{1});
        QCOMPARE(calls[0].range.from, calls[0].range.to);
        QCOMPARE(calls[0].query.window, std::chrono::milliseconds(5s));
    }

    void windowsAreNoLongerThanAStepNeeds()
    {
        FakeSource source;
        TimeRange range(m_clock);
        MetricFeed feed(source, range);
        QWidget chart;
        chart.show();
        feed.subscribe(&chart, {rate("a", 5s), rate("b", 1h)}, [](const FeedAnswer&) {});
        feed.tick();
        auto calls = source.takeCalls();
        QCOMPARE(calls[0].range.step, std::int64_t{1000});
        QCOMPARE(calls[0].query.window, std::chrono::milliseconds(5s));
        range.setWindowMs(day);
        feed.tick();
        calls = source.takeCalls();
        const std::chrono::milliseconds step(calls[0].range.step);
        QVERIFY(step >= 60s);
        QCOMPARE(calls[0].query.window, step + 10s); // between two samples that are kept that long
        QCOMPARE(calls[1].query.window, std::chrono::milliseconds(1h));
    }

    /// However seldom it scrapes, a window of a long range holds two samples.
    void windowsOfAPrometheusHoldTwoScrapes()
    {
        FakeSource source;
        source.canPromql = true;
        TimeRange range(m_clock);
        MetricFeed feed(source, range);
        QWidget chart;
        chart.show();
        feed.subscribe(&chart, {rate("a")}, [](const FeedAnswer&) {});
        for (const auto& [shown, gap] : {std::pair(day, 60s), std::pair(6 * hour, 60s), std::pair(hour, 0s)}) {
            range.setWindowMs(shown);
            feed.tick();
            const auto call = source.takeCalls().back();
            QCOMPARE(call.query.window,
                     gap == 0s ? std::chrono::milliseconds(60s) : std::chrono::milliseconds(call.range.step) + gap);
        }
    }

    /// With Prometheus' own scrape_interval a minute holds one sample, of which there is no rate.
    void aPrometheusThatScrapesSeldomHasTwoSamplesInEachWindow()
    {
        FakeSource source;
        source.canPromql = true;
        TimeRange range(m_clock);
        MetricFeed feed(source, range);
        QWidget tile, other;
        tile.show();
        other.show();
        query::Query share{.metric = {}, .function = query::Function::share};
        share.parts = {rate("app_errors"), rate("app_total")};
        feed.subscribe(
            &tile, {share}, [](const FeedAnswer&) {}, MetricFeed::Wants::both);
        feed.subscribe(&other, {rate("elsewhere_total")}, [](const FeedAnswer&) {});
        feed.tick();
        const auto asked = [&source](const std::string& metric) {
            std::vector<FakeSource::Call> found;
            for (const auto& call : source.calls()) {
                if (metric.empty() ? !call.query.parts.empty() : call.query.metric == metric)
                    found.push_back(call);
            }
            return found;
        };
        QStringList paces;
        for (const auto& call : source.calls()) {
            if (call.expression.empty())
                continue;
            paces << QString::fromStdString(call.expression);
            QCOMPARE(call.range.from, range.end());
            if (call.expression.find("app_") != std::string::npos)
                call.done(test::frameOf({60})); // seconds
        }
        paces.sort(); // once for all that one program publishes
        QCOMPARE(paces, (QStringList{paceQuestion("app_errors"), paceQuestion("elsewhere_total")}));
        const auto before = asked("elsewhere_total").size();
        QTRY_VERIFY(asked({}).size() >= 3);
        const auto calls = asked({});
        QCOMPARE(calls.front().query.parts[0].window, std::chrono::milliseconds(60s));
        QVERIFY(calls.front().cancel.cancelled());
        for (auto call = calls.end() - 2; call != calls.end(); ++call) { // the course, and the end
            QCOMPARE(call->query.parts[0].window, std::chrono::milliseconds(120s));
            QCOMPARE(call->query.parts[1].window, std::chrono::milliseconds(120s));
        }
        QCOMPARE(asked("elsewhere_total").size(), before); // nothing new is known of these
    }

    /// What a program published then may have been scraped otherwise.
    void thePaceIsThatOfTheTimeThatIsShown()
    {
        FakeSource source;
        source.canPromql = true;
        TimeRange range(m_clock);
        MetricFeed feed(source, range);
        QWidget heat;
        heat.show();
        feed.subscribe(&heat, {query::Query{.metric = "h", .function = query::Function::heatmap}},
                       [](const FeedAnswer&) {});
        feed.tick();
        const auto paces = [&source] {
            std::vector<FakeSource::Call> found;
            for (const auto& call : source.calls()) {
                if (!call.expression.empty())
                    found.push_back(call);
            }
            return found;
        };
        QCOMPARE(paces().size(), std::size_t{1});
        paces()[0].done(test::frameOf({5}));
        QTRY_COMPARE(source.calls().back().range.step, std::int64_t{10'000});
        range.setFixed({1'000'000'000, 1'003'600'000});
        feed.tick();
        QCOMPARE(paces().size(), std::size_t{2});
        QCOMPARE(paces()[1].range.to, std::int64_t{1'003'600'000});
        paces()[1].done(test::frameOf({60}));
        QTRY_COMPARE(source.calls().back().range.step, std::int64_t{120'000});
    }

    /// A window that was longer for a while is not told of the answers after it.
    void theWindowThatIsToldIsTheAnswers()
    {
        FakeSource source;
        source.canPromql = true;
        double gap = 60;
        source.script = [&gap](const FakeSource::Call& call) {
            return call.expression.empty() ? times(call) : Result<query::FramePtr>(test::frameOf({gap}));
        };
        ManualClock clock;
        clock.advance(1h);
        TimeRange range(clock);
        MetricFeed feed(source, range);
        QWidget tile;
        tile.show();
        std::optional<std::chrono::milliseconds> told;
        feed.subscribe(
            &tile, {rate("a")}, [&](const FeedAnswer& answer) { told = answer.asked.value().window; },
            MetricFeed::Wants::both);
        feed.tick();
        QTRY_COMPARE(told, std::optional<std::chrono::milliseconds>(120s));
        gap = 15;
        clock.advance(6min);
        feed.tick();
        QTRY_COMPARE(told, std::optional<std::chrono::milliseconds>(60s));
        bool others = false;
        feed.subscribe(
            &tile, {query::Query{.metric = "b"}, rate("a")},
            [&](const FeedAnswer& answer) { others = answer.asked.value().metric == "b"; }, MetricFeed::Wants::both);
        feed.tick();
        QTRY_VERIFY(others);
    }

    /// The answers are there, so nothing else would ask again over a time that stands still.
    void aPersonWhoRefreshesAsksForThePaceAgain()
    {
        FakeSource source;
        source.canPromql = true;
        int paces = 0;
        source.script = [&paces](const FakeSource::Call& call) -> Result<query::FramePtr> {
            if (call.expression.empty())
                return times(call);
            ++paces;
            return failure(ErrorCode::upstream_timeout, "Too late.");
        };
        m_clock.advance(2h);
        TimeRange range(m_clock);
        range.setFixed({minute, hour});
        MetricFeed feed(source, range);
        QWidget chart;
        chart.show();
        int answers = 0;
        feed.subscribe(&chart, {rate("a")}, [&](const FeedAnswer&) { ++answers; });
        feed.tick();
        QTRY_COMPARE(answers, 1);
        QCOMPARE(paces, 1);
        feed.refresh();
        QTRY_COMPARE(answers, 2);
        QCOMPARE(paces, 2);
    }

    void aServerIsAskedForWhatIsInSightFirst()
    {
        test::SourceFixture fixture(false);
        fixture.prepare = [](FakeSource& source) { source.canPromql = true; };
        fixture.sources.setCurrent(fixture.add("far"));
        auto& far = *fixture.remote["far"];
        TimeRange range(m_clock);
        MetricFeed feed(fixture.sources, range);
        Column column;
        std::vector<std::size_t> answered;
        // In no order; the first in sight asks three things.
        for (const std::size_t i : {6, 3, 0, 5, 2, 7, 1, 4}) {
            std::vector<Question> questions{query::Query{.metric = "m" + std::to_string(i)}};
            if (i == 0)
                questions.insert(
                    questions.end(),
                    {query::Query{.metric = "m0b"},
                     query::Query{.metric = "h", .function = query::Function::quantile, .quantiles = {0.5}}});
            feed.subscribe(column.panels[i], std::move(questions),
                           [&, i](const FeedAnswer&) { answered.push_back(i); });
        }
        feed.tick();
        auto calls = far.takeCalls();
        QCOMPARE(metricsOf(calls), (std::vector<std::string>{"m0", "m0b", "h", "m1"})); // and no more for now
        column.scroll.verticalScrollBar()->setValue(column.scroll.verticalScrollBar()->maximum());
        for (const auto& call : calls) // how often it scrapes is not known from these
            call.done(call.expression.empty() ? test::frameOf({1}) : std::make_shared<query::Frame>());
        QTRY_COMPARE(answered, (std::vector<std::size_t>{0, 1}));
        calls = far.takeCalls();
        const auto next = metricsOf(calls);
        QCOMPARE(next.size(), std::size_t{4});
        QCOMPARE(std::set(next.begin(), next.begin() + 2), (std::set<std::string>{"m6", "m7"})); // seen now
        for (const auto& call : calls)
            call.done(test::frameOf({1}));
        QTRY_COMPARE(far.calls().size(), std::size_t{2}); // the rest
    }

    void equalQuestionsAreAskedOnce()
    {
        FakeSource source;
        TimeRange range(m_clock);
        MetricFeed feed(source, range);
        auto one = std::make_unique<QWidget>();
        auto two = std::make_unique<QWidget>();
        int answers = 0;
        for (auto* panel : {one.get(), two.get()}) {
            panel->resize(300, 200);
            panel->show();
            feed.subscribe(panel, {query::Query{.metric = "a"}, std::string("up")},
                           [&](const FeedAnswer&) { ++answers; });
        }
        feed.tick();
        auto calls = source.takeCalls();
        QCOMPARE(calls.size(), std::size_t{2});
        for (const auto& call : calls)
            call.done(test::frameOf({1}));
        QTRY_COMPARE(answers, 2);
        feed.refresh();
        calls = source.takeCalls();
        QCOMPARE(calls.size(), std::size_t{2});
        one.reset();
        QVERIFY(!calls[0].cancel.cancelled()); // the other one waits
        two.reset();
        QVERIFY(calls[0].cancel.cancelled());
    }

    void waitingForATurnIsNotLate()
    {
        auto source = std::make_shared<FakeSource>();
        source->canPromql = true;
        const SourceList::Entry entry{.id = QStringLiteral("far"), .source = source, .patience = 200ms};
        std::vector<FeedQueue::Round> received;
        FeedQueue queue([&](auto round, auto, const auto&) { received.push_back(round); }, [](auto) { return 0; });
        const auto five = [](const char* metric) {
            return query::Query{
                .metric = metric, .function = query::Function::quantile, .quantiles = {0.1, 0.2, 0.3, 0.4, 0.5}};
        };
        queue.add(entry, five("a"), {}, 1, 0); // more than fits, but alone
        queue.add(entry, five("b"), {}, 2, 0);
        queue.send();
        QCOMPARE(source->calls().size(), std::size_t{1});
        QTest::qWait(300);
        QCOMPARE(queue.dropLate(), std::vector<FeedQueue::Round>{1});
        QVERIFY(source->calls()[0].cancel.cancelled());
        QVERIFY(queue.dropLate().empty());
        queue.send();
        QCOMPARE(source->calls().size(), std::size_t{2});
        source->calls()[0].done(test::frameOf({1})); // too late
        source->calls()[1].done(test::frameOf({1}));
        QTRY_COMPARE(received, std::vector<FeedQueue::Round>{2});
    }

private:
    ManualClock m_clock;
};

QTEST_MAIN(TestFeedOrder)
#include "tst_feed_order.moc"

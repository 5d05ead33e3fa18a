// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/alert_engine.h"

#include "source_fixture.h"

#include <QSignalSpy>
#include <QTest>

#include <fstream>
#include <memory>

using namespace tokenscope;
using namespace tokenscope::test;
using namespace tokenscope::ui;
using namespace std::chrono_literals;

namespace {

alerts::Rule ruleAbove(double threshold, const std::string& source = "local")
{
    query::Query query;
    query.metric = "m";
    return {.id = {}, .name = "High", .source = source, .question = query, .threshold = threshold};
}

} // namespace

class TestAlertEngine : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_fixture = std::make_unique<SourceFixture>();
        m_clock = std::make_unique<ManualClock>();
        m_value = 1;
        m_fixture->local.script = [this](const FakeSource::Call& call) -> Result<query::FramePtr> {
            if (m_error)
                return failure(*m_error);
            return frameFor(call.range, "model", {{"a", m_value}});
        };
        m_error.reset();
        m_engine = make();
    }

    void cleanup() { m_engine.reset(); }

    void asksForThePresent()
    {
        QVERIFY(m_engine->save(ruleAbove(5)));
        look(0s);
        const auto calls = m_fixture->local.takeCalls();
        QCOMPARE(calls.size(), std::size_t{1});
        QCOMPARE(calls.front().range.from, calls.front().range.to);
        QCOMPARE(calls.front().range.to, m_clock->wall().time_since_epoch().count());
        look(1s);
        QVERIFY(m_fixture->local.takeCalls().empty()); // not due yet
        look(1s);
        QCOMPARE(m_fixture->local.takeCalls().size(), std::size_t{1});
    }

    void tellsWhenItFiresAndWhenItIsOver()
    {
        const QSignalSpy told(m_engine.get(), &AlertEngine::happened);
        QVERIFY(m_engine->save(ruleAbove(5)));
        look(0s);
        QCOMPARE(m_engine->firing(), 0);
        m_value = 6;
        look(2s);
        QCOMPARE(m_engine->firing(), 1);
        look(2s);
        QCOMPARE(told.count(), 1);
        m_value = 4;
        look(2s);
        QCOMPARE(told.count(), 2);
        QCOMPARE(m_engine->happenings().size(), std::size_t{2});
        QVERIFY(!m_engine->happenings().front().event.fired); // newest first
        QCOMPARE(m_engine->happenings().front().event.lasted_ms, std::int64_t{4000});
        QCOMPARE(m_engine->firing(), 0);
    }

    void switchedOffItAsksNothingAndFiresNothing()
    {
        m_value = 9;
        auto rule = ruleAbove(5);
        const auto id = m_engine->save(rule);
        look(0s);
        QCOMPARE(m_engine->firing(), 1);
        rule.id = *id;
        rule.enabled = false;
        QVERIFY(m_engine->save(rule));
        QCOMPARE(m_engine->firing(), 0);
        m_fixture->local.takeCalls();
        look(10s);
        QVERIFY(m_fixture->local.takeCalls().empty());
    }

    void anErrorIsShownAndWhatFiresGoesOn()
    {
        m_value = 9;
        QVERIFY(m_engine->save(ruleAbove(5)));
        look(0s);
        m_error = Error{.code = ErrorCode::internal, .message = "Out of order."};
        look(2s);
        QVERIFY(m_engine->at(0).state.error());
        QCOMPARE(m_engine->firing(), 1);
        m_error.reset();
        look(2s);
        QVERIFY(!m_engine->at(0).state.error());
    }

    void aSilentSourceIsGivenUp()
    {
        m_fixture->local.script = nullptr;
        SourceFixture silent(false);
        AlertEngine engine(silent.sources, *m_clock, silent.directory.filePath(QStringLiteral("a.json")).toStdString());
        QVERIFY(engine.save(ruleAbove(5)));
        engine.tick();
        m_clock->advance(9s);
        engine.tick();
        QVERIFY(!engine.at(0).state.error());
        QCOMPARE(silent.local.calls().size(), std::size_t{1}); // one question at a time
        m_clock->advance(2s);
        engine.tick();
        QVERIFY(engine.at(0).state.error());
        QVERIFY(silent.local.calls().front().cancel.cancelled());
        // Its answer comes too late for anything.
        silent.local.calls().front().done(frameOf({9}));
        QCoreApplication::processEvents();
        QCOMPARE(engine.firing(), 0);
    }

    /// In a window of one scrape everything is absent.
    void aPrometheusIsAskedOverTwoScrapes_data()
    {
        QTest::addColumn<bool>("known");
        QTest::addColumn<int>("seconds"); ///< of the window
        QTest::newRow("a scrape a minute") << true << 120;
        QTest::newRow("it does not tell") << false << 60;
    }
    void aPrometheusIsAskedOverTwoScrapes()
    {
        QFETCH(bool, known);
        QFETCH(int, seconds);
        SourceFixture held(false);
        held.prepare = [](FakeSource& source) { source.canPromql = true; };
        auto rule = ruleAbove(0, held.add("far").toStdString());
        rule.condition = alerts::Condition::absent;
        std::get<query::Query>(rule.question).function = query::Function::rate;
        AlertEngine engine(held.sources, *m_clock, held.directory.filePath(QStringLiteral("a.json")).toStdString());
        QVERIFY(engine.save(rule));
        auto& far = *held.remote["far"];
        engine.tick();
        engine.tick();
        auto calls = far.takeCalls();
        QCOMPARE(calls.size(), std::size_t{1}); // that alone, until it is known
        QVERIFY(calls[0].expression.find("timestamp(m)") != std::string::npos);
        calls[0].done(known ? Result<query::FramePtr>(frameOf({60}))
                            : failure(ErrorCode::upstream_unreachable, "Nobody listens there."));
        QCoreApplication::processEvents();
        engine.tick();
        calls = far.takeCalls();
        QCOMPARE(calls.size(), std::size_t{1});
        QCOMPARE(calls[0].query.window, std::chrono::milliseconds(std::chrono::seconds(seconds)));
    }

    void aSourceThatWasRemoved()
    {
        const auto id = m_fixture->add("far");
        QVERIFY(m_engine->save(ruleAbove(5, id.toStdString())));
        look(0s);
        QVERIFY(!m_engine->at(0).state.error());
        QVERIFY(m_fixture->sources.remove(id));
        look(6s);
        QVERIFY(m_engine->at(0).state.error());
        QVERIFY(m_engine->at(0).state.error()->message.find("choose another") != std::string::npos);
    }

    void anotherQuestionStartsAnewAnotherThresholdDoesNot()
    {
        m_value = 9;
        auto rule = ruleAbove(5);
        rule.id = *m_engine->save(rule);
        look(0s);
        rule.threshold = 6;
        QVERIFY(m_engine->save(rule));
        QCOMPARE(m_engine->firing(), 1);
        std::get<query::Query>(rule.question).metric = "other";
        QVERIFY(m_engine->save(rule));
        QCOMPARE(m_engine->firing(), 0);
    }

    void survivesARestart()
    {
        auto rule = ruleAbove(5);
        rule.hold = 90s;
        QVERIFY(m_engine->save(rule));
        rule.name = "Second";
        const auto second = m_engine->save(rule, 0);
        m_engine = make();
        QCOMPARE(m_engine->size(), std::size_t{2});
        QCOMPARE(m_engine->at(0).rule.name, std::string("Second"));
        QCOMPARE(m_engine->at(1).rule.hold, std::chrono::milliseconds(90s));
        QVERIFY(m_engine->remove(*second));
        QVERIFY(m_engine->remove("unknown"));
        m_engine = make();
        QCOMPARE(m_engine->size(), std::size_t{1});
    }

    void aBrokenFileIsKept()
    {
        const auto file = path();
        std::ofstream(file) << "{ mine";
        m_engine = make();
        QVERIFY(m_engine->problem().contains(QString::fromStdString(file)));
        QVERIFY(!m_engine->save(ruleAbove(5)));
        std::ifstream stream(file);
        const std::string left{std::istreambuf_iterator<char>(stream), {}};
        QCOMPARE(left, std::string("{ mine"));
    }

    void refusesWhatIsNoRule()
    {
        auto rule = ruleAbove(5);
        rule.name.clear();
        const auto saved = m_engine->save(rule);
        QVERIFY(!saved);
        QCOMPARE(saved.error().param, std::string("name"));
        QCOMPARE(m_engine->size(), std::size_t{0});
    }

    void historyIsBounded()
    {
        QVERIFY(m_engine->save(ruleAbove(5)));
        for (int i = 0; i < 600; ++i) {
            m_value = i % 2 == 0 ? 9 : 1;
            look(2s);
        }
        QCOMPARE(m_engine->happenings().size(), AlertEngine::mostHappenings);
    }

private:
    std::string path() const { return m_fixture->directory.filePath(QStringLiteral("alerts.json")).toStdString(); }
    std::unique_ptr<AlertEngine> make() const
    {
        return std::make_unique<AlertEngine>(m_fixture->sources, *m_clock, path());
    }
    /// Time passes, it looks, and its answers arrive.
    void look(std::chrono::seconds later)
    {
        m_clock->advance(later);
        m_engine->tick();
        QCoreApplication::processEvents();
    }

    std::unique_ptr<SourceFixture> m_fixture;
    std::unique_ptr<ManualClock> m_clock;
    std::unique_ptr<AlertEngine> m_engine;
    double m_value = 1;
    std::optional<Error> m_error;
};

QTEST_GUILESS_MAIN(TestAlertEngine)
#include "tst_alert_engine.moc"

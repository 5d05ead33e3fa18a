// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/scrape_pace.h"
#include "source_fixture.h"

#include <QtTest>

#include <cmath>

using namespace tokenscope;
using namespace tokenscope::ui;
using namespace std::chrono_literals;
using test::FakeSource;

namespace {

query::Query rate(const std::string& metric, std::chrono::milliseconds window = 60s)
{
    return {.metric = metric, .function = query::Function::rate, .window = window};
}

} // namespace

/// How often a Prometheus is asked how often it scrapes, and what follows from its answer.
class TestScrapePace : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_source = std::make_shared<FakeSource>();
        m_source->canPromql = true;
        m_entry = {.id = QStringLiteral("far"), .source = m_source};
        m_learnt.clear();
    }

    void asksForTheTimesOfTheSamples()
    {
        auto pace = made();
        QVERIFY(!pace.of(m_entry, "vllm:e2e_seconds_bucket", 1'000'000));
        QVERIFY(!pace.of(m_entry, "vllm:requests_total", 1'000'000)); // what one program publishes is scraped together
        const auto calls = m_source->takeCalls();
        QCOMPARE(calls.size(), std::size_t{1});
        QCOMPARE(calls[0].expression, std::string(R"(max(quantile_over_time(0.5, ()"
                                                  R"(timestamp(vllm:e2e_seconds_bucket{le=~"|[+]Inf"}) - )"
                                                  R"(timestamp(vllm:e2e_seconds_bucket{le=~"|[+]Inf"} offset 5s) > 0))"
                                                  R"([5m:5s])))"));
        QCOMPARE(calls[0].range.from, std::int64_t{1'000'000});
        QCOMPARE(calls[0].range.to, std::int64_t{1'000'000});
        calls[0].done(test::frameOf({14.998}));
        QTRY_COMPARE(m_learnt, QStringList{QStringLiteral("vllm")});
        QCOMPARE(pace.known(m_entry, "vllm:requests_total"), std::optional<std::chrono::milliseconds>(15s));
        QVERIFY(pace.of(m_entry, "vllm:requests_total", 1'290'000));
        QVERIFY(m_source->calls().empty());
        pace.of(m_entry, "vllm:requests_total", 1'310'000); // it may be another one by now
        QCOMPARE(m_source->calls().size(), std::size_t{1});
    }

    /// A series of one sample tells nothing, but others of that program may.
    void whatDoesNotTellIsAskedAgainSoon()
    {
        auto pace = made();
        pace.of(m_entry, "app_a", 0);
        m_source->takeCalls()[0].done(std::make_shared<const query::Frame>());
        QCoreApplication::processEvents();
        pace.of(m_entry, "app_a", 1'000);
        QVERIFY(m_source->calls().empty());
        pace.of(m_entry, "app_b", 1'000);
        m_source->takeCalls().at(0).done(test::frameOf({std::nan("")}));
        QCoreApplication::processEvents();
        pace.of(m_entry, "app_a", 22'000);
        m_source->takeCalls().at(0).done(test::frameOf({30}));
        QTRY_COMPARE(pace.known(m_entry, "app_b"), std::optional<std::chrono::milliseconds>(30s));
    }

    void aSourceInItsPlaceIsAskedAnew()
    {
        auto pace = made();
        pace.of(m_entry, "a", 0);
        const auto before = m_source->takeCalls().at(0);
        const auto other = std::make_shared<FakeSource>();
        other->canPromql = true;
        const SourceList::Entry edited{.id = m_entry.id, .source = other};
        QVERIFY(!pace.findsOut(rate("a"), edited));
        QVERIFY(!pace.of(edited, "a", 0));
        QVERIFY(before.cancel.cancelled());
        QVERIFY(pace.findsOut(rate("a"), edited));
        other->takeCalls().at(0).done(test::frameOf({30}));
        QTRY_VERIFY(pace.known(edited, "a"));
        QVERIFY(!pace.known(m_entry, "a"));
    }

    void aSilentServerIsGivenUp()
    {
        m_entry.patience = 200ms;
        auto pace = made();
        pace.of(m_entry, "a", 0);
        QTest::qWait(300);
        pace.of(m_entry, "a", 0);
        QVERIFY(m_source->calls().at(0).cancel.cancelled());
        QVERIFY(!pace.findsOut(rate("a"), m_entry)); // nobody waits for it for ever
        QCOMPARE(m_source->calls().size(), std::size_t{1});
    }

    void anErrorIsAskedAgain()
    {
        auto pace = made();
        const auto fails = [&](ErrorCode code) {
            pace.of(m_entry, "a", 0);
            m_source->takeCalls().at(0).done(failure(code, "No."));
            QCoreApplication::processEvents();
            pace.of(m_entry, "a", 0);
            QVERIFY(m_source->calls().empty()); // not with everything that asks at the same time
        };
        fails(ErrorCode::upstream_unreachable);
        QTRY_VERIFY_WITH_TIMEOUT((pace.of(m_entry, "a", 0), !m_source->calls().empty()), 10'000);
        pace.renew(); // while it is on its way
        m_source->takeCalls().at(0).done(test::frameOf({std::nan("")}));
        QCoreApplication::processEvents();
        fails(ErrorCode::upstream_unreachable);
        pace.renew();
        fails(ErrorCode::invalid_request);
        pace.renew();
        pace.of(m_entry, "a", 0);
        QCOMPARE(m_source->calls().size(), std::size_t{1});
    }

    void windowsHoldTwoSamples()
    {
        auto pace = made();
        query::Query share{.metric = {}, .function = query::Function::share};
        share.parts = {rate("app_errors"), rate("app_total", 10min)};
        auto early = share;
        QVERIFY(!pace.widen(early, m_entry, 0, 0)); // as it is written, until it is known
        QVERIFY(pace.findsOut(share, m_entry));
        m_source->takeCalls().at(0).done(test::frameOf({60}));
        QTRY_VERIFY(!pace.findsOut(share, m_entry));
        QVERIFY(pace.widen(share, m_entry, 0, 0));
        QCOMPARE(share.parts[0].window, std::chrono::milliseconds(2min));
        QCOMPARE(share.parts[1].window, std::chrono::milliseconds(10min));
        QVERIFY(pace.widen(share, m_entry, 300'000, 0));
        QCOMPARE(share.parts[0].window, std::chrono::milliseconds(6min));
        query::Query gauge{.metric = "app_gauge"};
        QVERIFY(!pace.widen(gauge, m_entry, 300'000, 0));
    }

private:
    ScrapePace made()
    {
        return ScrapePace([this](const std::string& family) { m_learnt << QString::fromStdString(family); });
    }

    std::shared_ptr<FakeSource> m_source;
    SourceList::Entry m_entry;
    QStringList m_learnt;
};

QTEST_GUILESS_MAIN(TestScrapePace)
#include "tst_scrape_pace.moc"

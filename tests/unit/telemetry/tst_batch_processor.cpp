// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/tracing/batch_processor.h"
#include "tracing_support.h"

#include <QtTest>

#include <atomic>
#include <stdexcept>

using namespace tokenscope;
using namespace tokenscope::telemetry;
using namespace tokenscope::test;
using namespace std::chrono_literals;
using Kind = ExportOutcome::Kind;
using Losses = std::map<SpanLoss, int>;

/// Batches with exporters that do as their script says. Every span is sent once or counted as dropped once.
class TstBatchProcessor : public QObject {
    Q_OBJECT

    std::shared_ptr<ExporterScript> m_script;
    std::unique_ptr<CountingSpanMetrics> m_metrics;
    std::unique_ptr<KeptLog> m_log;

    /// At once, and again at once.
    static BatchOptions quick()
    {
        return {.queue_spans = 1'000,
                .batch_spans = 10,
                .delay = 1ms,
                .timeout = 60s,
                .first_retry = 1ms,
                .longest_retry = 2ms,
                .give_up = 60s,
                .longest_patience = 60s};
    }
    std::unique_ptr<BatchProcessor> make(BatchOptions options)
    {
        return std::make_unique<BatchProcessor>(std::make_unique<ScriptedExporter>(m_script), options, *m_metrics,
                                                m_log->log());
    }

private Q_SLOTS:
    void init()
    {
        m_script = std::make_shared<ExporterScript>();
        m_metrics = std::make_unique<CountingSpanMetrics>();
        m_log = std::make_unique<KeptLog>();
    }

    void sends_whole_requests_in_batches_in_order()
    {
        auto options = quick();
        options.delay = 60s;
        auto processor = make(options);
        processor->add(trace_of({"a1", "a2", "a3", "a4"}));
        processor->add(trace_of({"b1", "b2", "b3", "b4"}));
        processor->add(trace_of({"c1", "c2", "c3", "c4"})); // 12 are enough for a batch, of which 8 fit
        QTRY_COMPARE(m_script->tried(), std::size_t(1));
        QCOMPARE(m_script->attempts[0].size(), std::size_t(8));
        processor->stop(10s);
        QCOMPARE(m_script->tried(), std::size_t(2));
        QCOMPARE(m_script->attempts[1], (std::vector<std::string>{"c1", "c2", "c3", "c4"}));
        QVERIFY(m_metrics->by_cause().empty());
        QCOMPARE(m_log->count("traces"), 0);
    }

    void a_few_do_not_wait_for_many()
    {
        auto processor = make(quick());
        processor->add(trace_of({"alone"}));
        QTRY_COMPARE(m_script->spans_sent(), std::size_t(1));
        processor->add(trace_of({"again"}));
        QTRY_COMPARE(m_script->spans_sent(), std::size_t(2));
    }

    void one_request_larger_than_a_batch_is_sent_whole()
    {
        auto processor = make(quick());
        processor->add(trace_of(37));
        QTRY_COMPARE(m_script->tried(), std::size_t(1));
        QCOMPARE(m_script->attempts[0].size(), std::size_t(37));
    }

    void nothing_is_not_sent()
    {
        auto processor = make(quick());
        processor->stop(10s);
        QCOMPARE(m_script->tried(), std::size_t(0));
    }

    void a_collector_that_is_down_is_tried_again()
    {
        m_script->answer = [](std::size_t attempt, auto...) -> ExportOutcome {
            return attempt < 5 ? ExportOutcome{.kind = Kind::try_again, .message = "Connection refused."}
                               : ExportOutcome{};
        };
        auto processor = make(quick());
        processor->add(trace_of({"a"}));
        QTRY_COMPARE(m_script->tried(), std::size_t(6));
        QTRY_COMPARE(m_log->count("traces are exported again"), 1);
        QCOMPARE(m_log->count("traces cannot be exported"), 1);
        QCOMPARE(m_log->count("Connection refused."), 1);
        for (const auto& names : m_script->attempts)
            QCOMPARE(names, std::vector<std::string>{"a"});
        processor->stop(10s);
        QVERIFY(m_metrics->by_cause().empty());
    }

    void what_finds_the_queue_full_is_dropped()
    {
        m_script->answer = [](std::size_t, auto timeout, auto cancel) { return never_answer(timeout, cancel); };
        auto options = quick();
        options.queue_spans = 20;
        auto processor = make(options);
        processor->add(trace_of(10));
        QTRY_COMPARE(m_script->tried(), std::size_t(1));
        QElapsedTimer clock;
        clock.start();
        for (int i = 0; i < 1'000; ++i)
            processor->add(trace_of(4));
        QVERIFY(clock.elapsed() < 5'000); // it does not wait for anything
        QCOMPARE(m_metrics->by_cause(), (Losses{{SpanLoss::queue_full, 4'000 - 20}}));
        clock.restart();
        processor->stop(50ms);
        QVERIFY(clock.elapsed() >= 50 && clock.elapsed() < 5'000);
        QCOMPARE(m_metrics->by_cause(), (Losses{{SpanLoss::queue_full, 4'000 - 20}, {SpanLoss::shutdown, 30}}));
        QCOMPARE(m_log->count("traces were dropped at the end"), 1); // when nobody can read the metrics any more
        QCOMPARE(m_log->count("\"spans\":30"), 1);
    }

    void a_refusal_is_final()
    {
        m_script->answer = [](std::size_t attempt, auto...) -> ExportOutcome {
            return attempt == 0 ? ExportOutcome{.kind = Kind::refused, .message = "Bad key."} : ExportOutcome{};
        };
        auto processor = make(quick());
        processor->add(trace_of(3));
        QTRY_COMPARE(m_metrics->by_cause(), (Losses{{SpanLoss::refused, 3}}));
        processor->add(trace_of(2));
        QTRY_COMPARE(m_script->tried(), std::size_t(2));
        QTRY_COMPARE(m_log->count("traces are exported again"), 1);
        QCOMPARE(m_metrics->all(), 3);
    }

    void a_part_may_be_rejected()
    {
        m_script->answer = [](std::size_t attempt, auto...) -> ExportOutcome {
            return {.kind = Kind::accepted, .message = "Too old.", .rejected = attempt == 0 ? 2U : 999U};
        };
        auto processor = make(quick());
        processor->add(trace_of(5));
        QTRY_COMPARE(m_metrics->all(), 2);
        processor->add(trace_of(5)); // never more than there were
        QTRY_COMPARE(m_metrics->by_cause(), (Losses{{SpanLoss::refused, 7}}));
        QCOMPARE(m_log->count("Too old."), 1); // not once a batch
    }

    void an_exporter_that_throws_loses_its_batch_only()
    {
        m_script->answer = [](std::size_t attempt, auto...) -> ExportOutcome {
            if (attempt == 0)
                throw std::runtime_error("It broke.");
            if (attempt == 1)
                throw 42;
            return {};
        };
        auto processor = make(quick());
        for (int i = 1; i <= 3; ++i) {
            processor->add(trace_of(1));
            QTRY_COMPARE(m_script->tried(), std::size_t(i));
        }
        processor->stop(10s);
        QCOMPARE(m_metrics->by_cause(), (Losses{{SpanLoss::refused, 2}}));
        QCOMPARE(m_log->count("It broke."), 1);
        QCOMPARE(m_log->count("traces are exported again"), 1);
    }

    void it_gives_a_batch_up_in_the_end()
    {
        m_script->answer = [](auto...) -> ExportOutcome { return {.kind = Kind::try_again, .message = "Down."}; };
        auto options = quick();
        options.give_up = 20ms;
        auto processor = make(options);
        processor->add(trace_of(3));
        QTRY_COMPARE(m_metrics->by_cause(), (Losses{{SpanLoss::gave_up, 3}}));
        QVERIFY(m_script->tried() > 1);
        QCOMPARE(m_log->count("traces cannot be exported"), 1);
    }

    void a_collector_may_ask_for_patience()
    {
        m_script->answer = [](std::size_t attempt, auto...) -> ExportOutcome {
            if (attempt > 0)
                return {};
            return {.kind = Kind::try_again, .message = "Slow down.", .retry_after = 150ms};
        };
        auto processor = make(quick());
        QElapsedTimer clock;
        clock.start();
        processor->add(trace_of(1));
        QTRY_COMPARE(m_script->tried(), std::size_t(2));
        QVERIFY(clock.elapsed() >= 150);
    }

    void patience_outlasts_the_batch()
    {
        // Longer than the batch is kept: the next one waits as well.
        m_script->answer = [](auto...) -> ExportOutcome {
            return {.kind = Kind::try_again, .message = "Slow down.", .retry_after = 1h};
        };
        auto processor = make(quick());
        processor->add(trace_of(1));
        QTRY_COMPARE(m_metrics->by_cause(), (Losses{{SpanLoss::gave_up, 1}}));
        processor->add(trace_of(2));
        QTest::qWait(50);
        QCOMPARE(m_script->tried(), std::size_t(1));
        processor->stop(10s); // tries once more, since there will be no later
        QCOMPARE(m_script->tried(), std::size_t(2));
        QCOMPARE(m_metrics->all(), 3);
    }

    void the_end_flushes()
    {
        auto options = quick();
        options.delay = 1h;
        auto processor = make(options);
        for (int i = 0; i < 7; ++i)
            processor->add(trace_of(1));
        processor->stop(10s);
        QCOMPARE(m_script->spans_sent(), std::size_t(7));
        QVERIFY(processor->ended());
        processor->stop(10s);
        processor->add(trace_of(2)); // too late
        QCOMPARE(m_metrics->by_cause(), (Losses{{SpanLoss::shutdown, 2}}));
    }

    void the_end_does_not_wait_for_one_that_is_down()
    {
        m_script->answer = [](auto...) -> ExportOutcome { return {.kind = Kind::try_again, .message = "Down."}; };
        auto options = quick();
        options.delay = 1h;
        options.first_retry = options.longest_retry = 1h;
        options.give_up = 9h;
        auto processor = make(options);
        for (int i = 0; i < 90; ++i)
            processor->add(trace_of(1));
        QTRY_COMPARE(m_script->tried(), std::size_t(1)); // and now it rests for an hour
        QElapsedTimer clock;
        clock.start();
        processor->stop(60s);
        QVERIFY(clock.elapsed() < 5'000);
        QCOMPARE(m_metrics->by_cause(), (Losses{{SpanLoss::shutdown, 90}}));
        QCOMPARE(m_script->tried(), std::size_t(1)); // not once more for each batch
    }

    void the_end_cuts_one_that_hangs()
    {
        m_script->answer = [](std::size_t, auto timeout, auto cancel) { return never_answer(timeout, cancel); };
        auto processor = make(quick());
        processor->add(trace_of(4));
        QTRY_COMPARE(m_script->tried(), std::size_t(1)); // with a minute's time
        for (int i = 0; i < 20; ++i)
            processor->add(trace_of(4));
        QElapsedTimer clock;
        clock.start();
        processor.reset(); // without waiting at all
        QVERIFY(clock.elapsed() < 5'000);
        QCOMPARE(m_metrics->by_cause(), (Losses{{SpanLoss::shutdown, 84}}));
        QCOMPARE(m_script->tried(), std::size_t(1));
    }

    void attempts_get_no_more_time_than_there_is()
    {
        std::atomic<int> longest = 0;
        m_script->answer = [&longest](std::size_t, std::chrono::milliseconds timeout, auto) -> ExportOutcome {
            longest = std::max<int>(longest, static_cast<int>(timeout.count()));
            return {};
        };
        auto options = quick();
        options.delay = 1h;
        auto processor = make(options);
        processor->add(trace_of(1));
        processor->stop(500ms);
        QVERIFY(longest > 0 && longest <= 500);
    }

    void a_finished_one_sends_what_it_has()
    {
        auto options = quick();
        options.delay = 1h;
        auto processor = make(options);
        processor->add(trace_of(3));
        processor->finish();
        QTRY_VERIFY(processor->ended());
        QCOMPARE(m_script->spans_sent(), std::size_t(3));
    }

    void many_threads_lose_nothing_uncounted()
    {
        std::atomic<std::size_t> accepted = 0;
        m_script->answer = [&](std::size_t attempt, auto...) -> ExportOutcome {
            const std::scoped_lock lock(m_script->mutex);
            const auto size = m_script->attempts[attempt].size();
            if (attempt % 5 == 4)
                return {.kind = Kind::try_again, .message = "Later."};
            if (attempt % 7 == 6)
                return {.kind = Kind::refused, .message = "No."};
            accepted += size;
            return {};
        };
        auto options = quick();
        options.queue_spans = 100;
        auto processor = make(options);
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (int i = 0; i < 1'000; ++i)
                    processor->add(trace_of(3));
            });
        for (auto& thread : threads)
            thread.join();
        processor->stop(10s);
        QCOMPARE(accepted + static_cast<std::size_t>(m_metrics->all()), std::size_t(12'000));
    }
};

QTEST_GUILESS_MAIN(TstBatchProcessor)
#include "tst_batch_processor.moc"

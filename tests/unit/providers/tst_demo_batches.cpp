// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/demo/model_pool.h"
#include "support/fake_pipeline.h"

#include <QtTest>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

using namespace tokenscope;
using namespace tokenscope::providers::demo;
using namespace std::chrono_literals;
using telemetry::PipelineQueue;
using telemetry::Stage;
using telemetry::WorkerType;
using test::FakePipeline;
using Kind = JobEvent::Kind;

namespace {

/// One worker with places for four; 10 ms to fill a batch, 1 ms a prefilled token, 100 ms a step.
config::DemoOptions options()
{
    config::DemoOptions options;
    options.workers = 1;
    options.batch_size = 4;
    options.batch_wait = 10ms;
    options.prefill_base = 0us;
    options.prefill_per_token = 1ms;
    options.per_token = 100ms;
    options.jitter = 0;
    return options;
}

/// A pool with the time in the test's hands.
struct Bench {
    explicit Bench(const config::DemoOptions& settings = options()) : pool(settings, *find_model("demo-small"), metrics)
    {
    }
    ~Bench()
    {
        for (const JobPtr& job : jobs)
            pool.remove(job, now);
    }

    /// A tokenised request, in the pool's queue.
    JobPtr add(std::uint64_t prompt, std::size_t reply, const Fate& fate = {})
    {
        const auto job = std::make_shared<Job>(JobRequest{.model = *find_model("demo-small")}, JobCallbacks{}, now);
        job->id = jobs.size() + 1;
        job->prompt_tokens = prompt;
        job->tokens.assign(reply, "x");
        job->fate = fate;
        jobs.push_back(job);
        pool.add(job, now);
        return job;
    }
    /// Lets everything happen that is due until `span` later.
    void pass(Nanos span = 0ns)
    {
        const Instant until = now + span;
        for (auto due = pool.next_due(); due && *due <= until; due = pool.next_due()) {
            now = std::max(now, *due);
            JobEvents some;
            pool.advance(now, some);
            events.insert(events.end(), some.begin(), some.end());
        }
        now = until;
    }
    std::size_t count(const JobPtr& job, Kind kind) const
    {
        return static_cast<std::size_t>(std::count_if(events.begin(), events.end(), [&](const JobEvent& event) {
            return event.job == job && event.kind == kind;
        }));
    }
    std::size_t tokens(const JobPtr& job) const { return count(job, Kind::token); }
    std::ptrdiff_t waiting(PipelineQueue queue) const { return metrics.waiting(queue); }

    FakePipeline metrics;
    Instant now{1h};
    std::vector<JobPtr> jobs;
    JobEvents events;
    ModelPool pool;
};

Nanos stage(const JobPtr& job, Stage stage, Instant end)
{
    return job->timeline.until(end)[static_cast<std::size_t>(stage)].value_or(Nanos(-1));
}

} // namespace

class TestDemoBatches : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void a_batch_waits_for_company()
    {
        Bench bench;
        const JobPtr first = bench.add(5, 3);
        QCOMPARE(bench.waiting(PipelineQueue::model), 1);
        bench.pass();
        QCOMPARE(bench.waiting(PipelineQueue::model), 0);
        QCOMPARE(bench.waiting(PipelineQueue::batch), 1);
        bench.pass(9ms);
        const JobPtr second = bench.add(7, 3);
        bench.pass(1ms - 1ns);
        QCOMPARE(bench.waiting(PipelineQueue::batch), 2);
        QVERIFY(bench.metrics.batches().empty());
        bench.pass(1ns);
        QCOMPARE(bench.waiting(PipelineQueue::batch), 0);
        QCOMPARE(bench.metrics.batches().size(), 1U);
        const auto shape = bench.metrics.batches()[0];
        QCOMPARE(shape.sequences, 2U);
        QCOMPARE(shape.tokens, 12U);
        QCOMPARE(shape.padding, 2U);
        QCOMPARE(shape.longest, 7U);
        QCOMPARE(bench.tokens(first) + bench.tokens(second), 0U);
        bench.pass(14ms - 1ns);
        QCOMPARE(bench.tokens(first), 0U);
        bench.pass(1ns); // 14 tokens with the padding
        QCOMPARE(bench.tokens(first), 1U);
        QCOMPARE(bench.tokens(second), 1U);
    }

    void a_full_batch_does_not_wait()
    {
        Bench bench;
        for (int i = 0; i < 6; ++i)
            bench.add(1, 2);
        bench.pass();
        QCOMPARE(bench.metrics.batches().size(), 1U);
        QCOMPARE(bench.metrics.batches()[0].sequences, 4U);
        QCOMPARE(bench.metrics.batches()[0].padding, 0U);
        QCOMPARE(bench.waiting(PipelineQueue::model), 2); // no place for them
        bench.pass(104ms);                                // prefill, one step: the first four are complete
        QCOMPARE(bench.count(bench.jobs[3], Kind::done), 1U);
        QCOMPARE(bench.waiting(PipelineQueue::model), 0);
        QCOMPARE(bench.waiting(PipelineQueue::batch), 2);
        bench.pass(1s);
        for (const JobPtr& job : bench.jobs)
            QCOMPARE(bench.count(job, Kind::done), 1U);
        QVERIFY(bench.metrics.empty() && bench.metrics.sound());
        QVERIFY(!bench.pool.next_due());
    }

    void all_of_a_batch_step_together_and_leave_alone()
    {
        Bench bench;
        const JobPtr brief = bench.add(10, 2);
        const JobPtr lengthy = bench.add(10, 4);
        bench.pass(10ms + 20ms);
        QCOMPARE(bench.tokens(brief) + bench.tokens(lengthy), 2U);
        bench.pass(100ms - 1ns);
        QCOMPARE(bench.tokens(brief) + bench.tokens(lengthy), 2U);
        bench.pass(1ns);
        QCOMPARE(bench.tokens(brief) + bench.tokens(lengthy), 4U);
        QCOMPARE(bench.count(brief, Kind::done), 1U);
        bench.pass(100ms);
        QCOMPARE(bench.tokens(lengthy), 3U);
        QCOMPARE(bench.tokens(brief), 2U);
        bench.pass(100ms);
        QCOMPARE(bench.count(lengthy, Kind::done), 1U);
    }

    void newcomers_join_at_the_next_step()
    {
        Bench bench;
        const JobPtr old = bench.add(1, 10);
        bench.pass(11ms);
        QCOMPARE(bench.tokens(old), 1U); // steps at +100 ms, +200 ms, ... from here
        bench.pass(20ms);
        const JobPtr fresh = bench.add(1, 10);
        bench.pass(11ms);
        QCOMPARE(bench.tokens(fresh), 1U); // the prefill gives it one, beside the decoding
        QCOMPARE(bench.tokens(old), 1U);
        bench.pass(69ms);
        QCOMPARE(bench.tokens(old), 2U); // not late for the newcomer's sake
        QCOMPARE(bench.tokens(fresh), 1U);
        bench.pass(100ms);
        QCOMPARE(bench.tokens(old), 3U);
        QCOMPARE(bench.tokens(fresh), 2U);
    }

    void what_comes_during_a_prefill_waits_in_the_queue()
    {
        Bench bench;
        bench.add(100, 2);
        bench.pass(10ms);
        bench.add(1, 2);
        bench.pass(100ms - 1ns);
        QCOMPARE(bench.waiting(PipelineQueue::model), 1);
        bench.pass(1ns);
        QCOMPARE(bench.waiting(PipelineQueue::model), 0);
        QCOMPARE(bench.waiting(PipelineQueue::batch), 1);
        const Nanos waited = stage(bench.jobs[1], Stage::model_queue_wait, bench.now);
        QCOMPARE(waited, Nanos(100ms));
    }

    void idle_workers_are_used_first_and_batches_filled_before()
    {
        config::DemoOptions two = options();
        two.workers = 2;
        Bench bench(two);
        bench.add(1, 100);
        bench.pass();
        bench.add(1, 100);
        bench.pass(1s); // the second one joined the first one's batch
        QCOMPARE(bench.metrics.batches().size(), 1U);
        bench.add(1, 1);
        bench.pass(11ms);
        QCOMPARE(bench.metrics.work().size(), 1U);
        const auto worker = bench.metrics.work().begin()->first;
        QCOMPARE(worker, (FakePipeline::WorkerKey{WorkerType::model, 1})); // the other one was free
        QCOMPARE(bench.metrics.work().begin()->second.at(0).requests, 1U);
        QCOMPARE(bench.metrics.work().begin()->second.at(0).latency, Nanos(1ms));
    }

    void cancelled_requests_leave_at_once_data()
    {
        QTest::addColumn<int>("after_ms");
        QTest::newRow("in the queue") << -1;
        QTest::newRow("in the batch") << 0;
        QTest::newRow("at the prefill") << 10;
        QTest::newRow("decoding") << 12;
        QTest::newRow("decoding, later") << 112;
    }

    void cancelled_requests_leave_at_once()
    {
        QFETCH(int, after_ms);
        config::DemoOptions one = options();
        one.batch_size = 1;
        one.batch_wait = 0us;
        one.prefill_base = 10ms;
        one.per_token = 1h;
        Bench bench(one);
        const JobPtr job = bench.add(1, 3);
        const JobPtr next = bench.add(1, 1);
        if (after_ms >= 0)
            bench.pass(std::chrono::milliseconds(after_ms));
        bench.pool.remove(job, bench.now);
        bench.pool.remove(job, bench.now); // twice does nothing
        bench.events.clear();
        bench.pass(11ms); // the place is free for the next one, though the step would have ended in an hour
        QCOMPARE(bench.count(next, Kind::done), 1U);
        QCOMPARE(bench.tokens(job), 0U);
        QVERIFY(bench.metrics.empty() && bench.metrics.sound());
        QVERIFY(!bench.pool.next_due());
        QCOMPARE(bench.metrics.requests(WorkerType::model), 1U); // what was cancelled was not finished
    }

    void cancelling_the_last_one_decoding_lets_newcomers_go_on()
    {
        config::DemoOptions slow = options();
        slow.per_token = 1h;
        Bench bench(slow);
        const JobPtr old = bench.add(1, 3);
        bench.pass(12ms);
        const JobPtr fresh = bench.add(1, 2);
        bench.pass(12ms);
        QCOMPARE(bench.tokens(fresh), 1U);
        bench.pass(10min);
        bench.pool.remove(old, bench.now); // its step would end in 50 minutes
        bench.pass(1h - 1ns);
        QCOMPARE(bench.count(fresh, Kind::done), 0U);
        bench.pass(1ns);
        QCOMPARE(bench.count(fresh, Kind::done), 1U);
    }

    void a_batch_that_was_cancelled_whole_costs_nothing()
    {
        Bench bench;
        const JobPtr a = bench.add(50, 3);
        const JobPtr b = bench.add(50, 3);
        bench.pass(5ms);
        bench.pool.remove(a, bench.now);
        bench.pool.remove(b, bench.now);
        QVERIFY(!bench.pool.next_due());
        bench.pass(1s);
        QVERIFY(bench.metrics.batches().empty());
        QVERIFY(bench.metrics.empty() && bench.metrics.sound());
    }

    void refused_requests_take_no_place()
    {
        Bench bench;
        const JobPtr refused = bench.add(5, 3, {.refused = true});
        bench.pass();
        QCOMPARE(bench.count(refused, Kind::started), 1U);
        QCOMPARE(bench.count(refused, Kind::refused), 1U);
        QVERIFY(!bench.pool.next_due());
        QVERIFY(bench.metrics.empty() && bench.metrics.batches().empty());
    }

    void broken_replies_end_behind_their_share()
    {
        Bench bench;
        const JobPtr broken = bench.add(1, 11, {.breaks = true, .break_at = 0.5});
        const JobPtr whole = bench.add(1, 11);
        bench.pass(10s);
        QCOMPARE(bench.tokens(broken), 6U);
        QCOMPARE(bench.count(broken, Kind::broken), 1U);
        QCOMPARE(bench.count(broken, Kind::done), 0U);
        QCOMPARE(bench.count(whole, Kind::done), 1U);
        QCOMPARE(bench.metrics.requests(WorkerType::model), 2U);
    }

    void a_slow_request_slows_its_batch()
    {
        Bench bench;
        bench.add(10, 3, {.factor = 5});
        const JobPtr other = bench.add(10, 4);
        bench.pass(10ms + 100ms - 1ns); // 20 tokens, five times 1 ms
        QCOMPARE(bench.tokens(other), 0U);
        bench.pass(1ns + 999ms);
        QCOMPARE(bench.tokens(other), 2U);
        bench.pass(1ms);
        QCOMPARE(bench.tokens(other), 3U); // the slow one has left
        bench.pass(100ms);
        QCOMPARE(bench.count(other, Kind::done), 1U);
    }

    void empty_replies_and_prompts_end_with_the_prefill()
    {
        Bench bench;
        const JobPtr job = bench.add(0, 0);
        bench.pass(10ms);
        QCOMPARE(bench.count(job, Kind::done), 1U);
        QCOMPARE(bench.tokens(job), 0U);
        QCOMPARE(bench.metrics.batches().at(0).longest, 0U);
        QVERIFY(!bench.pool.next_due());
    }

    void without_costs_everything_is_due_at_once()
    {
        config::DemoOptions free = options();
        free.batch_wait = free.prefill_per_token = free.per_token = 0us;
        Bench bench(free);
        for (int i = 0; i < 20; ++i)
            bench.add(3, 50);
        bench.pass(); // in no time at all
        for (const JobPtr& job : bench.jobs)
            QCOMPARE(bench.count(job, Kind::done), 1U);
        QVERIFY(bench.metrics.empty() && bench.metrics.sound());
    }

    void a_late_wake_up_is_caught_up()
    {
        Bench bench;
        const JobPtr job = bench.add(1, 10);
        bench.pass(11ms);
        bench.now += 550ms; // the thread was held up
        bench.pass();
        QCOMPARE(bench.tokens(job), 6U);
        bench.pass(50ms);
        QCOMPARE(bench.tokens(job), 7U); // back in step
    }

    void times_of_the_stages_are_exact()
    {
        config::DemoOptions one = options();
        one.batch_size = 2;
        Bench bench(one);
        const Instant begun = bench.now;
        const JobPtr holder = bench.add(40, 2);
        const JobPtr other = bench.add(40, 2);
        bench.pass(3ms);
        const JobPtr job = bench.add(4, 3);
        bench.pass(1h);
        const Instant end = begun + 1h;
        QCOMPARE(stage(job, Stage::model_queue_wait, end), Nanos(177ms)); // 80 ms of prefill and a step
        QCOMPARE(stage(job, Stage::scheduler, end), Nanos(10ms));
        QCOMPARE(stage(job, Stage::inference, end), Nanos(204ms));
        Nanos sum{0};
        for (const auto& time : job->timeline.until(end))
            sum += time.value_or(Nanos(0));
        QCOMPARE(sum, end - job->timeline.begun());
        QCOMPARE(stage(holder, Stage::scheduler, end), Nanos(0));
        QCOMPARE(stage(other, Stage::inference, end), Nanos(180ms));
        QVERIFY(!job->timeline.until(end)[static_cast<std::size_t>(Stage::tokenization)]); // never was there
    }

    void same_seed_same_pace()
    {
        config::DemoOptions jittery = options();
        jittery.jitter = 0.5;
        jittery.stall_rate = 0.1;
        const auto run = [](const config::DemoOptions& settings) {
            Bench bench(settings);
            for (int i = 0; i < 3; ++i)
                bench.add(3, 40);
            std::vector<Nanos> at;
            for (std::size_t seen = 0; bench.pool.next_due(); seen = bench.events.size()) {
                bench.pass(std::max(Nanos(0), Nanos(*bench.pool.next_due() - bench.now)));
                at.insert(at.end(), bench.events.size() - seen, bench.now.time_since_epoch());
            }
            return at;
        };
        const auto first = run(jittery);
        QCOMPARE(first, run(jittery));
        jittery.seed = 2;
        QVERIFY(first != run(jittery));
    }

    void workers_come_and_go_with_their_pool()
    {
        FakePipeline metrics;
        config::DemoOptions three = options();
        three.workers = 3;
        {
            const ModelPool pool(three, models[0], metrics);
            const ModelPool other(three, models[1], metrics);
            QCOMPARE(metrics.workers().size(), 6U);
        }
        QVERIFY(metrics.workers().empty() && metrics.sound());
    }
};

QTEST_APPLESS_MAIN(TestDemoBatches)
#include "tst_demo_batches.moc"

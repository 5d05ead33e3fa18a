// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/demo/cost_model.h"
#include "providers/demo/engine.h"
#include "providers/demo/reply_text.h"
#include "providers/demo/tokenizer.h"

#include <QtTest>

#include <atomic>
#include <cmath>
#include <condition_variable>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using namespace tokenscope;
using namespace tokenscope::providers::demo;
using namespace std::chrono_literals;

namespace {

config::DemoOptions quick()
{
    config::DemoOptions options;
    options.prefill_base = 20us;
    options.prefill_per_token = 0us;
    options.per_token = 5us;
    return options;
}

/// Prefills at once, then never comes to its second token.
config::DemoOptions stuck()
{
    config::DemoOptions options = quick();
    options.prefill_base = 0us;
    options.per_token = std::chrono::hours(1);
    return options;
}

JobRequest ask(std::string prompt, std::optional<std::uint64_t> max_tokens = {})
{
    return {.model = *find_model("demo-small"), .prompt = std::move(prompt), .max_tokens = max_tokens};
}

/// What one job was told, and a way to wait for it.
struct Job {
    std::mutex mutex;
    std::condition_variable changed;
    int started = 0;
    int ended = 0;
    std::size_t tokens = 0;
    bool in_order = true;
    std::string text;
    std::string reason;
    llm::Usage usage;
    std::optional<Error> error;
    std::vector<Instant> at;

    bool wait(const std::function<bool(const Job&)>& until)
    {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, 30s, [&] { return until(*this); });
    }
    bool wait_end()
    {
        return wait([](const Job& job) { return job.ended > 0; });
    }
    bool wait_token()
    {
        return wait([](const Job& job) { return job.tokens > 0; });
    }
    template <typename Change>
    void note(Change change)
    {
        const std::scoped_lock lock(mutex);
        change();
        changed.notify_all();
    }
};
using JobPtr = std::shared_ptr<Job>;

JobCallbacks callbacks_of(const JobPtr& job)
{
    JobCallbacks callbacks;
    callbacks.started = [job] { job->note([&] { ++job->started; }); };
    callbacks.token = [job](std::string_view text, std::size_t index) {
        job->note([&] {
            job->in_order = job->in_order && index == job->tokens && job->started == 1 && job->ended == 0;
            ++job->tokens;
            job->text += text;
            job->at.push_back(SystemClock().now());
        });
    };
    callbacks.done = [job](const llm::Usage& usage, std::string_view reason) {
        job->note([&] {
            ++job->ended;
            job->usage = usage;
            job->reason = reason;
        });
    };
    callbacks.failed = [job](Error error) {
        job->note([&] {
            ++job->ended;
            job->error = std::move(error);
        });
    };
    return callbacks;
}

} // namespace

class TestDemoEngine : public QObject {
    Q_OBJECT

    SystemClock m_clock;

private Q_SLOTS:
    void generates_the_text_of_its_seed()
    {
        const auto first = std::make_shared<Job>();
        const auto second = std::make_shared<Job>();
        Engine engine(quick(), m_clock);
        const JobHandle handle = engine.submit(ask("Whales, please"), callbacks_of(first));
        engine.submit(ask("Whales, please"), callbacks_of(second));
        QVERIFY(first->wait_end());
        QVERIFY(second->wait_end());
        QVERIFY(first->in_order);
        QCOMPARE(first->text, reply_text(quick().seed, "Whales, please"));
        QCOMPARE(second->text, first->text);
        QCOMPARE(first->reason, std::string("stop"));
        QVERIFY(!first->error);
        QCOMPARE(handle.prompt_tokens, count_tokens("Whales, please"));
        QCOMPARE(first->usage.prompt, std::optional(handle.prompt_tokens));
        QCOMPARE(first->usage.completion, std::optional(count_tokens(first->text)));
        QCOMPARE(first->usage.total, std::optional(*first->usage.prompt + *first->usage.completion));
        QVERIFY(!first->usage.estimated);
    }

    void context_counts_as_prompt()
    {
        const auto job = std::make_shared<Job>();
        Engine engine(quick(), m_clock);
        JobRequest request = ask("one two");
        request.context_tokens = 100;
        engine.submit(request, callbacks_of(job));
        QVERIFY(job->wait_end());
        QCOMPARE(job->usage.prompt, std::optional<std::uint64_t>(102));
    }

    void max_tokens_cuts_and_says_so()
    {
        Engine engine(quick(), m_clock);
        const std::string whole = reply_text(quick().seed, "hello");
        const std::uint64_t natural = count_tokens(whole);
        for (const std::uint64_t limit : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{7}, natural - 1, natural,
                                          std::numeric_limits<std::uint64_t>::max()}) {
            const auto job = std::make_shared<Job>();
            engine.submit(ask("hello", limit), callbacks_of(job));
            QVERIFY(job->wait_end());
            QCOMPARE(job->tokens, std::min(limit, natural));
            QCOMPARE(job->usage.completion, std::optional(std::min(limit, natural)));
            QCOMPARE(job->reason, std::string(limit < natural ? "length" : "stop"));
            QVERIFY(whole.starts_with(job->text));
        }
    }

    void one_worker_serves_one_at_a_time_in_order()
    {
        config::DemoOptions options = stuck();
        options.workers = 1;
        const auto holder = std::make_shared<Job>();
        const auto next = std::make_shared<Job>();
        const auto last = std::make_shared<Job>();
        Engine engine(options, m_clock);
        const JobHandle held = engine.submit(ask("a"), callbacks_of(holder));
        const JobHandle following = engine.submit(ask("b"), callbacks_of(next));
        engine.submit(ask("c", 1), callbacks_of(last));
        QVERIFY(holder->wait_token());
        QCOMPARE(engine.stats().running, 1U);
        QCOMPARE(engine.stats().queued, 2U);
        QCOMPARE(next->started, 0);

        engine.cancel(held); // frees the slot at once, though its next token is an hour away
        QVERIFY(next->wait_token());
        QCOMPARE(last->started, 0);
        engine.cancel(following);
        QVERIFY(last->wait_end());
        QCOMPARE(last->reason, std::string("length"));
        QCOMPARE(holder->ended + next->ended, 0);
        QCOMPARE(engine.stats().cancelled, 2U);
        QCOMPARE(engine.stats().completed, 1U);
    }

    void no_workers_means_one()
    {
        config::DemoOptions options = quick();
        options.workers = 0;
        const auto job = std::make_shared<Job>();
        Engine engine(options, m_clock);
        engine.submit(ask("a"), callbacks_of(job));
        QVERIFY(job->wait_end());
    }

    void cancel_takes_a_job_out_of_the_queue()
    {
        config::DemoOptions options = stuck();
        options.workers = 1;
        const auto holder = std::make_shared<Job>();
        const auto waiting = std::make_shared<Job>();
        const auto last = std::make_shared<Job>();
        Engine engine(options, m_clock);
        const JobHandle held = engine.submit(ask("a"), callbacks_of(holder));
        QVERIFY(holder->wait_token());
        const JobHandle queued = engine.submit(ask("b"), callbacks_of(waiting));
        QCOMPARE(engine.stats().queued, 1U);
        engine.cancel(queued);
        QCOMPARE(engine.stats().queued, 0U);
        engine.cancel(queued); // twice does nothing
        engine.cancel({});     // nor does a handle of no job
        engine.submit(ask("c", 1), callbacks_of(last));
        engine.cancel(held);
        QVERIFY(last->wait_end());
        QCOMPARE(waiting->started + waiting->ended, 0);
        QCOMPARE(engine.stats().cancelled, 2U);
    }

    void cancel_from_a_callback_stops_at_that_token()
    {
        // Jobs of one token, so that a `done` would follow on the heels of the token.
        const auto job = std::make_shared<Job>();
        const auto after = std::make_shared<Job>();
        config::DemoOptions options = quick();
        options.workers = 1;
        Engine engine(options, m_clock);
        JobCallbacks callbacks = callbacks_of(job);
        std::atomic<std::uint64_t> id = 0;
        callbacks.started = [&engine, &id, job] {
            id.wait(0);
            job->note([&] { ++job->started; });
        };
        callbacks.token = [&engine, &id, told = callbacks.token](std::string_view text, std::size_t index) {
            told(text, index);
            engine.cancel({.id = id});
        };
        id = engine.submit(ask("a", 1), std::move(callbacks)).id;
        id.notify_one();
        engine.submit(ask("b", 1), callbacks_of(after));
        QVERIFY(after->wait_end());
        QCOMPARE(job->tokens, 1U);
        QCOMPARE(job->ended, 0);
        QCOMPARE(engine.stats().cancelled, 1U);
    }

    void error_rate_refuses_before_the_first_token()
    {
        config::DemoOptions options = quick();
        options.error_rate = 1;
        options.prefill_base = std::chrono::hours(1);
        options.workers = 1;
        Engine engine(options, m_clock);
        for (int i = 0; i < 5; ++i) {
            const auto job = std::make_shared<Job>();
            engine.submit(ask("a"), callbacks_of(job));
            QVERIFY(job->wait_end());
            QCOMPARE(job->tokens, 0U);
            QCOMPARE(job->started, 1);
            QVERIFY(job->error);
            QCOMPARE(job->error->code, ErrorCode::internal);
        }
        QCOMPARE(engine.stats().refused, 5U);
        QCOMPARE(engine.stats().running, 0U);
    }

    void waits_are_real()
    {
        config::DemoOptions options;
        options.prefill_base = 5ms;
        options.prefill_per_token = 1ms;
        options.per_token = 1ms;
        options.jitter = 0;
        options.stall_rate = 1;
        const auto job = std::make_shared<Job>();
        const Instant begin = m_clock.now();
        Engine engine(options, m_clock);
        JobRequest request = ask("", 4);
        request.context_tokens = 10;
        engine.submit(request, callbacks_of(job));
        QVERIFY(job->wait_end());
        QVERIFY(job->at[0] - begin >= 15ms);
        QVERIFY(job->at[3] - begin >= 75ms); // and three stalls of 20 ms
        QVERIFY(job->at[3] - begin < std::chrono::seconds(20));
    }

    void serves_300_at_once()
    {
        config::DemoOptions options = quick();
        options.workers = 300;
        options.prefill_base = 500us;
        options.per_token = 50us;
        std::vector<JobPtr> jobs;
        Engine engine(options, m_clock);
        std::vector<std::thread> clients;
        std::mutex mutex;
        for (int client = 0; client < 3; ++client) {
            clients.emplace_back([&, client] {
                for (int i = 0; i < 100; ++i) {
                    const auto job = std::make_shared<Job>();
                    engine.submit(ask(std::to_string(client * 100 + i), 20), callbacks_of(job));
                    const std::scoped_lock lock(mutex);
                    jobs.push_back(job);
                }
            });
        }
        for (std::thread& client : clients)
            client.join();
        for (const JobPtr& job : jobs) {
            QVERIFY(job->wait_end());
            const std::scoped_lock lock(job->mutex);
            QVERIFY(job->in_order);
            QCOMPARE(job->tokens, 20U);
            QCOMPARE(job->ended, 1);
        }
        const EngineStats stats = engine.stats();
        QCOMPARE(stats.submitted, 300U);
        QCOMPARE(stats.completed, 300U);
        QCOMPARE(stats.completion_tokens, 6000U);
        QCOMPARE(stats.queued + stats.running, 0U);
    }

    void cancels_and_ends_race_without_harm()
    {
        config::DemoOptions options = quick();
        options.workers = 8;
        std::vector<JobPtr> jobs;
        EngineStats stats;
        {
            Engine engine(options, m_clock);
            for (int i = 0; i < 200; ++i) {
                const auto job = std::make_shared<Job>();
                const JobHandle handle = engine.submit(ask("x", 3), callbacks_of(job));
                if (i % 2 == 0)
                    engine.cancel(handle);
                else
                    jobs.push_back(job);
            }
            for (const JobPtr& job : jobs)
                QVERIFY(job->wait_end());
            QTRY_COMPARE(engine.stats().queued + engine.stats().running, 0U);
            stats = engine.stats();
        }
        QCOMPARE(stats.completed + stats.cancelled, 200U);
        for (const JobPtr& job : jobs)
            QCOMPARE(job->ended, 1);
    }

    void destruction_ends_what_is_left()
    {
        config::DemoOptions options = stuck();
        options.workers = 2;
        std::vector<JobPtr> jobs;
        {
            Engine engine(options, m_clock);
            for (int i = 0; i < 50; ++i) {
                jobs.push_back(std::make_shared<Job>());
                engine.submit(ask("x"), callbacks_of(jobs.back()));
            }
            QVERIFY(jobs[0]->wait_token());
        }
        for (const JobPtr& job : jobs) {
            QCOMPARE(job->ended, 1);
            QVERIFY(job->error);
            QCOMPARE(job->error->code, ErrorCode::shutting_down);
        }
        for (const JobPtr& job : jobs)
            QCOMPARE(job.use_count(), 1L); // no callback is kept
    }

    void callbacks_may_be_left_out()
    {
        Engine engine(quick(), m_clock);
        engine.submit(ask("x", 2), {});
        QTRY_COMPARE(engine.stats().completed, 1U);
    }

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
            refused += CostModel(options, 1, derived_seed(3, i)).refused();
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
        QVERIFY(!cost.refused());
        QCOMPARE(cost.next_token(), Nanos(0));
        QCOMPARE(cost.prefill(std::numeric_limits<std::uint64_t>::max()), Nanos(std::chrono::hours(1)));
        options.jitter = std::numeric_limits<double>::infinity();
        options.per_token = 1us;
        CostModel wild(options, 1, 1);
        for (int i = 0; i < 100; ++i)
            QVERIFY(wild.next_token() >= Nanos(0));
    }
};

QTEST_APPLESS_MAIN(TestDemoEngine)
#include "tst_demo_engine.moc"

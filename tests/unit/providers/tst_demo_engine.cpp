// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/demo/engine.h"
#include "providers/demo/reply_text.h"
#include "providers/demo/tokenizer.h"
#include "support/fake_pipeline.h"

#include <QtTest>

#include <atomic>
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
    options.batch_wait = 0us;
    return options;
}

/// One request after the other, in the order in which they came.
config::DemoOptions single(config::DemoOptions options)
{
    options.tokenizer_workers = 1; // several may overtake each other
    options.workers = 1;
    options.batch_size = 1;
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
struct Told {
    std::mutex mutex;
    std::condition_variable changed;
    int started = 0;
    int ended = 0;
    std::size_t tokens = 0;
    bool in_order = true;
    std::string text;
    std::string reason;
    JobFacts facts;
    std::optional<Error> error;
    std::vector<Instant> at;

    bool wait(const std::function<bool(const Told&)>& until)
    {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, 30s, [&] { return until(*this); });
    }
    bool wait_end()
    {
        return wait([](const Told& job) { return job.ended > 0; });
    }
    bool wait_token()
    {
        return wait([](const Told& job) { return job.tokens > 0; });
    }
    template <typename Change>
    void note(Change change)
    {
        const std::scoped_lock lock(mutex);
        change();
        changed.notify_all();
    }
};
using ToldPtr = std::shared_ptr<Told>;

JobCallbacks callbacks_of(const ToldPtr& job)
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
    callbacks.done = [job](const JobFacts& facts, std::string_view reason) {
        job->note([&] {
            ++job->ended;
            job->facts = facts;
            job->reason = reason;
        });
    };
    callbacks.failed = [job](Error error, const JobFacts& facts) {
        job->note([&] {
            ++job->ended;
            job->facts = facts;
            job->error = std::move(error);
        });
    };
    return callbacks;
}

} // namespace

class TestDemoEngine : public QObject {
    Q_OBJECT

    SystemClock m_clock;
    test::FakePipeline m_metrics;

private Q_SLOTS:
    void generates_the_text_of_its_seed()
    {
        const auto first = std::make_shared<Told>();
        const auto second = std::make_shared<Told>();
        Engine engine(quick(), m_clock, m_metrics);
        engine.submit(ask("Whales, please"), callbacks_of(first));
        engine.submit(ask("Whales, please"), callbacks_of(second));
        QVERIFY(first->wait_end());
        QVERIFY(second->wait_end());
        QVERIFY(first->in_order);
        QCOMPARE(first->text, reply_text(quick().seed, "Whales, please"));
        QCOMPARE(second->text, first->text);
        QCOMPARE(first->reason, std::string("stop"));
        QVERIFY(!first->error);
        QCOMPARE(first->facts.prompt_tokens, std::optional(count_tokens("Whales, please")));
        QCOMPARE(first->facts.completion_tokens, count_tokens(first->text));
    }

    void context_counts_as_prompt()
    {
        const auto job = std::make_shared<Told>();
        Engine engine(quick(), m_clock, m_metrics);
        JobRequest request = ask("one two");
        request.context = {"three four five", "", "six"};
        engine.submit(request, callbacks_of(job));
        QVERIFY(job->wait_end());
        QCOMPARE(job->facts.prompt_tokens, std::optional<std::uint64_t>(6));
    }

    void max_tokens_cuts_and_says_so()
    {
        Engine engine(quick(), m_clock, m_metrics);
        const std::string whole = reply_text(quick().seed, "hello");
        const std::uint64_t natural = count_tokens(whole);
        for (const std::uint64_t limit : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{7}, natural - 1, natural,
                                          std::numeric_limits<std::uint64_t>::max()}) {
            const auto job = std::make_shared<Told>();
            engine.submit(ask("hello", limit), callbacks_of(job));
            QVERIFY(job->wait_end());
            QCOMPARE(job->tokens, std::min(limit, natural));
            QCOMPARE(job->facts.completion_tokens, std::min(limit, natural));
            QCOMPARE(job->reason, std::string(limit < natural ? "length" : "stop"));
            QVERIFY(whole.starts_with(job->text));
        }
    }

    void one_worker_serves_one_at_a_time_in_order()
    {
        const config::DemoOptions options = single(stuck());
        const auto holder = std::make_shared<Told>();
        const auto next = std::make_shared<Told>();
        const auto last = std::make_shared<Told>();
        Engine engine(options, m_clock, m_metrics);
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
        options.tokenizer_workers = options.workers = options.batch_size = 0;
        const auto job = std::make_shared<Told>();
        Engine engine(options, m_clock, m_metrics);
        engine.submit(ask("a"), callbacks_of(job));
        QVERIFY(job->wait_end());
    }

    void cancel_takes_a_job_out_of_the_queue()
    {
        const config::DemoOptions options = single(stuck());
        const auto holder = std::make_shared<Told>();
        const auto waiting = std::make_shared<Told>();
        const auto last = std::make_shared<Told>();
        Engine engine(options, m_clock, m_metrics);
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
        const auto job = std::make_shared<Told>();
        const auto after = std::make_shared<Told>();
        const config::DemoOptions options = single(quick());
        Engine engine(options, m_clock, m_metrics);
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
        config::DemoOptions options = single(quick());
        options.error_rate = 1;
        options.prefill_base = std::chrono::hours(1);
        Engine engine(options, m_clock, m_metrics);
        for (int i = 0; i < 5; ++i) {
            const auto job = std::make_shared<Told>();
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
        const auto job = std::make_shared<Told>();
        const Instant begin = m_clock.now();
        Engine engine(options, m_clock, m_metrics);
        JobRequest request = ask("", 4);
        request.context = {"a b c d e f g h i j"};
        engine.submit(request, callbacks_of(job));
        QVERIFY(job->wait_end());
        QVERIFY(job->at[0] - begin >= 15ms);
        QVERIFY(job->at[3] - begin >= 75ms); // and three stalls of 20 ms
        QVERIFY(job->at[3] - begin < std::chrono::seconds(20));
    }

    void serves_300_at_once()
    {
        config::DemoOptions options = quick();
        options.workers = 3;
        options.batch_size = 100;
        options.prefill_base = 500us;
        options.per_token = 50us;
        std::vector<ToldPtr> jobs;
        Engine engine(options, m_clock, m_metrics);
        std::vector<std::thread> clients;
        std::mutex mutex;
        for (int client = 0; client < 3; ++client) {
            clients.emplace_back([&, client] {
                for (int i = 0; i < 100; ++i) {
                    const auto job = std::make_shared<Told>();
                    engine.submit(ask(std::to_string(client * 100 + i), 20), callbacks_of(job));
                    const std::scoped_lock lock(mutex);
                    jobs.push_back(job);
                }
            });
        }
        for (std::thread& client : clients)
            client.join();
        for (const ToldPtr& job : jobs) {
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
        std::vector<ToldPtr> jobs;
        EngineStats stats;
        {
            Engine engine(options, m_clock, m_metrics);
            for (int i = 0; i < 200; ++i) {
                const auto job = std::make_shared<Told>();
                const JobHandle handle = engine.submit(ask("x", 3), callbacks_of(job));
                if (i % 2 == 0)
                    engine.cancel(handle);
                else
                    jobs.push_back(job);
            }
            for (const ToldPtr& job : jobs)
                QVERIFY(job->wait_end());
            QTRY_COMPARE(engine.stats().queued + engine.stats().running, 0U);
            stats = engine.stats();
        }
        QCOMPARE(stats.completed + stats.cancelled, 200U);
        for (const ToldPtr& job : jobs)
            QCOMPARE(job->ended, 1);
    }

    void destruction_ends_what_is_left()
    {
        config::DemoOptions options = single(stuck());
        options.workers = 2;
        std::vector<ToldPtr> jobs;
        {
            Engine engine(options, m_clock, m_metrics);
            for (int i = 0; i < 50; ++i) {
                jobs.push_back(std::make_shared<Told>());
                engine.submit(ask("x"), callbacks_of(jobs.back()));
            }
            QVERIFY(jobs[0]->wait_token());
        }
        for (const ToldPtr& job : jobs) {
            QCOMPARE(job->ended, 1);
            QVERIFY(job->error);
            QCOMPARE(job->error->code, ErrorCode::shutting_down);
        }
        for (const ToldPtr& job : jobs)
            QCOMPARE(job.use_count(), 1L); // no callback is kept
    }

    void callbacks_may_be_left_out()
    {
        Engine engine(quick(), m_clock, m_metrics);
        engine.submit(ask("x", 2), {});
        QTRY_COMPARE(engine.stats().completed, 1U);
    }
};

QTEST_APPLESS_MAIN(TestDemoEngine)
#include "tst_demo_engine.moc"

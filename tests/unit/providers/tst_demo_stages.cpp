// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/demo/engine.h"
#include "providers/demo/tokenizer.h"
#include "support/fake_pipeline.h"

#include <QtTest>

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

using namespace tokenscope;
using namespace tokenscope::providers::demo;
using namespace std::chrono_literals;
using telemetry::PipelineQueue;
using telemetry::Stage;
using telemetry::WorkerType;
using test::FakePipeline;

namespace {

config::DemoOptions quick()
{
    config::DemoOptions options;
    options.batch_wait = 200us;
    options.tokenize_per_token = 10us;
    options.prefill_base = 100us;
    options.prefill_per_token = 1us;
    options.per_token = 20us;
    return options;
}

JobRequest ask(std::string prompt, std::optional<std::uint64_t> max_tokens = {}, std::string_view model = "demo-small")
{
    return {.model = *find_model(model), .prompt = std::move(prompt), .max_tokens = max_tokens};
}

/// A prompt of that many tokens.
std::string words(std::size_t count)
{
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text += i == 0 ? "a" : " a";
    return text;
}

/// How one job ended.
struct Ending {
    std::atomic<int> ends = 0;
    std::atomic<std::size_t> tokens = 0;
    JobFacts facts; ///< once it has ended
    std::optional<Error> error;
};
using EndingPtr = std::shared_ptr<Ending>;

JobCallbacks told_to(const EndingPtr& ending)
{
    JobCallbacks callbacks;
    callbacks.token = [ending](std::string_view, std::size_t) { ++ending->tokens; };
    callbacks.done = [ending](const JobFacts& facts, std::string_view) {
        ending->facts = facts;
        ++ending->ends;
    };
    callbacks.failed = [ending](Error error, const JobFacts& facts) {
        ending->facts = facts;
        ending->error = std::move(error);
        ++ending->ends;
    };
    return callbacks;
}

Nanos sum_of(const telemetry::StageTimes& stages)
{
    Nanos sum{0};
    for (const auto& time : stages)
        sum += time.value_or(Nanos(0));
    return sum;
}

const std::optional<Nanos>& of(const JobFacts& facts, Stage stage)
{
    return facts.stages[static_cast<std::size_t>(stage)];
}

} // namespace

class TestDemoStages : public QObject {
    Q_OBJECT

    SystemClock m_clock;

private Q_SLOTS:
    void the_stages_add_up_and_are_measured()
    {
        config::DemoOptions options = quick();
        options.batch_wait = 5ms;
        options.tokenize_per_token = 1ms;
        options.prefill_base = 20ms;
        options.per_token = 2ms;
        options.jitter = 0;
        FakePipeline metrics;
        const auto ending = std::make_shared<Ending>();
        Engine engine(options, m_clock, metrics);
        const Instant begin = m_clock.now();
        engine.submit(ask(words(8), 5), told_to(ending));
        QTRY_COMPARE(ending->ends, 1);
        const Nanos at_most = m_clock.now() - begin;
        const JobFacts& facts = ending->facts;
        QCOMPARE(sum_of(facts.stages), facts.total);
        QVERIFY(facts.total <= at_most);
        QVERIFY(*of(facts, Stage::tokenization) >= 8ms);
        QVERIFY(*of(facts, Stage::scheduler) >= 5ms);
        QVERIFY(*of(facts, Stage::inference) >= 28ms);
        for (const Stage stage :
             {Stage::mp_queue_send, Stage::tokenizer_queue_wait, Stage::model_queue_wait, Stage::pipeline_overhead})
            QVERIFY(*of(facts, stage) >= 0ns);
        for (const Stage outside : {Stage::mp_queue_receive, Stage::grpc_serialize, Stage::grpc_deserialize})
            QVERIFY(!of(facts, outside));
    }

    void stages_of_the_cut_off_go_as_far_as_they_got()
    {
        FakePipeline metrics;
        config::DemoOptions options = quick();
        options.tokenizer_workers = 1;
        options.tokenize_per_token = std::chrono::hours(1);
        Engine engine(options, m_clock, metrics);
        const auto tokenizing = engine.submit(ask("a"), {});
        QTRY_COMPARE(metrics.waiting(PipelineQueue::tokenizer), 0);
        const auto queued = engine.submit(ask("b"), {});
        QCOMPARE(metrics.waiting(PipelineQueue::tokenizer), 1);
        QCOMPARE(engine.stats().queued, 2U);

        const auto waited = engine.cancel(queued);
        QVERIFY(waited);
        QVERIFY(of(*waited, Stage::tokenizer_queue_wait) && !of(*waited, Stage::tokenization));
        QVERIFY(!waited->prompt_tokens);
        QCOMPARE(sum_of(waited->stages), waited->total);
        QVERIFY(metrics.empty());

        const auto cut = engine.cancel(tokenizing);
        QVERIFY(cut && of(*cut, Stage::tokenization) && !of(*cut, Stage::model_queue_wait));
        QVERIFY(!cut->prompt_tokens);
        QCOMPARE(sum_of(cut->stages), cut->total);
        QVERIFY(!engine.cancel(tokenizing)); // it has ended
        // Its worker is free at once, though it would have been busy for an hour.
        engine.submit(ask("c"), {});
        QTRY_COMPARE(metrics.waiting(PipelineQueue::tokenizer), 0);
        QCOMPARE(metrics.requests(WorkerType::tokenizer), 0U);
    }

    void refused_and_broken_jobs_have_stages_too()
    {
        FakePipeline metrics;
        config::DemoOptions options = quick();
        options.error_rate = 1;
        const auto refused = std::make_shared<Ending>();
        {
            Engine engine(options, m_clock, metrics);
            engine.submit(ask("a b c"), told_to(refused));
            QTRY_COMPARE(refused->ends, 1);
        }
        QVERIFY(of(refused->facts, Stage::model_queue_wait) && !of(refused->facts, Stage::inference));
        QCOMPARE(refused->facts.prompt_tokens, std::optional<std::uint64_t>(3));
        QCOMPARE(sum_of(refused->facts.stages), refused->facts.total);

        options.error_rate = 0;
        options.midstream_error_rate = 1;
        Engine engine(options, m_clock, metrics);
        const auto broken = std::make_shared<Ending>();
        engine.submit(ask("a b c"), told_to(broken));
        QTRY_COMPARE(broken->ends, 1);
        QVERIFY(broken->error);
        QCOMPARE(broken->error->code, ErrorCode::upstream_error_event);
        QVERIFY(broken->tokens >= 1);
        QCOMPARE(broken->facts.completion_tokens, broken->tokens);
        QVERIFY(of(broken->facts, Stage::inference));
        QCOMPARE(sum_of(broken->facts.stages), broken->facts.total);
        QCOMPARE(engine.stats().broken, 1U);
        QCOMPARE(engine.stats().completed, 0U);
        QCOMPARE(metrics.answers(), 0U);
        QVERIFY(metrics.empty());
    }

    void counts_what_the_workers_did()
    {
        FakePipeline metrics;
        config::DemoOptions options = quick();
        options.tokenizer_workers = 3;
        options.workers = 2;
        std::vector<EndingPtr> endings;
        {
            Engine engine(options, m_clock, metrics);
            QCOMPARE(metrics.workers().size(), 3U + 3 * 2U); // of each of three models
            for (std::size_t i = 0; i < 40; ++i) {
                endings.push_back(std::make_shared<Ending>());
                engine.submit(ask(words(1 + i), 3, models[i % 3].id), told_to(endings.back()));
            }
            for (const EndingPtr& ending : endings)
                QTRY_COMPARE(ending->ends, 1);
            QVERIFY(metrics.empty());
        }
        QVERIFY(metrics.sound() && metrics.workers().empty());
        QCOMPARE(metrics.answers(), 40U);
        QCOMPARE(metrics.requests(WorkerType::tokenizer), 40U);
        QCOMPARE(metrics.requests(WorkerType::model), 40U);
        std::uint64_t sequences = 0, tokens = 0;
        for (const auto& batch : metrics.batches()) {
            QVERIFY(batch.sequences >= 1 && batch.sequences <= options.batch_size);
            QCOMPARE(batch.longest * batch.sequences, batch.tokens + batch.padding);
            sequences += batch.sequences;
            tokens += batch.tokens;
        }
        QCOMPARE(sequences, 40U);
        QCOMPARE(tokens, 40U * 41 / 2);
    }

    void a_flood_waits_in_queues_and_leaves_none_behind()
    {
        FakePipeline metrics;
        config::DemoOptions options = quick();
        options.tokenizer_workers = 1;
        options.workers = 1;
        options.batch_size = 2;
        options.per_token = 1ms;
        std::vector<EndingPtr> endings;
        Engine engine(options, m_clock, metrics);
        for (std::size_t i = 0; i < 30; ++i) {
            endings.push_back(std::make_shared<Ending>());
            engine.submit(ask(words(50), 5), told_to(endings.back()));
        }
        for (const EndingPtr& ending : endings)
            QTRY_COMPARE(ending->ends, 1);
        QVERIFY(metrics.longest(PipelineQueue::tokenizer) > 0);
        QVERIFY(metrics.longest(PipelineQueue::model) > 0);
        QVERIFY(metrics.longest(PipelineQueue::batch) >= 1 && metrics.longest(PipelineQueue::batch) <= 2);
        QVERIFY(metrics.empty() && metrics.sound());
    }

    void a_huge_prompt_does_not_stop_the_others()
    {
        FakePipeline metrics;
        config::DemoOptions options = quick();
        options.tokenize_per_token = 0us;
        Engine engine(options, m_clock, metrics);
        JobRequest huge = ask("x", 1);
        huge.context = {std::string(std::size_t{4} << 20, 'y')};
        const auto slow = std::make_shared<Ending>();
        const auto fast = std::make_shared<Ending>();
        engine.submit(std::move(huge), told_to(slow));
        QTRY_COMPARE(metrics.waiting(PipelineQueue::tokenizer), 0); // somebody is at it
        JobCallbacks callbacks = told_to(fast);
        std::atomic<bool> overtook = false;
        callbacks.token = [&overtook, slow](std::string_view, std::size_t) { overtook = slow->ends == 0; };
        engine.submit(ask("x", 1), std::move(callbacks));
        QTRY_COMPARE(fast->ends, 1);
        QVERIFY(overtook);
        QTRY_COMPARE_WITH_TIMEOUT(slow->ends, 1, 60'000);
        QCOMPARE(slow->facts.prompt_tokens, std::optional<std::uint64_t>(1 + ((std::size_t{4} << 20) + 6) / 7));
    }

    void destruction_is_prompt_wherever_jobs_are()
    {
        FakePipeline metrics;
        config::DemoOptions options = quick();
        options.workers = 1;
        options.batch_size = 2;
        options.per_token = std::chrono::hours(1);
        options.tokenizer_workers = 1;
        options.tokenize_per_token = std::chrono::minutes(1);
        options.jitter = 0;
        std::vector<EndingPtr> endings;
        const Instant begin = m_clock.now();
        {
            Engine engine(options, m_clock, metrics);
            for (int i = 0; i < 6; ++i) { // without a prompt there is nothing to tokenise: they go on to the model
                endings.push_back(std::make_shared<Ending>());
                engine.submit(ask(""), told_to(endings.back()));
            }
            QTRY_VERIFY(endings[0]->tokens > 0);
            for (int i = 0; i < 3; ++i) { // these stay with the tokenizer
                endings.push_back(std::make_shared<Ending>());
                engine.submit(ask("a"), told_to(endings.back()));
            }
            QTRY_COMPARE(metrics.waiting(PipelineQueue::tokenizer), 2);
        }
        QVERIFY(m_clock.now() - begin < 20s);
        for (const EndingPtr& ending : endings) {
            QCOMPARE(ending->ends, 1);
            QVERIFY(ending->error);
            QCOMPARE(ending->error->code, ErrorCode::shutting_down);
            QCOMPARE(sum_of(ending->facts.stages), ending->facts.total);
            QCOMPARE(ending.use_count(), 1L);
        }
        QVERIFY(metrics.empty() && metrics.sound() && metrics.workers().empty());
    }

    void cancels_from_many_threads_leave_nothing_behind()
    {
        FakePipeline metrics;
        config::DemoOptions options = quick();
        options.error_rate = 0.1;
        options.midstream_error_rate = 0.1;
        options.tail_rate = 0.1;
        std::atomic<std::size_t> cancelled = 0;
        std::vector<EndingPtr> endings;
        std::mutex mutex;
        EngineStats stats;
        {
            Engine engine(options, m_clock, metrics);
            std::vector<std::thread> clients;
            for (unsigned client = 0; client < 4; ++client) {
                clients.emplace_back([&, client] {
                    std::mt19937 random(client);
                    for (int i = 0; i < 150; ++i) {
                        const auto ending = std::make_shared<Ending>();
                        const auto handle = engine.submit(
                            ask(words(1 + random() % 30), 1 + random() % 20, models[random() % 3].id), told_to(ending));
                        const auto pause = std::chrono::microseconds(random() % 3000);
                        if (random() % 2 == 0) {
                            std::this_thread::sleep_for(pause);
                            const auto facts = engine.cancel(handle);
                            if (facts && sum_of(facts->stages) == facts->total)
                                ++cancelled;
                        }
                        const std::scoped_lock lock(mutex);
                        endings.push_back(ending);
                    }
                });
            }
            for (std::thread& client : clients)
                client.join();
            QTRY_COMPARE(engine.stats().queued + engine.stats().running, 0U);
            stats = engine.stats();
            QVERIFY(metrics.empty());
        }
        QCOMPARE(stats.cancelled, cancelled.load());
        QCOMPARE(stats.completed + stats.refused + stats.broken + stats.cancelled, 600U);
        QVERIFY(stats.cancelled > 0 && stats.refused > 0 && stats.broken > 0 && stats.completed > 0);
        std::uint64_t ended = 0;
        for (const EndingPtr& ending : endings) {
            QVERIFY(ending->ends <= 1);
            ended += static_cast<std::uint64_t>(ending->ends.load());
            if (ending->ends == 1)
                QCOMPARE(sum_of(ending->facts.stages), ending->facts.total);
        }
        QCOMPARE(ended, 600U - stats.cancelled);
        QCOMPARE(metrics.answers(), stats.completed);
        QVERIFY(metrics.sound() && metrics.workers().empty());
    }

    void same_seed_same_fates()
    {
        config::DemoOptions options = quick();
        options.error_rate = 0.3;
        options.midstream_error_rate = 0.3;
        const auto run = [&] {
            FakePipeline metrics;
            Engine engine(options, m_clock, metrics);
            std::vector<std::pair<bool, std::size_t>> outcome;
            for (int i = 0; i < 30; ++i) {
                const auto ending = std::make_shared<Ending>();
                engine.submit(ask("the same " + std::to_string(i), 40), told_to(ending));
                [&] { QTRY_COMPARE(ending->ends, 1); }();
                outcome.emplace_back(ending->error.has_value(), ending->tokens);
            }
            return outcome;
        };
        const auto first = run();
        QCOMPARE(first, run());
        QVERIFY(std::any_of(first.begin(), first.end(), [](const auto& one) { return one.first && one.second > 0; }));
    }
};

QTEST_APPLESS_MAIN(TestDemoStages)
#include "tst_demo_stages.moc"

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/exposition.h"
#include "telemetry/metrics.h"

#include <QtTest>

#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace tokenscope;
using namespace tokenscope::telemetry;
using namespace std::chrono_literals;

namespace {

using Value = std::optional<double>;
using LabelMap = std::map<std::string, std::string>;
const Value absent;

constexpr auto tokenizer = WorkerType::tokenizer;
constexpr auto model = WorkerType::model;

struct Bench {
    ManualClock clock;
    Metrics metrics{{"1", ""}, 2000, &clock};
    PipelineMetrics& pipeline = metrics.pipeline();

    Value value(std::string_view name, const LabelMap& labels = {}) const
    {
        for (const auto& sample : flatten(metrics.collect()))
            if (sample.name == name && sample.labels == labels)
                return sample.value;
        return absent;
    }
    Value of_worker(std::string_view name, const char* type, const char* id) const
    {
        return value(name, {{"worker_id", id}, {"worker_type", type}});
    }
};

bool near(const Value& value, double expected)
{
    return value && std::abs(*value - expected) < 1e-9;
}

} // namespace

class TestPipelineRecorder : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void without_an_engine_there_is_nothing()
    {
        const Bench bench;
        for (const char* name : {"tokenizer_queue_size", "model_queue_size", "batch_queue_size", "padding_ratio",
                                 "max_seq_length", "avg_seq_length", "padded_tokens_total", "total_tokens_total",
                                 "tokenizer_throughput_qps", "inference_throughput_qps", "overall_throughput_qps"})
            QCOMPARE(bench.value(name), absent);
    }

    void with_an_idle_engine_what_is_known_is_zero()
    {
        Bench bench;
        QCOMPARE(bench.pipeline.worker_started(tokenizer), 0U);
        QCOMPARE(bench.pipeline.worker_started(model), 0U);
        for (const char* name :
             {"tokenizer_queue_size", "model_queue_size", "batch_queue_size", "padded_tokens_total",
              "total_tokens_total", "tokenizer_throughput_qps", "inference_throughput_qps", "overall_throughput_qps"})
            QCOMPARE(bench.value(name), Value(0));
        for (const char* name : {"padding_ratio", "max_seq_length", "avg_seq_length"})
            QCOMPARE(bench.value(name), absent); // there was no batch
        QCOMPARE(bench.of_worker("worker_request_count_total", "model", "0"), Value(0));
        QCOMPARE(bench.of_worker("worker_throughput_qps", "tokenizer", "0"), Value(0));
        QCOMPARE(bench.of_worker("worker_latency_ms", "model", "0"), absent);
    }

    void queues_add_up_over_engines()
    {
        Bench bench;
        bench.pipeline.worker_started(model);
        bench.pipeline.waiting(PipelineQueue::tokenizer, 3);
        bench.pipeline.waiting(PipelineQueue::tokenizer, 2);
        bench.pipeline.waiting(PipelineQueue::batch, 4);
        bench.pipeline.waiting(PipelineQueue::batch, -4);
        bench.pipeline.waiting(PipelineQueue::model, 7);
        QCOMPARE(bench.value("tokenizer_queue_size"), Value(5));
        QCOMPARE(bench.value("batch_queue_size"), Value(0));
        QCOMPARE(bench.value("model_queue_size"), Value(7));
        bench.metrics.queues().depth("openai", 2);
        bench.metrics.queues().depth("demo", 1);
        QCOMPARE(bench.value("model_queue_size"), Value(10)); // who waits for any model
        bench.pipeline.waiting(PipelineQueue::model, -7);
        bench.pipeline.worker_stopped(model, 0);
        QCOMPARE(bench.value("model_queue_size"), Value(3));
        QCOMPARE(bench.value("tokenizer_queue_size"), absent);
    }

    void padding_is_that_of_the_last_batch_and_tokens_add_up()
    {
        Bench bench;
        bench.pipeline.worker_started(model);
        bench.pipeline.batch({.sequences = 3, .tokens = 60, .padding = 30, .longest = 30});
        QVERIFY(near(bench.value("padding_ratio"), 1.0 / 3));
        QCOMPARE(bench.value("max_seq_length"), Value(30));
        QCOMPARE(bench.value("avg_seq_length"), Value(20));
        bench.pipeline.batch({.sequences = 1, .tokens = 10, .padding = 0, .longest = 10});
        QCOMPARE(bench.value("padding_ratio"), Value(0));
        QCOMPARE(bench.value("avg_seq_length"), Value(10));
        QCOMPARE(bench.value("padded_tokens_total"), Value(30));
        QCOMPARE(bench.value("total_tokens_total"), Value(100)); // so that the first by the second is the share
        bench.pipeline.batch({.sequences = 2});                  // of empty prompts: no division by nothing
        QCOMPARE(bench.value("padding_ratio"), Value(0));
        QCOMPARE(bench.value("avg_seq_length"), Value(0));
        bench.pipeline.batch({});
        QCOMPARE(bench.value("avg_seq_length"), Value(0));
    }

    void workers_have_series_as_long_as_they_live()
    {
        Bench bench;
        QCOMPARE(bench.pipeline.worker_started(model), 0U);
        QCOMPARE(bench.pipeline.worker_started(model), 1U);
        QCOMPARE(bench.pipeline.worker_started(tokenizer), 0U); // each type counts for itself
        bench.pipeline.worker_finished(model, 1, 1, 1500us);
        bench.pipeline.worker_finished(model, 1, 3, 250us);
        QCOMPARE(bench.of_worker("worker_request_count_total", "model", "1"), Value(4));
        QVERIFY(near(bench.of_worker("worker_latency_ms", "model", "1"), 0.25));
        QCOMPARE(bench.of_worker("worker_request_count_total", "model", "0"), Value(0));
        QCOMPARE(bench.of_worker("worker_request_count_total", "tokenizer", "0"), Value(0));

        bench.pipeline.worker_stopped(model, 0);
        QCOMPARE(bench.of_worker("worker_request_count_total", "model", "0"), absent);
        QCOMPARE(bench.of_worker("worker_throughput_qps", "model", "0"), absent);
        QCOMPARE(bench.pipeline.worker_started(model), 0U); // the lowest that is free
        QCOMPARE(bench.pipeline.worker_started(model), 2U);
        bench.pipeline.worker_stopped(model, 1);
        QCOMPARE(bench.pipeline.worker_started(model), 1U);
        QCOMPARE(bench.of_worker("worker_request_count_total", "model", "1"), Value(0)); // a new one
        QCOMPARE(bench.of_worker("worker_latency_ms", "model", "1"), absent);
    }

    void nobody_knows_the_worker()
    {
        Bench bench;
        bench.pipeline.worker_stopped(model, 7);
        bench.pipeline.worker_finished(model, 7, 1, 1ms);
        QCOMPARE(bench.of_worker("worker_request_count_total", "model", "7"), absent);
    }

    void throughputs_are_over_the_last_ten_seconds()
    {
        Bench bench;
        bench.pipeline.worker_started(model);
        bench.pipeline.worker_started(tokenizer);
        for (int i = 0; i < 10; ++i) {
            bench.pipeline.worker_finished(tokenizer, 0, 1, 1ms);
            bench.pipeline.worker_finished(model, 0, 2, 1ms);
        }
        bench.pipeline.answered();
        QVERIFY(near(bench.value("tokenizer_throughput_qps"), 1));
        QVERIFY(near(bench.value("inference_throughput_qps"), 2));
        QVERIFY(near(bench.value("overall_throughput_qps"), 0.1));
        QVERIFY(near(bench.of_worker("worker_throughput_qps", "model", "0"), 2));
        bench.clock.advance(5s);
        bench.pipeline.worker_finished(model, 0, 10, 1ms);
        QVERIFY(near(bench.value("inference_throughput_qps"), 3));
        bench.clock.advance(4900ms);
        QVERIFY(near(bench.value("inference_throughput_qps"), 3));
        bench.clock.advance(100ms);
        QVERIFY(near(bench.value("inference_throughput_qps"), 1));
        QCOMPARE(bench.value("overall_throughput_qps"), Value(0));
        bench.clock.advance(1h);
        QCOMPARE(bench.value("inference_throughput_qps"), Value(0));
        bench.pipeline.worker_finished(model, 0, 5, 1ms); // into a slot that has been used before
        QVERIFY(near(bench.value("inference_throughput_qps"), 0.5));
    }

    void after_the_last_engine_only_counters_stay()
    {
        Bench bench;
        bench.pipeline.worker_started(model);
        bench.pipeline.batch({.sequences = 2, .tokens = 3, .padding = 1, .longest = 2});
        bench.pipeline.worker_stopped(model, 0);
        QCOMPARE(bench.value("padded_tokens_total"), Value(1));
        QCOMPARE(bench.value("total_tokens_total"), Value(4));
        for (const char* name : {"padding_ratio", "tokenizer_queue_size", "model_queue_size", "overall_throughput_qps"})
            QCOMPARE(bench.value(name), absent);
        bench.pipeline.worker_started(model);
        QCOMPARE(bench.value("padding_ratio"), absent); // the new one has had no batch
        QCOMPARE(bench.value("total_tokens_total"), Value(4));
    }

    void many_engines_at_once()
    {
        Bench bench;
        bench.pipeline.worker_started(model); // stays
        std::vector<std::thread> engines;
        for (int i = 0; i < 4; ++i) {
            engines.emplace_back([&bench] {
                for (int n = 0; n < 200; ++n) {
                    const auto id = bench.pipeline.worker_started(model);
                    bench.pipeline.waiting(PipelineQueue::model, 1);
                    bench.pipeline.worker_finished(model, id, 1, 1ms);
                    bench.pipeline.batch({.sequences = 1, .tokens = 1, .padding = 0, .longest = 1});
                    bench.pipeline.waiting(PipelineQueue::model, -1);
                    bench.pipeline.worker_stopped(model, id);
                    (void)bench.metrics.collect();
                }
            });
        }
        for (std::thread& engine : engines)
            engine.join();
        QCOMPARE(bench.value("model_queue_size"), Value(0));
        QCOMPARE(bench.value("total_tokens_total"), Value(800));
        QCOMPARE(bench.value("inference_throughput_qps"), Value(80));
        QCOMPARE(bench.pipeline.worker_started(model), 1U);
    }
};

QTEST_APPLESS_MAIN(TestPipelineRecorder)
#include "tst_pipeline_recorder.moc"

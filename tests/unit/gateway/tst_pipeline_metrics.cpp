// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/url.h"
#include "counting_hooks.h"
#include "support/raw_http.h"
#include "telemetry/exposition.h"
#include "telemetry/metrics.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace tokenscope;
using namespace tokenscope::test;
using namespace std::chrono_literals;
using telemetry::Stage;

namespace {

config::Provider demo(const std::string& name = "demo")
{
    config::Provider provider;
    provider.name = name;
    provider.kind = config::ProviderKind::demo;
    provider.max_in_flight = 40;
    provider.demo.tokenizer_workers = 1;
    provider.demo.workers = 1;
    provider.demo.batch_wait = 20ms;
    provider.demo.tokenize_per_token = 50us;
    provider.demo.prefill_base = 5ms;
    provider.demo.prefill_per_token = 10us;
    provider.demo.per_token = 2ms;
    return provider;
}

const char* const streamed = ",\"stream\":true";

QByteArray question(int words, const char* more = "")
{
    const QByteArray text = QByteArray("whale ").repeated(words);
    return "{\"model\":\"demo-small\",\"max_tokens\":20" + QByteArray(more)
           + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
}

/// A gateway whose page is that of real metrics.
struct Bench {
    explicit Bench(config::Config config) : gateway(std::move(config), services())
    {
        if (const auto started = gateway.start(); !started)
            qFatal("%s", started.error().message.c_str());
    }

    gateway::GatewayServices services()
    {
        return {.tokens = metrics.tokens(),
                .requests = metrics.requests(),
                .providers = metrics.providers(),
                .http = metrics.http(),
                .queues = metrics.queues(),
                .gateway = metrics.gateway(),
                .pipeline = metrics.pipeline(),
                .conversations = metrics.conversations(),
                .records = records,
                .spans = traces,
                .log = log,
                .clock = clock,
                .snapshot = [this] { return metrics.collect(); }};
    }
    std::uint16_t port() const { return parse_url(gateway.base_url())->port; }

    /// The page's samples, read over HTTP like by anybody else.
    std::map<std::string, double> scrape() const
    {
        RawHttp client(port());
        client.get("/metrics");
        std::map<std::string, double> samples;
        if (!client.read_reply())
            return samples;
        const auto lines = client.body().split('\n');
        for (const QByteArray& line : lines) {
            const auto space = line.lastIndexOf(' ');
            if (space > 0 && !line.startsWith('#'))
                samples[line.left(space).toStdString()] = line.mid(space + 1).toDouble();
        }
        return samples;
    }

    SystemClock clock;
    telemetry::Metrics metrics{{"1", ""}};
    telemetry::RequestLog records;
    TraceCollector traces;
    telemetry::Logger log{{.to_stderr = false}};
    gateway::Gateway gateway;
};

std::string of_worker(const char* name, const char* type, const char* id)
{
    return std::string(name) + "{worker_id=\"" + id + "\",worker_type=\"" + type + "\"}";
}

std::size_t workers_in(const std::map<std::string, double>& page)
{
    std::size_t count = 0;
    for (const auto& sample : page)
        count += sample.first.starts_with("worker_request_count_total{") ? 1 : 0;
    return count;
}

} // namespace

/// Family D is what the demo engine really did for requests that came over HTTP.
class TstPipelineMetrics : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void a_flood_shows_and_is_gone_again()
    {
        Bench bench(test_config({demo()}));
        std::vector<std::unique_ptr<RawHttp>> clients;
        std::size_t prompt_tokens = 0;
        for (int i = 0; i < 32; ++i) {
            clients.push_back(std::make_unique<RawHttp>(bench.port()));
            clients.back()->post("/v1/chat/completions", question(1 + i * 3, i % 2 ? streamed : ""));
            prompt_tokens += static_cast<std::size_t>(1 + i * 3) + 1; // and the last space
        }
        double deepest = 0;
        QTRY_VERIFY((deepest = std::max(deepest, bench.scrape()["model_queue_size"])) > 0);
        for (const auto& client : clients) {
            QVERIFY(client->read_reply());
            QCOMPARE(client->status(), 200);
        }
        auto page = bench.scrape();
        for (const char* queue : {"tokenizer_queue_size", "model_queue_size", "batch_queue_size"}) {
            QVERIFY(page.contains(queue));
            QCOMPARE(page.at(queue), 0.0);
        }
        const double padded = page.at("padded_tokens_total");
        QCOMPARE(page.at("total_tokens_total") - padded, static_cast<double>(prompt_tokens));
        QVERIFY(padded > 0); // prompts of different lengths met in a batch
        QCOMPARE(page.at(of_worker("worker_request_count_total", "tokenizer", "0")), 32.0);
        QVERIFY(page.at(of_worker("worker_latency_ms", "tokenizer", "0")) > 0);
        QCOMPARE(workers_in(page), 4U); // and a model worker for each model
        QVERIFY(page.at("overall_throughput_qps") > 0);
        QVERIFY(page.at("tokenizer_throughput_qps") >= page.at("inference_throughput_qps"));
        double by_models = 0;
        for (const char* id : {"0", "1", "2"})
            by_models += page.at(of_worker("worker_request_count_total", "model", id));
        QCOMPARE(by_models, 32.0);
    }

    void the_last_batch_shows_its_padding()
    {
        auto provider = demo();
        provider.demo.batch_size = 2;
        provider.demo.batch_wait = 10s; // full at two
        Bench bench(test_config({provider}));
        RawHttp brief(bench.port());
        RawHttp lengthy(bench.port());
        brief.post("/v1/chat/completions", question(9));
        lengthy.post("/v1/chat/completions", question(29));
        QVERIFY(brief.read_reply() && lengthy.read_reply());
        auto page = bench.scrape();
        QCOMPARE(page.at("max_seq_length"), 30.0);
        QCOMPARE(page.at("avg_seq_length"), 20.0);
        QVERIFY(std::abs(page.at("padding_ratio") - 20.0 / 60) < 1e-9);
        QCOMPARE(page.at("padded_tokens_total"), 20.0);
        QCOMPARE(page.at("total_tokens_total"), 60.0);
    }

    void requests_carry_the_times_of_their_stages()
    {
        Bench bench(test_config({demo()}));
        for (const char* more : {"", streamed}) {
            RawHttp client(bench.port());
            client.post("/v1/chat/completions", question(10, more));
            QVERIFY(client.read_reply());
        }
        bench.gateway.stop();
        const auto records = bench.records.since(0);
        QCOMPARE(records.size(), 2U);
        for (const auto& record : records) {
            Nanos in_engine{0};
            for (std::size_t i = 0; i < telemetry::stage_count; ++i) {
                QVERIFY2(record->stages[i], qPrintable(QString::number(i)));
                QVERIFY(*record->stages[i] >= 0ns);
                const auto stage = static_cast<Stage>(i);
                if (stage != Stage::mp_queue_receive && stage != Stage::grpc_serialize
                    && stage != Stage::grpc_deserialize)
                    in_engine += *record->stages[i];
            }
            QVERIFY(in_engine <= record->total());
            QVERIFY(*record->stages[static_cast<std::size_t>(Stage::inference)] > 20ms);
            QVERIFY(in_engine > record->total() / 2);
        }
    }

    void a_client_that_leaves_takes_its_request_along()
    {
        auto provider = demo();
        provider.demo.per_token = 1h;
        Bench bench(test_config({provider}));
        std::vector<std::unique_ptr<RawHttp>> clients;
        for (int i = 0; i < 8; ++i) {
            clients.push_back(std::make_unique<RawHttp>(bench.port()));
            clients.back()->post("/v1/chat/completions", question(3));
        }
        QTRY_COMPARE(bench.scrape()["model_queue_size"], 4.0); // four are in the worker's hands
        for (const auto& client : clients)
            client->close();
        QTRY_COMPARE(bench.scrape()["model_queue_size"], 0.0);
        QTRY_COMPARE(bench.records.since(0).size(), 8U);
        QCOMPARE(bench.scrape()["batch_queue_size"], 0.0);
        for (const auto& record : bench.records.since(0))
            QVERIFY(record->stages[static_cast<std::size_t>(Stage::model_queue_wait)]);
    }

    void workers_follow_the_configuration()
    {
        auto config = test_config({demo("a"), demo("b")});
        Bench bench(config);
        QCOMPARE(workers_in(bench.scrape()), 8U); // two engines, each with a tokenizer and three models
        QVERIFY(bench.scrape().contains(of_worker("worker_throughput_qps", "model", "5")));
        config.providers.pop_back();
        QVERIFY(bench.gateway.apply(config));
        QTRY_COMPARE(workers_in(bench.scrape()), 4U);
        config.providers[0].demo.workers = 3;
        QVERIFY(bench.gateway.apply(config));
        QTRY_COMPARE(workers_in(bench.scrape()), 10U);
        config.providers = {openai_at("http://127.0.0.1:9/v1")};
        QVERIFY(bench.gateway.apply(config));
        QTRY_COMPARE(workers_in(bench.scrape()), 0U);
        QVERIFY(!bench.scrape().contains("tokenizer_queue_size"));
    }

    void a_reply_that_breaks_off_is_an_error_in_the_stream()
    {
        auto provider = demo();
        provider.demo.midstream_error_rate = 1;
        Bench bench(test_config({provider}));
        RawHttp stream(bench.port());
        stream.post("/v1/chat/completions", question(3, streamed));
        QVERIFY(stream.read_reply());
        QCOMPARE(stream.status(), 200);
        QVERIFY(stream.body().contains("\"content\""));
        QVERIFY(stream.body().contains("\"error\"") && stream.body().contains("simulated failure"));
        QVERIFY(!stream.body().contains("\"finish_reason\":\"stop\""));
        RawHttp whole(bench.port());
        whole.post("/v1/chat/completions", question(3));
        QVERIFY(whole.read_reply());
        QCOMPARE(whole.status(), 500);
        bench.gateway.stop();
        const auto records = bench.records.since(0);
        QCOMPARE(records.size(), 2U);
        QCOMPARE(records[0]->end_reason, telemetry::EndReason::in_stream_error);
        QCOMPARE(records[1]->status, telemetry::RequestStatus::error);
    }
};

QTEST_GUILESS_MAIN(TstPipelineMetrics)
#include "tst_pipeline_metrics.moc"

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/measured_gateway.h"
#include "support/model_client.h"
#include "support/raw_http.h"
#include "support/request_truth.h"
#include "support/scripted_models.h"

#include <QTest>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <random>
#include <set>
#include <thread>

using namespace tokenscope;
using namespace tokenscope::test;
using namespace std::chrono_literals;

namespace {

constexpr int clients = 4;
constexpr int asks_per_client = 30;

using Random = std::mt19937;

int below(Random& random, int end)
{
    return static_cast<int>(random() % static_cast<unsigned>(end));
}

template <typename T, std::size_t size>
const T& one_of(Random& random, const T (&list)[size])
{
    return list[random() % size];
}

config::Provider provider_at(const FakeUpstream& upstream, const std::string& name, config::ProviderKind kind)
{
    config::Provider provider;
    provider.name = name;
    provider.kind = kind;
    provider.base_url = upstream.url().toStdString() + (kind == config::ProviderKind::openai ? "/v1" : "");
    provider.idle_timeout = 80ms;
    provider.retry_backoff = 1ms;
    return provider;
}

/// Servers of every kind, one that is not there, one with a very small queue, and the built-in engine.
struct Servers {
    ScriptedModels alpha{{"a1", "a2"}}, tight{{"t1"}}, claude{{"c1"}}, llama{{"phi4:latest"}};

    config::Config config() const
    {
        config::Config config;
        config.listen = "127.0.0.1:0";
        config.conversations.backend = config::ConversationBackend::memory;
        config.limits.drain_timeout = 2'000ms;
        auto narrow = provider_at(tight.upstream, "tight", config::ProviderKind::openai);
        narrow.max_in_flight = 1;
        narrow.max_queue = 1;
        narrow.queue_timeout = 20ms;
        config::Provider dead;
        dead.name = "dead";
        dead.base_url = "http://127.0.0.1:9/v1";
        dead.retry_backoff = 1ms;
        config::Provider demo;
        demo.name = "demo";
        demo.kind = config::ProviderKind::demo;
        demo.demo.prefill_base = 300us;
        demo.demo.prefill_per_token = 1us;
        demo.demo.per_token = 20us;
        demo.demo.error_rate = 0.2;
        config.providers = {provider_at(alpha.upstream, "alpha", config::ProviderKind::openai),
                            narrow,
                            provider_at(claude.upstream, "claude", config::ProviderKind::anthropic),
                            provider_at(llama.upstream, "llama", config::ProviderKind::ollama),
                            dead,
                            demo};
        config.aliases = {{"fast", "alpha/a2"}};
        config.fallbacks = {{"dead/d1", {"alpha/a1"}}, {"tight/t1", {"claude/c1", "alpha/a2"}}};
        return config;
    }
};

Ask random_ask(Random& random)
{
    static const QByteArray models[] = {
        "a1",   "alpha/a2",          "fast",    "t1",        "tight/t1",       "c1", "claude/c1",
        "phi4", "llama/phi4:latest", "dead/d1", "demo-tiny", "demo/demo-small"};
    static const QByteArray deeds[] = {
        "lump",  "no_usage", "slow",         "s400",         "s404",        "s429",      "s500",    "s503",
        "s529",  "flaky",    "flaky_429",    "flaky_reset",  "reset",       "close",     "garbage", "not_http",
        "stall", "cut",      "reset_inside", "stall_inside", "error_event", "unfinished"};
    static const QByteArray broken[] = {"{\"model\":", "[]", "{}", "{\"model\":\"\"}", "{\"model\":7}", "\xff\xfe"};
    Ask ask;
    ask.dialect = static_cast<Dialect>(below(random, dialect_count));
    ask.model = one_of(random, models);
    ask.stream = can_stream(ask.dialect) && below(random, 3) > 0;
    ask.prompt = 1 + below(random, 40);
    ask.completion = 1 + below(random, 12);
    if (below(random, 2) == 0)
        ask.deed = one_of(random, deeds);
    if (below(random, 12) == 0) // names that only a client could have thought of
        ask.model = one_of(random, {QByteArray("alpha/"), QByteArray(), QByteArray("dead/")}) + "invented-"
                    + QByteArray::number(random());
    if (below(random, 20) == 0)
        ask.broken = one_of(random, broken);
    if (below(random, 5) == 0)
        ask.leave = one_of(random, {Leave::in_headers, Leave::in_body, Leave::at_once, Leave::in_reply});
    return ask;
}

/// Looks at the page again and again, as a scraper does, and keeps the first thing that cannot be.
class Watcher {
public:
    explicit Watcher(const MeasuredGateway& gateway) : m_thread([this, &gateway] { run(gateway); }) {}

    /// Empty where all was well.
    std::string stop()
    {
        m_stopping = true;
        m_thread.join();
        return m_pages < 3 ? "too few pages were seen" : m_wrong;
    }

private:
    void run(const MeasuredGateway& gateway)
    {
        MetricsPage before;
        while (!m_stopping) {
            const auto text = gateway.page_text().toStdString();
            if (text.empty())
                continue; // the gateway moves to another port
            try {
                MetricsPage page(text);
                note(page.nonsense());
                note(fallen(before, page));
                before = std::move(page);
                ++m_pages;
            } catch (const std::exception& unreadable) {
                note(unreadable.what());
            }
        }
    }

    void note(const std::string& wrong)
    {
        if (m_wrong.empty())
            m_wrong = wrong;
    }

    /// A counter that is lower than before, or gone.
    static std::string fallen(const MetricsPage& before, const MetricsPage& now)
    {
        for (const auto& [sample, series] : before.samples()) {
            // Those of a worker end with it, and its number is given to another.
            if (!before.is_cumulative(sample) || sample.starts_with("worker_"))
                continue;
            const auto later = now.at(sample);
            for (const auto& [labels, value] : series) {
                const auto found = later.find(labels);
                if (found == later.end() || found->second < value)
                    return sample + to_text(labels) + " fell from " + std::to_string(value);
            }
        }
        return {};
    }

    std::atomic<bool> m_stopping = false;
    std::string m_wrong;
    int m_pages = 0;
    std::thread m_thread;
};

using Log = std::vector<Told>;

/// Everybody asks at the same time, whatever comes to mind.
Log talk(const MeasuredGateway& gateway, unsigned seed)
{
    std::vector<Log> logs(clients);
    std::vector<std::thread> threads;
    for (int i = 0; i < clients; ++i) {
        threads.emplace_back([i, seed, &gateway, &log = logs[static_cast<std::size_t>(i)]] {
            Random random(seed * 1'000 + static_cast<unsigned>(i));
            ModelClient client(gateway.port(), "client" + QByteArray::number(i));
            QByteArray last_response;
            for (int n = 0; n < asks_per_client; ++n) {
                auto ask = random_ask(random);
                if (below(random, 2) == 0)
                    ask.previous = last_response;
                const auto& told = client.ask(ask);
                const auto at = told.body.indexOf("\"resp_");
                if (told.ask.dialect == Dialect::responses && at >= 0)
                    last_response = told.body.mid(at + 1, told.body.indexOf('"', at + 1) - at - 1);
            }
            log = client.log();
        });
    }
    for (auto& thread : threads)
        thread.join();
    Log all;
    for (auto& log : logs)
        all.insert(all.end(), log.begin(), log.end());
    return all;
}

/// The tokens that a request said it would take are those in its record.
std::string wrong_usage(const Ask& ask, const telemetry::RequestRecord& record)
{
    const auto& usage = record.usage;
    const auto prompt = static_cast<std::uint64_t>(ask.prompt);
    const auto completion = static_cast<std::uint64_t>(ask.completion);
    if (record.target.backend == "demo")
        return usage.prompt && usage.completion ? "" : "the demo engine did not tell its usage";
    switch (ask.dialect) {
    case Dialect::embeddings:
    case Dialect::ollama_embed: return usage.prompt == prompt && !usage.completion ? "" : "wrong prompt tokens";
    case Dialect::rerank: return usage.total == prompt ? "" : "wrong tokens of a rerank";
    default: break;
    }
    if (usage.completion != completion)
        return "wrong completion tokens";
    if (usage.estimated)
        return ask.deed == "no_usage" && !usage.prompt ? "" : "its usage was told, and is called an estimate";
    return usage.prompt == prompt && usage.total == prompt + completion ? "" : "wrong prompt or total tokens";
}

/// What the client knows of each request must be what its record says.
std::string disagreement(const Log& log, const Records& records)
{
    std::map<std::string, const telemetry::RequestRecord*> by_id;
    for (const auto& record : records)
        if (!by_id.emplace(record->request_id, record.get()).second)
            return record->request_id + " has two records";
    std::size_t asked = 0;
    for (const auto& told : log) {
        if (told.ask.leave == Leave::in_headers)
            continue;
        ++asked;
        const auto id = told.request_id.toStdString();
        const auto found = by_id.find(id);
        if (found == by_id.end())
            return id + " has no record";
        const auto& record = *found->second;
        if (record.route != path_of(told.ask.dialect).toStdString())
            return id + " is of another route";
        if (told.whole && record.http_status != static_cast<unsigned>(told.status))
            return id + " ended with " + std::to_string(told.status) + ", not " + std::to_string(record.http_status);
        const bool success = record.status == telemetry::RequestStatus::success;
        if (record.cost != FlatPricing().cost_of(record.target, record.usage))
            return id + " has a wrong price";
        if (success != (record.end_reason == telemetry::EndReason::done) || success != record.error.empty())
            return id + " is neither a success nor an error";
        if (success && (record.http_status != 200 || (told.ask.leave == Leave::never && !told.whole)))
            return id + " is no success to its client";
        if (success) {
            if (const auto wrong = wrong_usage(told.ask, record); !wrong.empty())
                return id + ": " + wrong;
        }
        if (!success && told.whole && told.status == 200 && !told.ask.stream && told.ask.leave == Leave::never)
            return id + " is no error to its client: " + record.error;
    }
    if (records.size() != asked)
        return std::to_string(records.size()) + " records of " + std::to_string(asked) + " requests";
    return {};
}

using Pair = std::tuple<std::string, double, double>;

std::string first_unequal(const std::vector<Pair>& pairs)
{
    for (const auto& [what, is, should] : pairs)
        if (!(std::abs(is - should) <= 1e-9 * std::abs(should)))
            return what + ": " + std::to_string(is) + " and " + std::to_string(should);
    return {};
}

/// Sums that must agree between families, whoever records them.
std::string imbalance(const MetricsPage& page, const Records& records)
{
    const auto requests = page.sum("aigateway_requests_total");
    double first_tokens = 0, later_tokens = 0;
    for (const auto& record : records) {
        first_tokens += record->first_token ? 1 : 0;
        later_tokens += record->stream_tokens > 0 ? static_cast<double>(record->stream_tokens) - 1 : 0;
    }
    const auto http = page.sum("http_requests_total");
    return first_unequal({
        {"requests and records", requests, static_cast<double>(records.size())},
        {"requests and total latency", requests, page.sum("aigateway_total_latency_seconds_count")},
        {"requests and durations", requests, page.sum("gen_ai_server_request_duration_seconds_count")},
        {"requests and their count", requests, page.sum("request_count_total")},
        {"requests and latencies", requests, page.sum("request_latency_seconds_count")},
        {"requests over HTTP", page.sum("http_requests_total", {{"method", "POST"}}), requests},
        {"HTTP durations", page.sum("http_request_duration_seconds_count"), http},
        {"HTTP request sizes", page.sum("http_request_size_bytes_count"), http},
        {"HTTP response sizes", page.sum("http_response_size_bytes_count"), http},
        {"first tokens", page.sum("aigateway_first_token_latency_seconds_count"), first_tokens},
        {"later tokens", page.sum("aigateway_inter_token_latency_seconds_count"), later_tokens},
        {"requests in flight", page.sum("http_requests_in_flight"), 0},
        {"queues", page.sum("tokenscope_queue_depth"), 0},
        {"requests waiting for a model", page.sum("model_queue_size"), 0},
        {"requests waiting for a tokenizer", page.sum("tokenizer_queue_size"), 0},
        {"requests waiting in a batch", page.sum("batch_queue_size"), 0},
        {"conversation operations", page.sum("conversation_operations_total"),
         page.sum("conversation_operation_duration_seconds_count")},
    });
}

/// What is said of the calls of providers must agree with what is said of the requests that made them.
std::string imbalance_of_calls(const MetricsPage& page, const Records& records)
{
    double attempts = 0, chunks = 0;
    for (const auto& record : records) {
        attempts += record->attempts;
        chunks += static_cast<double>(record->chunk_count);
    }
    std::vector<Pair> pairs = {
        {"calls and attempts", page.sum("provider_requests_total"), attempts},
        {"calls and their durations", page.sum("provider_request_duration_seconds_count"), attempts},
        {"chunks", page.sum("provider_stream_chunks_total"), chunks},
        {"streams", page.sum("provider_stream_ttfb_seconds_count"), page.sum("provider_stream_duration_seconds_count")},
    };
    for (const std::string provider : {"alpha", "tight", "claude", "llama", "dead", "demo"}) {
        const auto tokens = [&](const char* type) {
            return page.sum("aigateway_model_tokens_total", {{"backend", provider}, {"type", type}});
        };
        const auto used = [&](const char* type) {
            return page.sum("provider_tokens_total", {{"provider", provider}, {"type", type}});
        };
        const auto calls = page.sum("provider_requests_total", {{"provider", provider}});
        const auto admitted = page.sum("tokenscope_queue_wait_seconds_count", {{"provider", provider}});
        pairs.insert(pairs.end(), {{provider + "'s prompt tokens", used("input"), tokens("prompt")},
                                   {provider + "'s completion tokens", used("output"), tokens("completion")},
                                   {provider + "'s calls and admissions", calls, admitted}});
    }
    // One good reply ends the calls of a request; only a client that leaves and a reply that cannot be translated may waste it.
    double successes = 0, failures = 0, dead = 0;
    for (const auto& record : records) {
        using enum telemetry::EndReason;
        const bool broken = record->end_reason == in_stream_error || record->end_reason == timeout
                            || (record->end_reason == upstream_error && record->error_type != "upstream_bad_reply");
        const bool good = record->end_reason == done;
        successes += good ? 1 : 0;
        failures += good ? record->attempts - 1 : broken ? record->attempts : 0;
        dead += record->attempts > 0 && record->requested_model.starts_with("dead/") ? 1 : 0;
    }
    const auto ended = [&page](const char* status) {
        return page.sum("provider_requests_total", {{"status", status}});
    };
    if (ended("success") < successes || ended("error") < failures)
        return "too few calls went well, or badly";
    // Each of its calls is a first one or a retry.
    pairs.emplace_back("calls of nobody", page.sum("provider_requests_total", {{"provider", "dead"}}),
                       dead + page.sum("tokenscope_upstream_retries_total", {{"provider", "dead"}}));
    return first_unequal(pairs);
}

/// Every record has its trace, whose first span is the request itself, and whose spans are all of that trace.
std::string untraced(const std::vector<telemetry::TraceSpans>& traces, const Records& records)
{
    std::map<std::string, const std::vector<telemetry::SpanData>*> by_id;
    for (const auto& spans : traces) {
        const auto& id = spans->front().trace_id;
        const auto text = QByteArray(reinterpret_cast<const char*>(id.data()), id.size()).toHex().toStdString();
        if (!by_id.emplace(text, spans.get()).second)
            return text + " has two traces";
        for (const auto& span : *spans)
            if (span.trace_id != id || span.end < span.start)
                return text + " has a span that is not its own, or ends before it begins: " + span.name;
    }
    for (const auto& record : records) {
        const auto found = by_id.find(std::string(record->trace_id));
        if (!record->sampled || found == by_id.end())
            return record->request_id + " has no trace";
        if (found->second->front().name != "HTTP POST " + record->route)
            return record->request_id + " has the trace of " + found->second->front().name;
        const auto calls = std::count_if(found->second->begin(), found->second->end(),
                                         [](const auto& span) { return span.name.starts_with("provider."); });
        if (calls != record->attempts)
            return record->request_id + " has " + std::to_string(calls) + " spans of calls, of "
                   + std::to_string(record->attempts);
    }
    return {};
}

/// Where the JSON page differs from the text page.
std::string contradiction_in_json(const MeasuredGateway& gateway, const MetricsPage& page)
{
    RawHttp client(gateway.port());
    client.get("/metrics.json");
    if (!client.read_reply() || client.status() != 200)
        return "there is no JSON page";
    InstantVector counters, latencies;
    const auto json = nlohmann::json::parse(client.body().toStdString());
    for (const auto& family : json["metrics"])
        for (const auto& sample : family["samples"]) {
            const auto labels = sample["labels"].get<LabelMap>();
            if (family["name"] == "aigateway_requests_total")
                counters[labels] = sample["value"].get<double>();
            if (family["name"] == "aigateway_total_latency_seconds")
                latencies[labels] = sample["sum"].get<double>();
        }
    const auto wrong = difference(counters, page.at("aigateway_requests_total"));
    return wrong.empty() ? difference(latencies, page.at("aigateway_total_latency_seconds_sum")) : wrong;
}

/// Labels that a client could make as many of as it likes, and words that are nobody's business.
std::string indiscretion(const QByteArray& text)
{
    for (const auto* word : {"invented", secret_words, secret_key, "no-such-place", "client0", "resp_"})
        if (text.contains(word))
            return std::string(word) + " is on the page";
    return {};
}

} // namespace

/// Whatever happens to requests, the page, the records and the clients tell the same story.
class TstTelemetryInvariants : public QObject {
    Q_OBJECT

private:
    void compare(MeasuredGateway& gateway, const Log& log)
    {
        QVERIFY(gateway.settle());
        // The last words about a request come after its client has been told everything.
        const auto records = gateway.records();
        const auto disagreed = disagreement(log, records);
        QVERIFY2(disagreed.empty(), disagreed.c_str());
        const auto text = gateway.page_text();
        const MetricsPage page(text.toStdString());
        for (const auto& wrong : {untraced(gateway.traces(), records), contradiction_in_json(gateway, page),
                                  page.nonsense(), RequestTruth(records).contradiction(page), imbalance(page, records),
                                  imbalance_of_calls(page, records), indiscretion(text)})
            QVERIFY2(wrong.empty(), wrong.c_str());
    }

private Q_SLOTS:
    void hold_under_random_faults_data()
    {
        QTest::addColumn<unsigned>("seed");
        const auto more = qEnvironmentVariableIntValue("TOKENSCOPE_SEEDS");
        for (unsigned seed = 1; seed <= 6 + static_cast<unsigned>(std::max(more, 0)); ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }

    void hold_under_random_faults()
    {
        QFETCH(unsigned, seed);
        const Servers servers;
        MeasuredGateway gateway(servers.config());
        Watcher watcher(gateway);
        const auto log = talk(gateway, seed);
        const auto seen = watcher.stop();
        QVERIFY2(seen.empty(), seen.c_str());
        compare(gateway, log);
    }

    void hold_while_the_configuration_changes()
    {
        const Servers servers;
        MeasuredGateway gateway(servers.config());
        Watcher watcher(gateway);
        std::atomic<bool> talking = true;
        std::thread changer([&] {
            for (int i = 0; talking; ++i) {
                auto config = servers.config();
                config.providers[0].max_in_flight = static_cast<std::size_t>(20 + i % 3);
                config.providers[5].demo.seed = static_cast<std::uint64_t>(i);
                if (i % 2 == 0)
                    config.aliases = {{"fast", "llama/phi4"}};
                if (const auto applied = gateway.gateway().apply(config); !applied)
                    qFatal("%s", applied.error().message.c_str());
                QThread::msleep(30);
            }
        });
        const auto log = talk(gateway, 77);
        talking = false;
        changer.join();
        const auto seen = watcher.stop();
        QVERIFY2(seen.empty(), seen.c_str());
        compare(gateway, log);
    }

    void unknown_paths_and_methods_share_one_series()
    {
        const Servers servers;
        MeasuredGateway gateway(servers.config());
        const int paths = 40;
        for (int i = 0; i < paths; ++i) {
            RawHttp client(gateway.port());
            client.get("/no-such-place/" + QByteArray::number(i));
            QVERIFY(client.read_reply());
            RawHttp odd(gateway.port());
            odd.send("METHOD" + QByteArray::number(i) + " /no-such-place HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            QVERIFY(odd.read_reply());
            RawHttp one(gateway.port());
            one.get("/v1/models/no-such-place" + QByteArray::number(i));
            QVERIFY(one.read_reply());
        }
        QVERIFY(gateway.settle());
        const auto text = gateway.page_text();
        const MetricsPage page(text.toStdString());
        const auto counted = page.at("http_requests_total");
        QCOMPARE(page.sum("http_requests_total"), 3.0 * paths);
        QVERIFY2(counted.size() <= 3, text);
        QCOMPARE(page.sum("http_requests_total", {{"path", "<unmatched>"}, {"method", "GET"}}), double(paths));
        QCOMPARE(page.sum("http_requests_total", {{"path", "/v1/models/{id}"}}), double(paths));
        const auto wrong = indiscretion(text);
        QVERIFY2(wrong.empty(), wrong.c_str());
    }

    void names_that_a_careless_server_takes_stay_below_the_cap()
    {
        ScriptedModels careless({"m1"}, true);
        config::Config config;
        config.listen = "127.0.0.1:0";
        config.conversations.backend = config::ConversationBackend::memory;
        config.providers = {provider_at(careless.upstream, "careless", config::ProviderKind::openai)};
        const std::size_t cap = 20;
        MeasuredGateway gateway(config, cap);
        ModelClient client(gateway.port(), "client");
        const int names = 60;
        for (int i = 0; i < names; ++i)
            QCOMPARE(client.ask({.model = "careless/" + QByteArray::number(i)}).status, 200);
        QVERIFY(gateway.settle());
        const auto page = gateway.page();
        QCOMPARE(page.sum("aigateway_requests_total"), double(names));
        QVERIFY(page.at("aigateway_requests_total").size() <= cap + 2);
    }

    void refusals_by_the_rate_limit_are_counted_once()
    {
        const Servers servers;
        auto config = servers.config();
        config.rate_limit = {.requests_per_second = 0.001, .burst = 5};
        MeasuredGateway gateway(config);
        ModelClient client(gateway.port(), "client");
        int refused = 0;
        constexpr int asked = 12;
        for (int i = 0; i < asked; ++i)
            refused += client.ask({.model = "a1", .stream = i % 2 == 1}).status == 429 ? 1 : 0;
        QVERIFY(gateway.settle());
        const auto page = gateway.page();
        QCOMPARE(refused, asked - 5);
        QCOMPARE(page.sum("tokenscope_rate_limited_total", {{"key", "anonymous"}}), double(refused));
        QCOMPARE(page.sum("http_requests_total", {{"status", "429"}}), double(refused));
        QCOMPARE(page.sum("aigateway_requests_total"), double(asked));
        QCOMPARE(page.sum("aigateway_requests_total", {{"backend", "unknown"}, {"model", "unknown"}}), double(refused));
        QCOMPARE(page.sum("provider_requests_total"), double(asked - refused));
        QCOMPARE(gateway.records().size(), std::size_t(asked));
    }

    void sums_are_right_beyond_the_cap_of_series()
    {
        // Real models, listed by their server, but more than the page may show.
        QByteArrayList models;
        for (int i = 0; i < 12; ++i)
            models.append("m" + QByteArray::number(i));
        ScriptedModels many(models);
        config::Config config;
        config.listen = "127.0.0.1:0";
        config.conversations.backend = config::ConversationBackend::memory;
        config.providers = {provider_at(many.upstream, "many", config::ProviderKind::openai)};
        const std::size_t cap = 5;
        MeasuredGateway gateway(config, cap);
        ModelClient client(gateway.port(), "client");
        for (int round = 0; round < 3; ++round)
            for (const auto& model : std::as_const(models))
                QCOMPARE(client.ask({.model = model, .stream = round == 1, .prompt = 7, .completion = 3}).status, 200);
        QVERIFY(gateway.settle());
        const auto page = gateway.page();
        const double requests = 3.0 * models.size();
        QCOMPARE(page.sum("aigateway_requests_total"), requests);
        QCOMPARE(page.sum("aigateway_total_latency_seconds_count"), requests);
        QCOMPARE(page.sum("aigateway_model_tokens_total", {{"type", "prompt"}}), 7 * requests);
        QCOMPARE(page.sum("aigateway_model_tokens_total", {{"type", "completion"}}), 3 * requests);
        QCOMPARE(page.sum("aigateway_first_token_latency_seconds_count"), double(models.size()));
        QVERIFY(page.sum("aigateway_requests_total", {{"model", "<other>"}}) >= requests - 3.0 * cap);
        QVERIFY(page.sum("tokenscope_dropped_series_total", {{"family", "aigateway_requests_total"}}) > 0);
        for (const auto& [sample, series] : page.samples()) {
            std::set<LabelMap> without_bound;
            for (const auto& [labels, value] : series)
                without_bound.insert(without(labels, "le"));
            // Closed labels, such as status and type, do not fold.
            if (sample != "tokenscope_dropped_series_total" && sample != "tokenscope_queue_rejected_total")
                QVERIFY2(without_bound.size() <= cap + 4, sample.c_str());
        }
        const auto wrong = page.nonsense();
        QVERIFY2(wrong.empty(), wrong.c_str());
    }
};

QTEST_GUILESS_MAIN(TstTelemetryInvariants)
#include "tst_telemetry_invariants.moc"

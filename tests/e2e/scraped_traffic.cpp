// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "e2e/scraped_traffic.h"

#include "support/raw_http.h"

#include <QDateTime>
#include <QTest>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <thread>

namespace tokenscope::test {

using namespace std::chrono_literals;
using nlohmann::json;

namespace {

constexpr int scrape_interval_ms = 250;

LabelMap own_labels(const json& metric)
{
    auto labels = metric.get<LabelMap>();
    for (const auto* added : {"__name__", "job", "instance"})
        labels.erase(added);
    if (const auto le = labels.find("le"); le != labels.end())
        le->second = bound_text(number_of(le->second));
    return labels;
}

json data_of(const QByteArray& body)
{
    auto answer = json::parse(body.begin(), body.end(), nullptr, false);
    if (answer.is_discarded() || answer.value("status", "") != "success")
        throw std::runtime_error(body.toStdString());
    return std::move(answer["data"]);
}

template <typename Predicate>
double count_of(const ScriptedModels& models, Predicate predicate)
{
    const auto all = models.upstream.requests();
    return static_cast<double>(std::count_if(all.begin(), all.end(), predicate));
}

} // namespace

QString Scraper::start(const QString& executable, std::uint16_t port)
{
    const auto config = QStringLiteral("global: { scrape_interval: %1ms, scrape_timeout: %1ms }\n"
                                       "scrape_configs:\n"
                                       "  - job_name: llm-gateway\n"
                                       "    metrics_path: /metrics\n"
                                       "    static_configs: [ { targets: [ \"127.0.0.1:%2\" ] } ]\n")
                            .arg(scrape_interval_ms)
                            .arg(port);
    return m_server.start(executable, config.toUtf8(), {QStringLiteral("--enable-feature=exemplar-storage")});
}

bool Scraper::is_up()
{
    const auto up = ask("up");
    return up.size() == 1 && up.begin()->second == 1;
}

bool Scraper::freeze()
{
    const auto begun = QDateTime::currentMSecsSinceEpoch();
    std::int64_t first = 0, last = 0;
    const bool scraped = QTest::qWaitFor(
        [&] {
            const auto at = ask("timestamp(http_requests_in_flight)");
            last = at.empty() ? 0 : std::llround(at.begin()->second * 1e3);
            if (first == 0 && last > begun)
                first = last;
            return first != 0 && last > first;
        },
        20'000);
    m_moment = last + 1;
    return scraped;
}

InstantVector Scraper::ask(const std::string& promql)
{
    const auto at = m_moment ? m_moment : QDateTime::currentMSecsSinceEpoch();
    const auto data = data_of(m_server.query(promql, at));
    InstantVector vector;
    for (const auto& series : data["result"])
        vector[own_labels(series["metric"])] = number_of(series["value"][1].get<std::string>());
    return vector;
}

tests::RangeVector Scraper::samples(const std::string& selector)
{
    const auto data = data_of(m_server.query(selector, m_moment));
    tests::RangeVector all;
    for (const auto& series : data["result"]) {
        auto& points = all[own_labels(series["metric"])];
        for (const auto& pair : series["values"])
            points.push_back({std::llround(pair[0].get<double>() * 1e3), number_of(pair[1].get<std::string>())});
    }
    return all;
}

bool Scraper::refuses(const std::string& promql)
{
    return m_server.query(promql, m_moment).contains("\"errorType\":\"bad_data\"");
}

ScrapedTraffic::ScrapedTraffic()
    : m_gateway(config()), m_relay([this](const FakeUpstream::Request&) {
          return FakeUpstream::Script{
              FakeUpstream::reply(200, "text/plain; version=0.0.4; charset=utf-8", m_gateway.page_text())};
      })
{
    constexpr double mebibyte = 1'048'576;
    m_gateway.metrics().set_cpu(37.5);
    m_gateway.metrics().set_gpus({{"0", "Test GPU", 63.0, 2048 * mebibyte}, {"1", "Test GPU", 8.5, 12 * mebibyte}});
    m_gateway.metrics().set_process({.cpu_seconds = 1.5, .resident_bytes = 5e7, .open_fds = 20, .max_fds = 1024});
}

ScrapedTraffic::~ScrapedTraffic() = default;

config::Config ScrapedTraffic::config() const
{
    const auto at = [](const ScriptedModels& models, const std::string& name, config::ProviderKind kind) {
        config::Provider provider;
        provider.name = name;
        provider.kind = kind;
        provider.base_url = models.upstream.url().toStdString() + (kind == config::ProviderKind::openai ? "/v1" : "");
        provider.idle_timeout = 200ms;
        provider.retry_backoff = 1ms;
        return provider;
    };
    config::Provider narrow = at(m_narrow, "narrow", config::ProviderKind::openai);
    narrow.max_in_flight = held;
    narrow.max_queue = waiting;
    narrow.idle_timeout = 60s;
    config::Provider dead;
    dead.name = "dead";
    dead.base_url = "http://127.0.0.1:9/v1";
    dead.retry_backoff = 1ms;
    config::Provider demo;
    demo.name = "demo";
    demo.kind = config::ProviderKind::demo;
    demo.demo.prefill_base = 4ms;
    demo.demo.per_token = 1ms;
    config::Config config;
    config.listen = "127.0.0.1:0";
    config.conversations.backend = config::ConversationBackend::memory;
    config.limits.drain_timeout = 100ms;
    config.providers = {at(m_alpha, "alpha", config::ProviderKind::openai),
                        at(m_claude, "claude", config::ProviderKind::anthropic),
                        at(m_llama, "llama", config::ProviderKind::ollama),
                        narrow,
                        dead,
                        demo};
    config.fallbacks = {{"dead/d1", {"alpha/a2"}}};
    return config;
}

const std::vector<ScrapedTraffic::Gets>& ScrapedTraffic::gets()
{
    static const std::vector<Gets> all = {
        {"/health", 200, 2}, {"/v1/models", 200, 3}, {"/v1/models/{id}", 404, 4}, {"<unmatched>", 404, 6}};
    return all;
}

void ScrapedTraffic::get_pages()
{
    RawHttp client(m_gateway.port());
    for (const auto& [route, status, times] : gets()) {
        for (int i = 0; i < times; ++i) {
            const QByteArray made_up = route == "<unmatched>" ? "/nowhere/" : "/v1/models/made-up-";
            client.get(status == 200 ? QByteArray::fromStdString(route) : QByteArray(made_up + QByteArray::number(i)));
            client.read_reply();
        }
    }
}

/// Everything that can become of a request, at several clients at once.
void ScrapedTraffic::wave(const QByteArray& name)
{
    std::vector<Ask> asks;
    // Another number for each route, so that their rates differ.
    const std::pair<Dialect, int> routes[] = {
        {Dialect::chat, 14},        {Dialect::completions, 5},      {Dialect::embeddings, 7},
        {Dialect::rerank, 8},       {Dialect::responses, 9},        {Dialect::messages, 10},
        {Dialect::ollama_chat, 11}, {Dialect::ollama_generate, 12}, {Dialect::ollama_embed, 13}};
    for (const auto& [dialect, times] : routes) {
        const bool ollama = dialect == Dialect::ollama_generate || dialect == Dialect::ollama_embed;
        for (int i = 0; i < times; ++i) {
            const QByteArray model = ollama                                  ? "phi4"
                                     : dialect == Dialect::messages && i % 2 ? "c1"
                                     : i % 3                                 ? "a1"
                                                                             : "a2";
            asks.push_back({.dialect = dialect,
                            .model = model,
                            .stream = can_stream(dialect) && i % 2 == 1,
                            .prompt = 5 + i,
                            .completion = 3 + i % 4});
        }
    }
    const QByteArray faults[] = {"s400",  "s404",      "s429",        "s500",       "s503",         "reset",
                                 "cut",   "garbage",   "error_event", "unfinished", "stall_inside", "stall",
                                 "flaky", "flaky_429", "no_usage",    "lump"};
    for (const auto& deed : faults)
        for (const bool stream : {false, true})
            asks.push_back({.model = "a1", .stream = stream, .deed = deed});
    for (int i = 0; i < 4; ++i)
        asks.push_back({.model = "dead/d1", .stream = i % 2 == 0});
    for (int i = 0; i < 12; ++i)
        asks.push_back({.dialect = i % 3 ? Dialect::chat : Dialect::responses,
                        .model = i % 4 ? "demo-small" : "demo-tiny",
                        .stream = i % 2 == 0});
    for (int i = 0; i < 3; ++i) {
        asks.push_back({.model = "a1", .broken = "{\"model\":"});
        asks.push_back({.model = "nobody-has-this"});
        asks.push_back({.model = "a2", .stream = true, .deed = "stall_inside", .leave = Leave::in_reply});
    }
    constexpr std::size_t clients = 4;
    std::vector<std::vector<Told>> logs(clients);
    std::vector<std::thread> threads;
    for (std::size_t c = 0; c < clients; ++c) {
        threads.emplace_back([&, c] {
            ModelClient client(m_gateway.port(), name + QByteArray::number(c));
            QByteArray last;
            for (std::size_t i = c; i < asks.size(); i += clients) {
                auto ask = asks[i];
                ask.previous = last;
                const auto& told = client.ask(ask);
                const auto at = told.body.indexOf("\"resp_");
                last = at < 0 ? last : told.body.mid(at + 1, told.body.indexOf('"', at + 1) - at - 1);
            }
            logs[c] = client.log();
        });
    }
    for (auto& thread : threads)
        thread.join();
    for (auto& log : logs)
        m_told.insert(m_told.end(), log.begin(), log.end());
}

/// Fills the narrow provider: one request is held, some wait, and one more finds the queue full.
QString ScrapedTraffic::hold_some()
{
    const QByteArray body = R"({"model":"n1","messages":[{"role":"user","content":"do=stall;id=held;"}]})";
    for (int i = 0; i < held + waiting; ++i) {
        m_held.push_back(std::make_unique<RawHttp>(m_gateway.port()));
        m_held.back()->post("/v1/chat/completions", body);
        const auto full = [&] {
            const auto page = m_gateway.page();
            return page.sum("http_requests_in_flight") == i + 1 && page.sum("tokenscope_queue_depth") == i + 1 - held;
        };
        if (!QTest::qWaitFor([&] { return i < held ? m_narrow.upstream.requests().size() > 1 : full(); }, 10'000))
            return QStringLiteral("The requests to be held are not.");
    }
    ModelClient client(m_gateway.port(), "too-many");
    m_told.push_back(client.ask({.model = "n1"}));
    if (m_told.back().status != 429)
        return QStringLiteral("The queue is not full.");
    // Its client knows before all is recorded.
    const auto over = [this] { return m_gateway.page().sum("http_requests_in_flight") == held + waiting; };
    return QTest::qWaitFor(over, 10'000) ? QString() : QStringLiteral("A refused request does not end.");
}

std::map<std::string, double> ScrapedTraffic::posts() const
{
    const auto every = [](const FakeUpstream::Request& request) { return request.method == "POST"; };
    return {{"claude", count_of(m_claude, every)}, {"llama", count_of(m_llama, every)}};
}

double ScrapedTraffic::unknown_posts() const
{
    return count_of(m_alpha, [](const FakeUpstream::Request& request) { return request.target == "/v1/responses"; });
}

QString ScrapedTraffic::run(const QString& prometheus)
{
    auto trouble = m_open_metrics.start(prometheus, m_gateway.port());
    if (trouble.isEmpty())
        trouble = m_text.start(prometheus, m_relay.port());
    if (!trouble.isEmpty())
        return trouble;
    const auto both = [this](auto&& is_so) { return is_so(m_open_metrics) && is_so(m_text); };
    const auto up = [](Scraper& scraper) { return scraper.is_up(); };
    if (!QTest::qWaitFor([&] { return both(up); }, 20'000))
        return QStringLiteral("Prometheus cannot scrape: ")
               + QString::fromUtf8(m_open_metrics.server().get(QStringLiteral("/api/v1/targets")));
    for (int i = 0; i < waves; ++i) {
        wave("wave" + QByteArray::number(i) + "-");
        get_pages();
        if (!m_gateway.settle())
            return QStringLiteral("Requests do not end.");
        // Growth is seen only between scrapes.
        const auto seen = m_gateway.page().sum("http_requests_total");
        const auto scraped = [seen](Scraper& scraper) {
            const auto sum = scraper.ask("sum(http_requests_total)");
            return !sum.empty() && sum.begin()->second == seen;
        };
        if (!QTest::qWaitFor([&] { return both(scraped); }, 20'000))
            return QStringLiteral("Prometheus does not see the traffic.");
    }
    trouble = hold_some();
    if (!trouble.isEmpty())
        return trouble;
    m_records = m_gateway.records();
    if (!both([](Scraper& scraper) { return scraper.freeze(); }))
        return QStringLiteral("Prometheus has stopped scraping.");
    return m_gateway.records().size() == m_records.size() ? QString() : QStringLiteral("There still is traffic.");
}

} // namespace tokenscope::test

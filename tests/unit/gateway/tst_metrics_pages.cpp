// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/key_hash.h"
#include "base/url.h"
#include "counting_hooks.h"
#include "support/raw_http.h"

#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>
#include <zlib.h>

#include <atomic>
#include <chrono>
#include <future>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace tokenscope;
using namespace tokenscope::test;
using Calls = std::map<std::string, int>;
using Json = nlohmann::json;

namespace {

const QByteArray text_page = "# HELP a_metric A metric.\n# TYPE a_metric gauge\na_metric{n=\"0\"} 1\n";
const QByteArray openmetrics_page = "# TYPE a_metric gauge\n# HELP a_metric A metric.\na_metric{n=\"0\"} 1\n# EOF\n";
const QByteArray text_type = "text/plain; version=0.0.4; charset=utf-8";

struct Reply {
    int status = 0;
    QByteArray body;
    QByteArray type, vary, encoding, allow;
};

Reply ask(std::uint16_t port, const QByteArray& target, const QByteArray& fields = {}, const QByteArray& method = "GET")
{
    RawHttp client(port);
    const QByteArray host = fields.contains("Host:") ? "" : "Host: 127.0.0.1\r\n";
    client.send(method + " " + target + " HTTP/1.1\r\nConnection: close\r\n" + host + fields + "\r\n");
    if (!client.read_reply())
        return {};
    return {client.status(),
            client.body(),
            client.header("content-type"),
            client.header("vary"),
            client.header("content-encoding"),
            client.header("allow")};
}

config::Config with_address(const std::string& address = "127.0.0.1:0")
{
    auto config = test_config({});
    config.observability.metrics.address = address;
    return config;
}

/// A gateway that is not started, with the given metrics.
class BareGateway {
public:
    BareGateway(config::Config config, std::function<telemetry::Snapshot()> snapshot)
        : m_gateway(std::move(config), {.tokens = m_hooks,
                                        .requests = m_hooks,
                                        .providers = m_hooks,
                                        .http = m_hooks,
                                        .queues = m_hooks,
                                        .gateway = m_hooks,
                                        .pipeline = m_hooks,
                                        .conversations = m_hooks,
                                        .records = m_records,
                                        .spans = m_traces,
                                        .log = m_log,
                                        .clock = m_clock,
                                        .snapshot = std::move(snapshot)})
    {
    }
    gateway::Gateway* operator->() { return &m_gateway; }

private:
    CountingHooks m_hooks;
    TraceCollector m_traces;
    telemetry::RequestLog m_records;
    telemetry::Logger m_log{telemetry::LogOptions{.to_stderr = false}};
    SystemClock m_clock;
    gateway::Gateway m_gateway;
};

/// Of the metrics' own address; 0 where there is none.
std::uint16_t pages_port(TestGateway& gateway)
{
    const auto url = parse_url(gateway.gateway().metrics_url());
    return url ? url->port : std::uint16_t(0);
}

bool is_open(std::uint16_t port)
{
    QTcpSocket socket;
    socket.connectToHost(QHostAddress(QHostAddress::LocalHost), port);
    return socket.waitForConnected(1'000);
}

QByteArray unzipped(QByteArray bytes)
{
    z_stream stream{};
    inflateInit2(&stream, 15 + 16);
    QByteArray out(1 << 20, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(bytes.data());
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int status = inflate(&stream, Z_FINISH);
    out.truncate(static_cast<qsizetype>(stream.total_out));
    inflateEnd(&stream);
    return status == Z_STREAM_END ? out : QByteArray("not gzip");
}

} // namespace

/// The pages over real sockets: formats, switches, paths, keys, and the address of their own.
class TstMetricsPages : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void text_is_what_one_gets_who_does_not_ask()
    {
        TestGateway gateway(test_config({}));
        const auto reply = ask(gateway.port(), "/metrics");
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.body, text_page);
        QCOMPARE(reply.type, text_type);
        QCOMPARE(reply.vary, QByteArray("Accept, Accept-Encoding"));
        QCOMPARE(ask(gateway.port(), "/metrics?name[]=up").body, text_page);
        gateway.stop();
        QVERIFY(gateway.hooks.calls("http").empty());
    }

    void openmetrics_is_for_those_who_ask()
    {
        TestGateway gateway(test_config({}));
        const QByteArray accept = "Accept: application/openmetrics-text;version=1.0.0\r\nAccept: text/plain;q=0.5\r\n";
        const auto reply = ask(gateway.port(), "/metrics", accept);
        QCOMPARE(reply.body, openmetrics_page);
        QCOMPARE(reply.type, QByteArray("application/openmetrics-text; version=1.0.0; charset=utf-8"));
        QCOMPARE(reply.vary, QByteArray("Accept, Accept-Encoding"));
    }

    void json_is_at_a_path_of_its_own()
    {
        TestGateway gateway(test_config({}));
        // Whatever is accepted.
        const auto reply = ask(gateway.port(), "/metrics.json", "Accept: application/openmetrics-text\r\n");
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.type, QByteArray("application/json; charset=utf-8"));
        const auto json = Json::parse(reply.body.toStdString());
        QCOMPARE(json["metrics"][0]["samples"][0].dump(), std::string(R"({"labels":{"n":"0"},"value":1})"));
        QCOMPARE(json["database"]["backend"].get<std::string>(), std::string("memory"));
        QVERIFY(!json["database"].contains("path"));
        gateway.stop();
        QVERIFY(gateway.hooks.calls("http").empty());
    }

    void json_tells_of_the_database()
    {
        const QTemporaryDir folder;
        const auto path = folder.filePath(QStringLiteral("replies.db")).toStdString();
        auto config = test_config({});
        config.conversations = {
            .backend = config::ConversationBackend::sqlite, .path = path, .ttl = std::chrono::hours(1)};
        TestGateway gateway(config);
        const auto json = Json::parse(ask(gateway.port(), "/metrics.json").body.toStdString());
        QCOMPARE(
            json["database"].dump(),
            Json({{"backend", "sqlite"}, {"responses", 0}, {"degraded", false}, {"ttl_seconds", 3600}, {"path", path}})
                .dump());
    }

    void json_tells_of_a_disk_that_does_not_work()
    {
        auto config = test_config({});
        config.conversations = {.backend = config::ConversationBackend::sqlite, .path = "/proc/nowhere/replies.db"};
        TestGateway gateway(config);
        const auto json = Json::parse(ask(gateway.port(), "/metrics.json").body.toStdString());
        QCOMPARE(json["database"]["backend"].get<std::string>(), std::string("memory"));
        QCOMPARE(json["database"]["degraded"].get<bool>(), true);
        QVERIFY(!json["database"].contains("path"));
    }

    void large_pages_are_zipped_on_request()
    {
        TestGateway gateway(test_config({}));
        const QByteArray gzip = "Accept-Encoding: br, gzip;q=0.8\r\n";
        QCOMPARE(ask(gateway.port(), "/metrics", gzip).encoding, QByteArray()); // too small to gain anything
        gateway.snapshot_series = 2'000;
        for (const auto* path : {"/metrics", "/metrics.json"}) {
            const auto plain = ask(gateway.port(), path);
            const auto zipped = ask(gateway.port(), path, gzip);
            QCOMPARE(plain.encoding, QByteArray());
            QCOMPARE(zipped.encoding, QByteArray("gzip"));
            QCOMPARE(zipped.type, plain.type);
            QVERIFY(zipped.vary.contains("Accept-Encoding"));
            QVERIFY(zipped.body.size() < plain.body.size() / 5);
            // The JSON's time may have gone on.
            const auto metrics = [](const QByteArray& body) { return body.mid(body.indexOf("a_metric")); };
            QCOMPARE(metrics(unzipped(zipped.body)), metrics(plain.body));
            QVERIFY(metrics(plain.body).size() > 20'000);
        }
        QCOMPARE(ask(gateway.port(), "/metrics", "Accept-Encoding: gzip;q=0\r\n").encoding, QByteArray());
    }

    void other_methods()
    {
        TestGateway gateway(test_config({}));
        for (const auto* path : {"/metrics", "/metrics.json"}) {
            const auto head = ask(gateway.port(), path, {}, "HEAD");
            QCOMPARE(head.status, 200);
            QCOMPARE(head.body, QByteArray());
            QVERIFY(!head.type.isEmpty());
            const auto posted = ask(gateway.port(), path, "Content-Length: 0\r\n", "POST");
            QCOMPARE(posted.status, 405);
            QCOMPARE(posted.allow, QByteArray("GET, HEAD"));
        }
    }

    void switched_off_data()
    {
        QTest::addColumn<bool>("all");
        QTest::addColumn<QByteArray>("why");
        QTest::newRow("all of it") << true << QByteArray("observability.enabled is false");
        QTest::newRow("the metrics") << false << QByteArray("observability.metrics.enabled is false");
    }

    void switched_off()
    {
        QFETCH(bool, all);
        QFETCH(QByteArray, why);
        auto config = with_address();
        (all ? config.observability.enabled : config.observability.metrics.enabled) = false;
        TestGateway gateway(config);
        QCOMPARE(gateway.gateway().metrics_url(), std::string());
        for (const auto* path : {"/metrics", "/metrics.json"}) {
            const auto reply = ask(gateway.port(), path);
            QCOMPARE(reply.status, 404);
            QVERIFY2(reply.body.contains(why), reply.body);
        }
    }

    void another_path()
    {
        auto config = test_config({});
        config.observability.metrics.path = "/internal/prometheus";
        TestGateway gateway(config);
        QCOMPARE(ask(gateway.port(), "/internal/prometheus").body, text_page);
        QCOMPARE(ask(gateway.port(), "/internal/prometheus.json").status, 200);
        QCOMPARE(ask(gateway.port(), "/metrics").status, 404);
        QCOMPARE(ask(gateway.port(), "/metrics.json").status, 404);
        gateway.stop();
        QCOMPARE(gateway.hooks.calls("http "), (Calls{{"http GET <unmatched> 404", 2}}));
    }

    void scrapes_are_counted_on_request()
    {
        auto config = with_address();
        config.observability.metrics.path = "/m";
        config.observability.metrics.count_scrapes = true;
        TestGateway gateway(config);
        ask(gateway.port(), "/m");
        ask(gateway.port(), "/m.json");
        ask(pages_port(gateway), "/m");
        gateway.stop();
        QCOMPARE(gateway.hooks.calls("http "), (Calls{{"http GET /m 200", 2}, {"http GET /m.json 200", 1}}));
    }

    void keys_are_asked_for_on_the_gateways_address_alone()
    {
        auto config = with_address();
        config.auth.keys = {{.name = "prometheus", .hash = hash_key("sk-scraper-0123456789")}};
        TestGateway gateway(config);
        for (const auto* path : {"/metrics", "/metrics.json"}) {
            QCOMPARE(ask(gateway.port(), path).status, 401);
            QCOMPARE(ask(gateway.port(), path, "Authorization: Bearer sk-scraper-0123456789\r\n").status, 200);
            QCOMPARE(ask(pages_port(gateway), path).status, 200);
        }
    }

    void own_address_serves_the_pages_alone()
    {
        TestGateway gateway(with_address());
        const auto port = pages_port(gateway);
        QVERIFY(port != 0);
        QVERIFY(port != gateway.port());
        QCOMPARE(gateway.gateway().metrics_url(), "http://127.0.0.1:" + std::to_string(port) + "/metrics");
        QCOMPARE(ask(port, "/metrics").body, text_page);
        QCOMPARE(ask(port, "/metrics", "Accept: application/openmetrics-text\r\n").body, openmetrics_page);
        QCOMPARE(ask(port, "/metrics.json").status, 200);
        QCOMPARE(ask(port, "/health").status, 200);
        QCOMPARE(ask(port, "/metrics", "Content-Length: 0\r\n", "POST").status, 405);
        const auto url = QByteArray::fromStdString(gateway.gateway().base_url());
        for (const auto* path : {"/", "/v1/models", "/ready", "/metrics/"}) {
            const auto reply = ask(port, path);
            QCOMPARE(reply.status, 404);
            QVERIFY2(reply.body.contains(url) && reply.body.contains("/metrics.json"), reply.body);
        }
        const auto posted = ask(port, "/v1/chat/completions", "Content-Length: 2\r\n", "POST");
        QCOMPARE(posted.status, 404);
        // The gateway's has them as well.
        QCOMPARE(ask(gateway.port(), "/metrics").body, text_page);
        gateway.stop();
        QCOMPARE(gateway.hooks.calls("http GET /metrics 200"), Calls());
        QCOMPARE(gateway.hooks.calls("http GET /health"), (Calls{{"http GET /health 200", 1}}));
        QVERIFY(gateway.hooks.calls("finished").empty());
    }

    void own_address_keeps_web_pages_out()
    {
        TestGateway gateway(with_address());
        const auto port = pages_port(gateway);
        QCOMPARE(ask(port, "/metrics", "Host: localhost:9190\r\n").status, 200);
        QCOMPARE(ask(port, "/metrics", "Host: rebound.example\r\n").status, 403);
        QCOMPARE(ask(port, "/metrics", "Host: 192.0.2.7\r\n").status, 403);
        QCOMPARE(ask(port, "/metrics", "Origin: https://evil.example\r\n").status, 403);
        QCOMPARE(ask(port, "/metrics", "Sec-Fetch-Site: cross-site\r\n").status, 403);
    }

    void own_address_open_to_the_network_goes_by_its_address()
    {
        auto config = with_address("0.0.0.0:0");
        config.auth.allowed_hosts = {"metrics.example"};
        TestGateway gateway(config);
        const auto port = pages_port(gateway);
        QCOMPARE(ask(port, "/metrics", "Host: 192.0.2.7:9190\r\n").status, 200);
        QCOMPARE(ask(port, "/metrics", "Host: metrics.example\r\n").status, 200);
        QCOMPARE(ask(port, "/metrics", "Host: rebound.example\r\n").status, 403);
        QCOMPARE(ask(gateway.port(), "/metrics", "Host: 192.0.2.7\r\n").status, 403);
    }

    void broken_requests_are_refused_on_the_own_address_too()
    {
        TestGateway gateway(with_address());
        RawHttp client(pages_port(gateway));
        client.send("nonsense\r\n\r\n");
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 400);
    }

    void own_address_comes_moves_and_goes()
    {
        TestGateway gateway(test_config({}));
        const auto main = gateway.port();
        QCOMPARE(gateway.gateway().metrics_url(), std::string());

        QVERIFY(gateway.gateway().apply(with_address()));
        const auto first = pages_port(gateway);
        QCOMPARE(ask(first, "/metrics").status, 200);

        // Unchanged: it stays, though port 0 would give another.
        auto same = with_address();
        same.limits.body_bytes = 12'345;
        QVERIFY(gateway.gateway().apply(same));
        QCOMPARE(pages_port(gateway), first);

        auto renamed = with_address();
        renamed.observability.metrics.path = "/m";
        QVERIFY(gateway.gateway().apply(renamed));
        QCOMPARE(gateway.gateway().metrics_url(), "http://127.0.0.1:" + std::to_string(first) + "/m");
        QCOMPARE(ask(first, "/m").status, 200);
        QCOMPARE(ask(first, "/metrics").status, 404);

        QVERIFY(gateway.gateway().apply(with_address("localhost:0")));
        const auto second = pages_port(gateway);
        QVERIFY(second != first);
        QCOMPARE(ask(second, "/metrics").status, 200);
        QVERIFY(!is_open(first));

        auto off = with_address("localhost:0");
        off.observability.metrics.enabled = false;
        QVERIFY(gateway.gateway().apply(off));
        QVERIFY(!is_open(second));
        QCOMPARE(gateway.gateway().metrics_url(), std::string());

        QVERIFY(gateway.gateway().apply(with_address("localhost:0")));
        const auto third = pages_port(gateway);
        QVERIFY(is_open(third));
        QVERIFY(gateway.gateway().apply(test_config({})));
        QVERIFY(!is_open(third));
        QCOMPARE(gateway.port(), main);
        QCOMPARE(ask(main, "/metrics").status, 200);
    }

    void a_kept_connection_ends_with_its_address()
    {
        TestGateway gateway(with_address());
        RawHttp scraper(pages_port(gateway));
        scraper.get("/metrics");
        QVERIFY(scraper.read_reply());
        QVERIFY(gateway.gateway().apply(test_config({})));
        scraper.read_until([](const QByteArray&) { return false; }, 5'000);
        QTRY_VERIFY(scraper.connection_closed());
    }

    void a_taken_port_changes_nothing()
    {
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        const auto taken = "127.0.0.1:" + std::to_string(other.serverPort());
        TestGateway gateway(with_address());
        const auto before = std::pair(gateway.gateway().base_url(), gateway.gateway().metrics_url());

        // The gateway itself would move too, to an address that is free: it must not.
        auto next = with_address(taken);
        next.listen = "localhost:0";
        next.observability.metrics.path = "/elsewhere";
        for (int i = 0; i < 3; ++i) {
            const auto applied = gateway.gateway().apply(next);
            QVERIFY(!applied);
            const auto message = QByteArray::fromStdString(applied.error().message);
            QVERIFY2(message.startsWith("observability.metrics.address: "), message);
            QVERIFY2(message.contains(QByteArray::fromStdString(taken)), message);
            QCOMPARE(std::pair(gateway.gateway().base_url(), gateway.gateway().metrics_url()), before);
        }
        QCOMPARE(ask(gateway.port(), "/metrics").status, 200);
        QCOMPARE(ask(pages_port(gateway), "/metrics").status, 200);

        // Once it is free, it works.
        other.close();
        QVERIFY(gateway.gateway().apply(next));
        QCOMPARE(ask(pages_port(gateway), "/elsewhere").status, 200);
    }

    void a_taken_port_is_no_start()
    {
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        BareGateway gateway(with_address("127.0.0.1:" + std::to_string(other.serverPort())),
                            [] { return telemetry::Snapshot(); });
        const auto started = gateway->start();
        QVERIFY(!started);
        QVERIFY(started.error().message.starts_with("observability.metrics.address: "));
        QCOMPARE(gateway->base_url(), std::string());
        QCOMPARE(gateway->metrics_url(), std::string());
    }

    void a_page_that_fails_is_an_error_and_no_end()
    {
        std::atomic<bool> fails = true;
        BareGateway gateway(test_config({}), [&fails]() -> telemetry::Snapshot {
            if (fails)
                throw std::runtime_error("no memory");
            return {};
        });
        QVERIFY(gateway->start());
        const auto port = parse_url(gateway->base_url())->port;
        for (const auto* path : {"/metrics", "/metrics.json"}) {
            const auto reply = ask(port, path);
            QCOMPARE(reply.status, 500);
            QVERIFY2(reply.body.contains("\"internal\""), reply.body);
        }
        fails = false;
        QCOMPARE(ask(port, "/metrics").status, 200);
    }

    void a_slow_page_holds_nobody_up()
    {
        std::promise<void> may_go_on;
        std::promise<void> begun;
        BareGateway gateway(test_config({}), [&] {
            begun.set_value();
            may_go_on.get_future().wait();
            return telemetry::Snapshot();
        });
        QVERIFY(gateway->start());
        const auto port = parse_url(gateway->base_url())->port;
        RawHttp scraper(port);
        scraper.get("/metrics");
        QVERIFY(begun.get_future().wait_for(std::chrono::seconds(10)) == std::future_status::ready);
        QCOMPARE(ask(port, "/health").status, 200);
        may_go_on.set_value();
        QVERIFY(scraper.read_reply());
        QCOMPARE(scraper.status(), 200);
    }

    void a_stop_waits_for_a_page_being_written()
    {
        std::promise<void> begun;
        std::promise<void> stopping;
        BareGateway gateway(with_address(), [&] {
            begun.set_value();
            stopping.get_future().wait();
            return telemetry::Snapshot();
        });
        QVERIFY(gateway->start());
        RawHttp scraper(parse_url(gateway->metrics_url())->port);
        scraper.get("/metrics");
        QVERIFY(begun.get_future().wait_for(std::chrono::seconds(10)) == std::future_status::ready);
        auto stopped = std::async(std::launch::async, [&] { gateway->stop(); });
        stopping.set_value();
        QVERIFY(stopped.wait_for(std::chrono::seconds(10)) == std::future_status::ready);
        QVERIFY(scraper.read_reply());
        QCOMPARE(scraper.status(), 200);
    }

    void scrapes_and_reloads_at_the_same_time()
    {
        TestGateway gateway(with_address());
        gateway.snapshot_series = 500;
        std::atomic<bool> done = false;
        std::atomic<int> good = 0;
        std::vector<std::thread> scrapers;
        for (int i = 0; i < 4; ++i)
            scrapers.emplace_back([&, i] {
                while (!done) {
                    const auto port = i % 2 ? pages_port(gateway) : gateway.port();
                    const auto reply = ask(port, "/metrics", i < 2 ? "Accept-Encoding: gzip\r\n" : "");
                    good += reply.status == 200 ? 1 : 0;
                }
            });
        for (int i = 0; i < 40; ++i)
            QVERIFY(gateway.gateway().apply(with_address(i % 2 ? "127.0.0.1:0" : "localhost:0")));
        QTRY_VERIFY(good > 20);
        done = true;
        for (auto& scraper : scrapers)
            scraper.join();
    }

    void a_stop_takes_the_own_address_down()
    {
        TestGateway gateway(with_address());
        const auto port = pages_port(gateway);
        RawHttp idle(port);
        idle.get("/metrics");
        QVERIFY(idle.read_reply());
        gateway.stop();
        QVERIFY(!is_open(port));
    }
};

QTEST_GUILESS_MAIN(TstMetricsPages)
#include "tst_metrics_pages.moc"

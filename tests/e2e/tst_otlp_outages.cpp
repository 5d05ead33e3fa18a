// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "e2e/exported_spans.h"
#include "support/fake_upstream.h"
#include "support/gateway_process.h"
#include "support/raw_http.h"

#include <QElapsedTimer>
#include <QTcpServer>
#include <QTest>

#include <memory>
#include <set>

using namespace tokenscope::test;
using F = FakeUpstream;
using Json = nlohmann::json;

namespace {

const QByteArray delta = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\n";

F::Script answer(const F::Request& request)
{
    if (request.target.endsWith("/models"))
        return {F::reply(200, "application/json", R"({"data":[{"id":"m1"},{"id":"sick"},{"id":"cut"}]})")};
    if (request.body.contains("\"sick\""))
        return {F::reply(500, "application/json", R"({"error":{"message":"no"}})")};
    if (request.body.contains("\"cut\""))
        return {F::chunked_head(200, "text/event-stream"), F::chunk(delta), F::Close{}};
    if (request.body.contains("\"stream\":true"))
        return {F::chunked_head(200, "text/event-stream"), F::chunk(delta), F::chunk("data: [DONE]\n\n"),
                F::last_chunk()};
    return {F::reply(200, "application/json",
                     R"({"model":"m1","choices":[{"index":0,"message":{"content":"x"},"finish_reason":"stop"}],)"
                     R"("usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}})")};
}

QByteArray chat(const QByteArray& model, bool streamed = false)
{
    return R"({"model":")" + model + R"(","stream":)" + (streamed ? "true" : "false")
           + R"(,"messages":[{"role":"user","content":"hi"}]})";
}

struct Asked {
    const char* id;
    QByteArray target, body;
    std::size_t spans; ///< of it
};

const std::vector<Asked>& some_of_each()
{
    static const QByteArray path = "/v1/chat/completions";
    static const std::vector<Asked> all = {{"plain", path, chat("m1"), 3},  {"stream", path, chat("m1", true), 3},
                                           {"sick", path, chat("sick"), 5}, {"cut", path, chat("cut", true), 3},
                                           {"malformed", path, "{", 1},     {"nowhere", "/nowhere", "x", 1}};
    return all;
}

std::size_t spans_of_each()
{
    std::size_t count = 0;
    for (const auto& asked : some_of_each())
        count += asked.spans;
    return count;
}

struct Answer {
    int status;
    QByteArray body;
    qint64 ms;
};

Answer ask(const GatewayProcess& gateway, const Asked& asked)
{
    QElapsedTimer clock;
    clock.start();
    RawHttp client(gateway.port());
    client.post(asked.target, asked.body, "X-Request-Id: " + QByteArray(asked.id) + "\r\n");
    client.read_reply();
    return {client.status(), client.body(), clock.elapsed()};
}

QString config(const F& upstream, const QString& exporter, const QString& sampler = QStringLiteral("{ type: always }"))
{
    return QStringLiteral("providers: [{ name: up, kind: openai, base_url: \"%1/v1\", max_retries: 1, retry_backoff: "
                          "1ms }]\nobservability: { tracing: { sampler: %2, exporter: %3 } }\n")
        .arg(upstream.url(), sampler, exporter);
}

QString exporter(const QByteArray& protocol, int port, const char* behaviour = "fine")
{
    return QStringLiteral("{ type: %1, endpoint: \"http://127.0.0.1:%2%3\", headers: { x-test: %4, authorization: "
                          "CANARY-exporter } }")
        .arg(QString::fromLatin1(protocol == "grpc" ? "otlp" : "otlp_http"))
        .arg(port)
        .arg(QString::fromLatin1(protocol == "grpc" ? "" : "/v1/traces"), QString::fromLatin1(behaviour));
}

/// tokenscope_spans_dropped_total; -1 where it cannot be read. Asking makes no span.
qint64 dropped(const GatewayProcess& gateway)
{
    RawHttp client(gateway.port());
    client.send("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                "traceparent: 00-1bf7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00\r\n\r\n");
    if (!client.read_reply() || client.status() != 200)
        return -1;
    for (const auto& line : client.body().split('\n'))
        if (line.startsWith("tokenscope_spans_dropped_total "))
            return qint64(line.mid(line.indexOf(' ')).trimmed().toDouble());
    return -1;
}

/// What the log says that could not be sent before the end; 0 where it says nothing.
qint64 dropped_at_the_end(const GatewayProcess& gateway)
{
    for (const auto& line : gateway.log().split('\n'))
        if (const auto json = Json::parse(line.toStdString(), nullptr, false);
            json.is_object() && json.value("msg", "") == "traces were dropped at the end")
            return json.value("spans", -1);
    return 0;
}

/// How long the gateway took to end; -1 where it did not.
qint64 ended_within(GatewayProcess& gateway)
{
    QElapsedTimer clock;
    clock.start();
    gateway.process().terminate();
    return gateway.process().waitForFinished(20'000) && gateway.process().exitStatus() == QProcess::NormalExit
               ? clock.elapsed()
               : -1;
}

constexpr qint64 flush_ms = 3'000;
constexpr qint64 margin_ms = 2'000; ///< for a busy machine
const char* const failing = "traces cannot be exported";
const char* const again = "traces are exported again";

} // namespace

/// Collectors that are down, slow or unwilling: no request is any different for it, and what was lost was counted.
class TstOtlpOutages : public QObject {
    Q_OBJECT

private:
    static void both_protocols()
    {
        QTest::addColumn<QByteArray>("protocol");
        QTest::newRow("grpc") << QByteArray("grpc");
        QTest::newRow("http") << QByteArray("http");
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (const auto why = Collector::missing(); !why.isEmpty())
            QSKIP(qPrintable(why));
    }

    void no_request_is_different_data()
    {
        QTest::addColumn<QByteArray>("protocol");
        QTest::addColumn<QByteArray>("behaviour");
        for (const char* protocol : {"grpc", "http"})
            for (const char* behaviour : {"down", "silent", "unavailable", "invalid", "unauthenticated"})
                QTest::addRow("%s, %s", protocol, behaviour) << QByteArray(protocol) << QByteArray(behaviour);
    }

    void no_request_is_different()
    {
        QFETCH(QByteArray, protocol);
        QFETCH(QByteArray, behaviour);
        QTcpServer nobody; // the kernel accepts for it; closed, it is down
        QVERIFY(nobody.listen(QHostAddress(QHostAddress::LocalHost)));
        int port = nobody.serverPort();
        if (behaviour == "down")
            nobody.close();
        std::unique_ptr<Collector> collector;
        if (behaviour != "down" && behaviour != "silent") {
            collector = std::make_unique<Collector>();
            QVERIFY(collector->started());
            port = collector->port(protocol.constData());
        }
        F upstream(answer);
        GatewayProcess plain(config(upstream, QStringLiteral("{ type: none }")));
        GatewayProcess gateway(config(upstream, exporter(protocol, port, behaviour.constData())));
        QVERIFY2(plain.started() && gateway.started(), gateway.log());
        const auto both_alike = [&] {
            for (const auto& asked : some_of_each()) {
                const auto expected = ask(plain, asked);
                const auto got = ask(gateway, asked);
                QVERIFY(expected.status != 0);
                QCOMPARE(got.status, expected.status);
                QCOMPARE(got.body, expected.body);
                QVERIFY2(got.ms < 2'000, asked.id);
            }
        };
        both_alike();
        // Now that it has been tried, too. The silent one is being waited for.
        if (behaviour == "silent")
            QTRY_VERIFY_WITH_TIMEOUT(nobody.hasPendingConnections(), 10'000);
        else
            QTRY_VERIFY2_WITH_TIMEOUT(gateway.log().contains(failing), gateway.log(), 10'000);
        both_alike();
        const auto spans = qint64(2 * spans_of_each());
        const bool refusing = behaviour == "invalid" || behaviour == "unauthenticated";
        if (refusing)
            QTRY_COMPARE_WITH_TIMEOUT(dropped(gateway), spans, 10'000);
        else
            QCOMPARE(dropped(gateway), qint64(0)); // all of them may still be sent
        const auto took = ended_within(gateway);
        QVERIFY2(took >= 0 && took < flush_ms + margin_ms, QByteArray::number(took));
        QCOMPARE(dropped_at_the_end(gateway), refusing ? qint64(0) : spans);
        QCOMPARE(gateway.log().count(failing), 1);
        QCOMPARE(gateway.log().count(again), 0);
        QVERIFY(!gateway.log().contains("CANARY"));
    }

    void more_than_the_queue_holds_is_counted_data() { both_protocols(); }
    void more_than_the_queue_holds_is_counted()
    {
        QFETCH(QByteArray, protocol);
        QTcpServer nobody;
        QVERIFY(nobody.listen(QHostAddress(QHostAddress::LocalHost)));
        F upstream(answer);
        GatewayProcess gateway(config(upstream, exporter(protocol, nobody.serverPort())));
        QVERIFY2(gateway.started(), gateway.log());
        constexpr int requests = 9'500;
        qint64 slowest = 0;
        RawHttp client(gateway.port());
        for (int i = 0; i < requests; ++i) { // one span each
            client.get("/nowhere");
            QVERIFY(client.read_reply());
            QCOMPARE(client.status(), 404);
            slowest = std::max(slowest, client.pieces().last().ms);
        }
        QVERIFY2(slowest < 2'000, QByteArray::number(slowest));
        // 8,192 wait, and at most 512 are under way, or have just been given up.
        const auto counted = dropped(gateway);
        QVERIFY2(counted >= requests - 8'192 - 512 && counted <= requests - 8'192 + 512, QByteArray::number(counted));
        const auto took = ended_within(gateway);
        QVERIFY2(took >= 0 && took < flush_ms + margin_ms, QByteArray::number(took));
        QCOMPARE(counted + dropped_at_the_end(gateway), qint64(requests));
    }

    void what_a_collector_rejects_is_counted_data() { both_protocols(); }
    void what_a_collector_rejects_is_counted()
    {
        QFETCH(QByteArray, protocol);
        Collector collector;
        QVERIFY(collector.started());
        ExportedSpans spans(collector);
        F upstream(answer);
        GatewayProcess gateway(config(upstream, exporter(protocol, collector.port(protocol.constData()), "partial")));
        QVERIFY2(gateway.started(), gateway.log());
        // Two batches, of each of which one span is not taken.
        for (const int batch : {1, 2}) {
            const auto id = "batch-" + std::to_string(batch);
            QCOMPARE(ask(gateway, {id.c_str(), "/v1/chat/completions", chat("m1"), 3}).status, 200);
            QVERIFY(spans.wait_for({id}));
            QTRY_COMPARE(dropped(gateway), qint64(batch));
        }
        QVERIFY(ended_within(gateway) >= 0);
        QCOMPARE(spans.batches().size(), std::size_t(2));
        QCOMPARE(gateway.log().count(failing), 1);
        QVERIFY(gateway.log().contains("dropped 1 of 3 spans"));
        QCOMPARE(dropped_at_the_end(gateway), qint64(0));
    }

    void a_collector_may_die_and_come_back_data() { both_protocols(); }
    void a_collector_may_die_and_come_back()
    {
        QFETCH(QByteArray, protocol);
        auto collector = std::make_unique<Collector>();
        QVERIFY(collector->started());
        const int grpc = collector->port("grpc"), http = collector->port("http");
        F upstream(answer);
        GatewayProcess gateway(config(upstream, exporter(protocol, collector->port(protocol.constData()))));
        QVERIFY2(gateway.started(), gateway.log());
        const auto named = [](const char* id) { return Asked{id, "/v1/chat/completions", chat("m1"), 3}; };
        {
            ExportedSpans spans(*collector);
            QCOMPARE(ask(gateway, named("before")).status, 200);
            QVERIFY(spans.wait_for({"before"}));
        }
        collector.reset();
        QCOMPARE(ask(gateway, named("meanwhile-1")).status, 200);
        QTRY_VERIFY2_WITH_TIMEOUT(gateway.log().contains(failing), gateway.log(), 15'000);
        QCOMPARE(ask(gateway, named("meanwhile-2")).status, 200);
        QVERIFY(!gateway.log().contains(again));

        collector = std::make_unique<Collector>(grpc, http);
        QVERIFY(collector->started());
        ExportedSpans spans(*collector);
        QCOMPARE(ask(gateway, named("after")).status, 200);
        QVERIFY(spans.wait_for({"meanwhile-1", "meanwhile-2", "after"}));
        QTRY_VERIFY2(gateway.log().contains(again), gateway.log());
        QCOMPARE(dropped(gateway), qint64(0));
        const auto took = ended_within(gateway);
        QVERIFY2(took >= 0 && took < flush_ms, QByteArray::number(took));
        spans.catch_up();
        // The first one comes again where the collector died before it had answered.
        QCOMPARE(spans.all().size() - spans.request("before").size(), std::size_t(9));
        QCOMPARE(gateway.log().count(failing), 1);
        QCOMPARE(gateway.log().count(again), 1);
        QCOMPARE(dropped_at_the_end(gateway), qint64(0));
    }

    /// A sampler decides about traces that begin here; those that do not go by their parent.
    void samplers_data()
    {
        QTest::addColumn<QByteArray>("sampler");
        QTest::addColumn<int>("least");
        QTest::addColumn<int>("most");
        QTest::newRow("always") << QByteArray("{ type: always }") << 200 << 200;
        QTest::newRow("never") << QByteArray("{ type: never }") << 0 << 0;
        // Further from 100 than six standard deviations comes once in half a thousand million runs.
        QTest::newRow("half") << QByteArray("{ type: probability, rate: 0.5 }") << 57 << 143;
    }

    void samplers()
    {
        QFETCH(QByteArray, sampler);
        QFETCH(int, least);
        QFETCH(int, most);
        Collector collector;
        QVERIFY(collector.started());
        ExportedSpans spans(collector);
        F upstream(answer);
        GatewayProcess gateway(
            config(upstream, exporter("grpc", collector.port("grpc")), QString::fromLatin1(sampler)));
        QVERIFY2(gateway.started(), gateway.log());
        RawHttp client(gateway.port());
        const auto send = [&](int from, int count, const QByteArray& headers) {
            for (int i = from; i < from + count; ++i) {
                client.post("/v1/chat/completions", chat("m1"), headers);
                QVERIFY(client.read_reply() && client.status() == 200);
            }
        };
        send(0, 200, {});
        send(200, 5, "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n");
        send(205, 5, "traceparent: 00-1bf7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00\r\n");
        QVERIFY(ended_within(gateway) >= 0);
        spans.catch_up();

        std::multiset<std::string> exported, told;
        for (const auto& span : spans.all())
            if (text_of(span, "name").starts_with("HTTP"))
                exported.insert(text_of(span, "traceId"));
        for (const auto& request : upstream.requests())
            if (const auto parent = request.header("traceparent").toStdString(); parent.ends_with("-01"))
                told.insert(parent.substr(3, 32));
        // Upstream, the same ones are said to be sampled.
        QVERIFY(exported == told);
        QCOMPARE(exported.count("0af7651916cd43dd8448eb211c80319c"), std::size_t(5));
        QCOMPARE(exported.count("1bf7651916cd43dd8448eb211c80319c"), std::size_t(0));
        const int begun_here = int(exported.size()) - 5;
        QVERIFY2(begun_here >= least && begun_here <= most, QByteArray::number(begun_here));
        QCOMPARE(spans.all().size(), 3 * exported.size());
    }
};

QTEST_GUILESS_MAIN(TstOtlpOutages)
#include "tst_otlp_outages.moc"

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "e2e/exported_spans.h"
#include "support/fake_upstream.h"
#include "support/gateway_process.h"
#include "support/raw_http.h"

#include <QTest>

#include <atomic>
#include <memory>

using namespace tokenscope::test;
using F = FakeUpstream;
using Json = nlohmann::json;

namespace {

const QByteArray reply = R"({"id":"c1","model":"m1-2025","choices":[{"index":0,"message":{"role":"assistant",)"
                         R"("content":"CANARY-reply"},"finish_reason":"stop"}],)"
                         R"("usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}})";
const QByteArray delta = "data: {\"model\":\"m1-2025\",\"choices\":[{\"index\":0,\"delta\":"
                         "{\"content\":\"CANARY-reply\"}}]}\n\n";
const QByteArray stop = "data: {\"model\":\"m1-2025\",\"choices\":[{\"index\":0,\"delta\":{},"
                        "\"finish_reason\":\"stop\"}]}\n\n";
const QByteArray usage = "data: {\"model\":\"m1-2025\",\"choices\":[],\"usage\":{\"prompt_tokens\":5,"
                         "\"completion_tokens\":4,\"total_tokens\":9}}\n\n";
const QByteArray refusal = R"({"error":{"message":"CANARY-reply: CANARY-upstream","type":"CANARY-reply"}})";

F::Script first_answer(const F::Request& request, std::atomic<int>& flaky)
{
    if (request.target.endsWith("/models"))
        return {F::reply(200, "application/json",
                         R"({"data":[{"id":"m1"},{"id":"flaky"},{"id":"sick"},{"id":"cut"},{"id":"said"},{"id":"hold"}]})")};
    if (request.body.contains("\"sick\"") || (request.body.contains("\"flaky\"") && flaky++ == 0))
        return {F::reply(500, "application/json", refusal)};
    if (request.body.contains("\"cut\""))
        return {F::chunked_head(200, "text/event-stream"), F::chunk(delta), F::Close{}};
    if (request.body.contains("\"said\""))
        return {F::chunked_head(200, "text/event-stream"), F::chunk(delta), F::chunk("data: " + refusal + "\n\n"),
                F::last_chunk()};
    if (request.body.contains("\"hold\""))
        return {F::chunked_head(200, "text/event-stream"), F::chunk(delta), F::Hold{}};
    if (request.body.contains("\"stream\":true"))
        return {F::chunked_head(200, "text/event-stream"), F::chunk(delta), F::chunk(delta), F::chunk(stop),
                F::chunk(usage), F::chunk("data: [DONE]\n\n"), F::last_chunk()};
    return {F::reply(200, "application/json", reply)};
}

F::Script second_answer(const F::Request& request)
{
    if (request.target.endsWith("/models"))
        return {F::reply(200, "application/json", R"({"data":[{"id":"m2"}]})")};
    return {F::reply(200, "application/json", reply)};
}

QByteArray chat(const QByteArray& model, bool streamed = false)
{
    return R"({"model":")" + model + R"(","stream":)" + (streamed ? "true" : "false")
           + R"(,"messages":[{"role":"user","content":"CANARY-prompt"}]})";
}

/// A gateway, everything in front of it and behind it, and one request of each kind.
class Scene {
public:
    static inline const std::string trace = "0af7651916cd43dd8448eb211c80319c";
    static inline const std::string unsampled_trace = "1bf7651916cd43dd8448eb211c80319c";

    struct Answer {
        int status = 0;
        QByteArray body;
    };

    explicit Scene(const QByteArray& protocol)
        : m_first([this](const F::Request& request) { return first_answer(request, m_flaky); }),
          m_second(second_answer), m_spans(m_collector)
    {
        if (!m_collector.started())
            return;
        m_gateway = std::make_unique<GatewayProcess>(
            QStringLiteral(
                "providers:\n"
                "  - { name: up, kind: openai, base_url: \"%1/v1\", api_key: CANARY-upstream, max_retries: 1,"
                " retry_backoff: 1ms }\n"
                "  - { name: second, kind: openai, base_url: \"%2/v1\", max_retries: 0 }\n"
                "  - { name: demo, kind: demo, demo: { prefill_base: 1ms, prefill_per_token: 0, per_token: 0 } }\n"
                "fallbacks: { sick: [second/m2] }\n"
                "auth: { keys: [{ name: alice, key: CANARY-client }] }\n"
                "conversations: { backend: memory }\n"
                "observability: { tracing: { service_name: shop, sampler: { type: always }, exporter: { type: %3, "
                "endpoint: \"%4\", headers: { Authorization: \"Bearer CANARY-exporter\", x-tenant: t1 } } } }\n")
                .arg(m_first.url(), m_second.url(), QString::fromLatin1(protocol == "grpc" ? "otlp" : "otlp_http"),
                     QString::fromStdString(m_collector.url(protocol.constData()))
                         + QLatin1String(protocol == "grpc" ? "" : "/v1/traces")));
        if (m_gateway->started())
            ask_everything();
    }

    bool complete() const { return m_complete; }
    const ExportedSpans& spans() const { return m_spans; }
    const Answer& answer(const std::string& id) const { return m_answers.at(id); }
    const std::vector<std::string>& exported() const { return m_exported; }
    QByteArray log() const { return m_gateway ? m_gateway->log() : QByteArray("no gateway"); }
    qint64 shutdown_ms() const { return m_shutdown_ms; }

    Json log_line(const std::string& id) const
    {
        for (const auto& line : log().split('\n'))
            if (auto json = Json::parse(line.toStdString(), nullptr, false);
                json.is_object() && json.value("msg", "") == "request" && json.value("request_id", "") == id)
                return json;
        return {};
    }
    /// What the upstreams were told of the trace in the course of one request, in the order of the calls.
    std::vector<std::string> traceparents(const std::string& id) const
    {
        std::vector<std::string> found;
        for (const auto* upstream : {&m_first, &m_second})
            for (const auto& request : upstream->requests())
                if (request.header("x-request-id").toStdString() == id)
                    found.push_back(request.header("traceparent").toStdString());
        return found;
    }

private:
    void send(RawHttp& client, const std::string& id, const QByteArray& target, const QByteArray& body,
              const QByteArray& headers = {}, const QByteArray& key = "CANARY-client")
    {
        client.post(target, body,
                    "Authorization: Bearer " + key + "\r\nCookie: CANARY-cookie\r\nUser-Agent: CANARY-agent\r\n"
                        + "X-Request-Id: " + QByteArray::fromStdString(id) + "\r\n" + headers);
    }

    QByteArray ask(const std::string& id, const QByteArray& target, const QByteArray& body,
                   const QByteArray& headers = {}, const QByteArray& key = "CANARY-client")
    {
        RawHttp client(m_gateway->port());
        send(client, id, target, body, headers, key);
        client.read_reply();
        m_answers[id] = {client.status(), client.body()};
        if (id != "unsampled")
            m_exported.push_back(id);
        return client.body();
    }

    void ask_everything()
    {
        const auto parent = QByteArray::fromStdString(trace);
        const QByteArray path = "/v1/chat/completions";
        ask("chat", path, chat("m1"), "traceparent: 00-" + parent + "-b7ad6b7169203331-01\r\ntracestate: shop=1\r\n");
        ask("stream", path, chat("up/m1", true));
        ask("unsampled", path, chat("m1"),
            "traceparent: 00-" + QByteArray::fromStdString(unsampled_trace) + "-b7ad6b7169203331-00\r\n");
        ask("invalid", path, chat("m1"), "traceparent: 00-" + QByteArray(32, '0') + "-b7ad6b7169203331-01\r\n");
        const auto first = Json::parse(
            ask("respond", "/v1/responses", R"({"model":"demo-tiny","input":"CANARY-prompt"})").toStdString(), nullptr,
            false);
        m_response = first.is_object() ? first.value("id", "") : std::string();
        ask("continue", "/v1/responses",
            R"({"model":"demo-tiny","input":"CANARY-prompt","previous_response_id":")"
                + QByteArray::fromStdString(m_response) + "\"}");
        ask("retry", path, chat("flaky"));
        ask("fallback", path, chat("sick"));
        ask("failed", path, chat("up/sick"));
        ask("cut", path, chat("cut", true));
        ask("said", path, chat("said", true));
        ask("unknown", path, chat("CANARY-prompt"));
        ask("malformed", path, "{\"CANARY-prompt\": ");
        ask("refused", path, chat("m1"), {}, "CANARY-wrong");
        ask("nowhere", "/nowhere/CANARY-path?q=CANARY-query", "CANARY-prompt");
        leave("left", path);
        m_complete = m_spans.wait_for(m_exported);
        // The last one is sent because the gateway ends.
        ask("last", path, chat("m1"));
        QElapsedTimer clock;
        clock.start();
        m_gateway->process().terminate();
        m_complete = m_gateway->process().waitForFinished(15'000) && m_complete;
        m_shutdown_ms = clock.elapsed();
        m_complete = m_spans.wait_for(m_exported) && m_complete;
        m_spans.catch_up();
    }

    void leave(const std::string& id, const QByteArray& path)
    {
        RawHttp client(m_gateway->port());
        send(client, id, path, chat("hold", true));
        client.read_until([](const QByteArray& body) { return body.contains("content"); });
        m_answers[id] = {client.status(), client.body()};
        m_exported.push_back(id);
        client.close();
    }

    std::atomic<int> m_flaky{0};
    F m_first;
    F m_second;
    Collector m_collector;
    ExportedSpans m_spans;
    std::unique_ptr<GatewayProcess> m_gateway;
    std::map<std::string, Answer> m_answers;
    std::vector<std::string> m_exported;
    std::string m_response;
    bool m_complete = false;
    qint64 m_shutdown_ms = -1;
};

} // namespace

/// The spans of a real gateway, as other people's decoders read them, by both protocols.
class TstOtlpGateway : public QObject {
    Q_OBJECT

private:
    std::map<QByteArray, std::unique_ptr<Scene>> m_scenes;

    Scene& scene()
    {
        QFETCH_GLOBAL(QByteArray, protocol);
        auto& made = m_scenes[protocol];
        if (!made)
            made = std::make_unique<Scene>(protocol);
        return *made;
    }

private Q_SLOTS:
    void initTestCase_data()
    {
        QTest::addColumn<QByteArray>("protocol");
        QTest::newRow("grpc") << QByteArray("grpc");
        QTest::newRow("http") << QByteArray("http");
    }
    void initTestCase()
    {
        if (const auto why = Collector::missing(); !why.isEmpty())
            QSKIP(qPrintable(why));
    }

    void everything_arrives()
    {
        QVERIFY2(scene().complete(), scene().log());
        std::string all;
        for (const auto& id : scene().exported())
            all += described(scene().spans().request(id)) + "   " + scene().answer(id).body.left(300).toStdString() + "\n";
        qDebug("%s", all.c_str());
    }
};

QTEST_GUILESS_MAIN(TstOtlpGateway)
#include "tst_otlp_gateway.moc"

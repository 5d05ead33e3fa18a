// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "e2e/exported_spans.h"
#include "support/fake_upstream.h"
#include "support/gateway_process.h"
#include "support/raw_http.h"

#include <QElapsedTimer>
#include <QTest>

#include <atomic>
#include <memory>
#include <set>
#include <tuple>

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
        return {F::reply(
            200, "application/json",
            R"({"data":[{"id":"m1"},{"id":"flaky"},{"id":"sick"},{"id":"cut"},{"id":"said"},{"id":"hold"},{"id":"flop"}]})")};
    if (request.body.contains("\"sick\"") || request.body.contains("\"flop\"")
        || (request.body.contains("\"flaky\"") && flaky++ == 0))
        return {F::reply(500, "application/json", refusal)};
    if (request.body.contains("\"cut\""))
        return {F::chunked_head(200, "text/event-stream"), F::chunk(delta), F::Close{}};
    if (request.body.contains("\"said\""))
        return {F::chunked_head(200, "text/event-stream"), F::chunk(delta), F::chunk("data: " + refusal + "\n\n"),
                F::last_chunk()};
    if (request.body.contains("\"hold\""))
        return {F::chunked_head(200, "text/event-stream"), F::chunk(delta), F::Hold{}};
    if (request.body.contains("\"stream\":true"))
        return {F::chunked_head(200, "text/event-stream"),
                F::chunk(delta),
                F::chunk(delta),
                F::chunk(stop),
                F::chunk(usage),
                F::chunk("data: [DONE]\n\n"),
                F::last_chunk()};
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

// What described() should say, piece by piece.

std::string error(const std::string& type, const std::string& message)
{
    return " !error error.message=" + message + " error.type=" + type + "\n";
}

std::string root(const std::string& id, const std::string& route, int status, const std::string& error_type = {},
                 const std::string& ending = "\n")
{
    return "HTTP POST " + route + " kind=2" + error_type + " http.method=POST http.request_id=" + id
           + " http.route=" + route + " http.status_code=" + std::to_string(status) + ending;
}

std::string waited(const std::string& provider)
{
    return "  queue.wait kind=1 provider.name=" + provider + "\n";
}

/// Without what comes after "provider.name".
std::string call(const std::string& what, const std::string& error_type, const std::string& operation,
                 const std::string& provider, const std::string& model, const std::string& facts)
{
    return "  provider." + what + " kind=3" + error_type + " gen_ai.operation.name=" + operation
           + " gen_ai.provider.name=" + provider + " gen_ai.request.model=" + model + facts + " provider.model=" + model
           + " provider.name=" + provider;
}

std::string streamed_in_part(const std::string& model, const std::string& error_type, const std::string& ending)
{
    return waited("up")
           + call("generate_stream", error_type, "chat", "up", model,
                  " gen_ai.response.model=m1-2025 gen_ai.response.time_to_first_chunk=# provider.chunk_count=#")
           + " provider.ttfb_seconds=# !first_token" + ending;
}

std::string broken(const std::string& model, const std::string& type, const std::string& message)
{
    const auto failed = " status=2(" + message + ") error.type=" + type;
    return root(model, "/v1/chat/completions", 200, failed, error(type, message))
           + streamed_in_part(model, failed, error(type, message));
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
    QString upstream() const { return m_first.url(); }
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
        ask("failed", path, chat("flop"));
        ask("cut", path, chat("cut", true));
        ask("said", path, chat("said", true));
        ask("unknown", path, chat("up/nothing-like-it"));
        ask("unlisted", path, chat("nothing-like-it"));
        ask("malformed", path, "{\"CANARY-prompt\": ");
        ask("refused", path, chat("m1"), {}, "CANARY-wrong");
        ask("nowhere", "/nowhere/at/all?q=CANARY-query", "CANARY-prompt");
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
        auto& made = scene();
        QVERIFY2(made.complete(), made.log());
        QVERIFY(made.shutdown_ms() < 3'000); // the collector answers, so there is nothing to wait for
        QVERIFY(!made.log().contains("traces "));
        std::size_t spans = 0;
        for (const auto& id : made.exported()) {
            const auto tree = made.spans().request(id);
            QVERIFY2(fault_of(tree).empty(), (id + ": " + fault_of(tree)).c_str());
            spans += tree.size();
            // The span is the one that the log names.
            const auto line = made.log_line(id);
            QCOMPARE(text_of(tree.front(), "traceId"), line.value("trace_id", "none"));
            QCOMPARE(text_of(tree.front(), "spanId"), line.value("span_id", "none"));
            QCOMPARE(value_text(attribute(tree.front(), "http.status_code")), std::to_string(line.value("status", 0)));
        }
        // Nothing came twice, and nothing that belongs to no request.
        QCOMPARE(made.spans().all().size(), spans);
        std::set<std::string> traces;
        for (const auto& span : made.spans().all())
            traces.insert(text_of(span, "traceId"));
        QCOMPARE(traces.size(), made.exported().size());
    }

    void upstreams_continue_the_trace()
    {
        auto& made = scene();
        for (const auto& id : made.exported()) {
            std::vector<std::string> calls;
            for (const auto& span : made.spans().request(id))
                if (span["kind"] == 3 && value_text(attribute(span, "provider.name")) != "demo")
                    calls.push_back("00-" + text_of(span, "traceId") + "-" + text_of(span, "spanId") + "-01");
            const auto sent = made.traceparents(id);
            auto difference = id + ", upstream:";
            for (const auto& one : sent)
                difference += ' ' + one;
            difference += ", exported:";
            for (const auto& one : calls)
                difference += ' ' + one;
            QVERIFY2(sent == calls, difference.c_str());
        }
        const auto root = made.spans().root("chat");
        QCOMPARE(text_of(root, "traceId"), Scene::trace);
        QCOMPARE(text_of(root, "parentSpanId"), std::string("b7ad6b7169203331"));
        for (const auto& span : made.spans().request("chat"))
            QCOMPARE(text_of(span, "traceState"), std::string("shop=1"));
        for (const auto* id : {"stream", "invalid", "nowhere", "last"})
            QCOMPARE(text_of(made.spans().root(id), "parentSpanId"), std::string());
        QVERIFY(text_of(made.spans().root("invalid"), "traceId") != std::string(32, '0'));
    }

    void who_is_not_sampled_stays_in_its_trace()
    {
        auto& made = scene();
        QVERIFY(made.spans().root("unsampled").is_null());
        for (const auto& span : made.spans().all())
            QVERIFY(text_of(span, "traceId") != Scene::unsampled_trace);
        const auto line = made.log_line("unsampled");
        QCOMPARE(line.value("trace_id", ""), Scene::unsampled_trace);
        QCOMPARE(made.traceparents("unsampled"),
                 (std::vector<std::string>{"00-" + Scene::unsampled_trace + "-" + line.value("span_id", "") + "-00"}));
    }

    void the_sender_is_named()
    {
        QFETCH_GLOBAL(QByteArray, protocol);
        for (const auto& batch : scene().spans().batches()) {
            QCOMPARE(batch.value("via", ""), protocol.toStdString());
            QCOMPARE(batch["headers"].value("authorization", ""), std::string("Bearer CANARY-exporter"));
            QCOMPARE(batch["headers"].value("x-tenant", ""), std::string("t1"));
            const auto& sender = batch["request"]["resourceSpans"];
            QCOMPARE(sender.size(), std::size_t(1));
            QCOMPARE(value_text(attribute(sender[0]["resource"], "service.name")), std::string("shop"));
            QVERIFY(!value_text(attribute(sender[0]["resource"], "service.version")).empty());
            QCOMPARE(sender[0]["scopeSpans"].size(), std::size_t(1));
            QCOMPARE(text_of(sender[0]["scopeSpans"][0]["scope"], "name"), std::string("tokenscope"));
        }
    }

    void nothing_secret_is_sent()
    {
        auto& made = scene();
        for (const auto& batch : made.spans().batches()) {
            const auto text = QByteArray::fromStdString(batch["request"].dump());
            const auto at = text.indexOf("CANARY");
            QVERIFY2(at < 0, text.mid(std::max<qsizetype>(0, at - 300), 400).constData());
        }
        QVERIFY(!made.log().contains("CANARY"));
    }

    void every_span_says_what_it_should_data()
    {
        QTest::addColumn<QByteArray>("id");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* id, int status, const std::string& expected) {
            QTest::newRow(id) << QByteArray(id) << status << QByteArray::fromStdString(expected);
        };
        const std::string chatted = "/v1/chat/completions", responded = "/v1/responses";
        const std::string finished = " gen_ai.response.finish_reasons=[stop] gen_ai.response.model=m1-2025";
        const std::string seven = " gen_ai.usage.input_tokens=7 gen_ai.usage.output_tokens=3 provider.input_tokens=7";
        const auto good = [&](const char* name, const char* model) {
            return waited(name) + call("generate", "", "chat", name, model, finished + seven)
                   + " provider.output_tokens=3\n";
        };
        const auto failed =
            waited("up")
            + call("generate", " status=2(The provider answered 500.) error.type=500", "chat", "up", "sick", "")
            + error("500", "The provider answered 500.");
        const auto flaky = QByteArray::fromStdString(failed).replace("sick", "flaky").toStdString();
        const auto flop = QByteArray::fromStdString(failed).replace("sick", "flop").toStdString();
        for (const auto* id : {"chat", "invalid", "last"})
            row(id, 200, root(id, chatted, 200) + good("up", "m1"));
        row("stream", 200,
            root("stream", chatted, 200) + waited("up")
                + call("generate_stream", "", "chat", "up", "m1",
                       finished
                           + " gen_ai.response.time_to_first_chunk=# gen_ai.usage.input_tokens=5"
                             " gen_ai.usage.output_tokens=4 provider.chunk_count=# provider.input_tokens=5")
                + " provider.output_tokens=4 provider.ttfb_seconds=# !first_token\n");
        row("unknown", 200, root("unknown", chatted, 200) + good("up", "nothing-like-it")); // the upstream knew it
        row("retry", 200, root("retry", chatted, 200) + flaky + good("up", "flaky"));
        row("fallback", 200, root("fallback", chatted, 200) + failed + failed + good("second", "m2"));
        row("failed", 500,
            root("failed", chatted, 500, " status=2(The request was answered with 500.) error.type=500",
                 error("500", "The request was answered with 500."))
                + flop + flop);
        const std::string cut = "UP closed the connection before its reply was complete.";
        row("cut", 200, broken("cut", "upstream_reset", cut));
        row("said", 200, broken("said", "upstream_error_event", "The upstream sent an error inside its stream."));
        row("left", 200,
            root("left", chatted, 499, " error.type=client_gone",
                 error("client_gone", "The client closed the connection."))
                + streamed_in_part("hold", " error.type=cancelled",
                                   error("cancelled", "The call was cancelled before the reply was complete.")));
        const std::string kept = "  conversation.create kind=1 conversation.backend=memory conversation.id=#"
                                 " conversation.message_count=2 conversation.model=demo-tiny\n";
        const auto answered = waited("demo")
                              + call("generate", "", "responses", "demo", "demo-tiny",
                                     " gen_ai.response.finish_reasons=[stop] gen_ai.response.model=demo-tiny"
                                     " gen_ai.usage.input_tokens=IN gen_ai.usage.output_tokens=OUT"
                                     " provider.input_tokens=IN")
                              + " provider.output_tokens=OUT\n";
        row("respond", 200, root("respond", responded, 200) + answered + kept);
        row("continue", 200,
            root("continue", responded, 200) + QByteArray::fromStdString(kept).replace(".create", ".get").toStdString()
                + answered + kept);
        for (const auto& [id, status, type] : {std::tuple{"unlisted", 404, "model_not_found"},
                                               {"malformed", 400, "invalid_request"},
                                               {"refused", 401, "unauthorized"}})
            row(id, status, root(id, chatted, status, std::string(" error.type=") + type, error(type, "SAID")));
        row("nowhere", 404,
            root("nowhere", "<unmatched>", 404, " error.type=route_not_found", error("route_not_found", "SAID")));
    }

    void every_span_says_what_it_should()
    {
        QFETCH(QByteArray, id);
        QFETCH(int, status);
        QFETCH(QByteArray, expected);
        auto& made = scene();
        const auto name = id.toStdString();
        QVERIFY(made.complete());
        QCOMPARE(made.answer(name).status, status);
        auto text = QByteArray::fromStdString(described(made.spans().request(name)));
        const auto body = Json::parse(made.answer(name).body.toStdString(), nullptr, false);
        if (body.is_object() && body.contains("usage") && body["usage"].contains("input_tokens")) {
            expected.replace("IN", QByteArray::fromStdString(body["usage"]["input_tokens"].dump()));
            expected.replace("OUT", QByteArray::fromStdString(body["usage"]["output_tokens"].dump()));
        }
        if (body.is_object() && body.contains("error"))
            expected.replace("SAID", QByteArray::fromStdString(text_of(body["error"], "message")));
        expected.replace("UP", made.upstream().toUtf8());
        QCOMPARE(text, expected);
    }
};

QTEST_GUILESS_MAIN(TstOtlpGateway)
#include "tst_otlp_gateway.moc"

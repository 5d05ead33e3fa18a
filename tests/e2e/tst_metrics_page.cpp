// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fake_upstream.h"
#include "support/gateway_process.h"
#include "support/raw_http.h"

#include <QProcess>
#include <QStandardPaths>
#include <QByteArrayList>
#include <QTest>

using namespace tokenscope::test;
using Script = FakeUpstream::Script;

namespace {

const QByteArray plain = R"({"model":"m1","messages":[{"role":"user","content":"hi"}]})";
const QByteArray streamed = R"({"model":"m1","stream":true,"messages":[{"role":"user","content":"hi"}]})";
const QByteArray failing = R"({"model":"m1","temperature":9,"messages":[{"role":"user","content":"hi"}]})";
const QByteArray endless = R"({"model":"m1","stream":true,"seed":1,"messages":[{"role":"user","content":"hi"}]})";
const QByteArray reply = R"({"model":"m1","choices":[{"index":0,"message":{"content":"x"},"finish_reason":"stop"}],)"
                         R"("usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}})";
const QByteArray delta = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\n";
const QByteArray usage =
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":4,\"total_tokens\":9}}\n\n";

Script answer(const FakeUpstream::Request& request)
{
    using F = FakeUpstream;
    if (request.target == "/v1/models")
        return {F::reply(200, "application/json", R"({"data":[{"id":"m1"}]})")};
    if (request.body.contains("temperature"))
        return {F::reply(400, "application/json", R"({"error":{"message":"too hot"}})")};
    if (request.body.contains("seed"))
        return {F::chunked_head(200, "text/event-stream"), F::chunk(delta), F::chunk(delta), F::Hold{}};
    if (!request.body.contains("\"stream\":true"))
        return {F::reply(200, "application/json", reply)};
    return {F::chunked_head(200, "text/event-stream"),
            F::chunk(delta),
            F::chunk(delta),
            F::chunk(delta),
            F::chunk(delta),
            F::chunk(usage),
            F::chunk("data: [DONE]\n\n"),
            F::last_chunk()};
}

} // namespace

/// /metrics of a real process after a known set of requests, to the last count.
class TstMetricsPage : public QObject {
    Q_OBJECT

private:
    QByteArray page(std::uint16_t port)
    {
        RawHttp client(port);
        client.get("/metrics");
        return client.read_reply() && client.status() == 200 ? client.body() : QByteArray();
    }

private Q_SLOTS:
    void counts_are_exact()
    {
        FakeUpstream upstream(answer);
        GatewayProcess gateway(
            QStringLiteral("providers: [{ name: up, kind: openai, base_url: \"%1/v1\" }]\n").arg(upstream.url()));
        QVERIFY2(gateway.started(), gateway.log());

        RawHttp client(gateway.port());
        const auto ask = [&](const QByteArray& body, int times, int status) {
            for (int i = 0; i < times; ++i) {
                client.post("/v1/chat/completions", body);
                QVERIFY(client.read_reply());
                QCOMPARE(client.status(), status);
            }
        };
        ask(plain, 3, 200);
        ask(streamed, 2, 200);
        ask(failing, 2, 400);
        ask("{\"model\":", 1, 400);
        RawHttp leaver(gateway.port());
        leaver.post("/v1/chat/completions", endless);
        QVERIFY(leaver.read_until([](const QByteArray& body) { return body.count("content") == 2; }));
        leaver.close();
        QTRY_VERIFY(page(gateway.port()).contains("http_requests_in_flight 0\n"));

        const auto text = page(gateway.port());
        const QList<QByteArray> expected = {
            "aigateway_requests_total{backend=\"up\",model=\"m1\",status=\"success\"} 5",
            "aigateway_requests_total{backend=\"up\",model=\"m1\",status=\"error\"} 3",
            "aigateway_requests_total{backend=\"unknown\",model=\"unknown\",status=\"error\"} 1",
            "aigateway_total_latency_seconds_count{backend=\"up\",model=\"m1\",status=\"success\"} 5",
            "aigateway_total_latency_seconds_count{backend=\"up\",model=\"m1\",status=\"error\"} 3",
            "aigateway_first_token_latency_seconds_count{backend=\"up\",model=\"m1\"} 3",
            // Three gaps in each complete stream, one in the one that was left.
            "aigateway_inter_token_latency_seconds_count{backend=\"up\",model=\"m1\"} 7",
            "aigateway_model_tokens_total{backend=\"up\",model=\"m1\",type=\"prompt\"} 31",
            "aigateway_model_tokens_total{backend=\"up\",model=\"m1\",type=\"completion\"} 19",
            "tokenscope_estimated_tokens_total{model=\"m1\",provider=\"up\",type=\"completion\"} 2",
            "http_requests_total{endpoint=\"/v1/chat/completions\",method=\"POST\",path=\"/v1/chat/"
            "completions\",status=\"200\"} 5",
            "http_requests_total{endpoint=\"/v1/chat/completions\",method=\"POST\",path=\"/v1/chat/"
            "completions\",status=\"400\"} 3",
            "http_requests_total{endpoint=\"/v1/chat/completions\",method=\"POST\",path=\"/v1/chat/"
            "completions\",status=\"499\"} 1",
            "http_requests_in_flight 0",
            "tokenscope_queue_depth{provider=\"up\"} 0",
        };
        const auto lines = text.split('\n');
        for (const auto& line : expected)
            QVERIFY2(lines.contains(line), QByteArray(line + "\nis missing in\n" + text));
        QVERIFY2(!text.contains("path=\"/metrics\""), text);

        // 3 x 10 of the whole replies, 2 x 9 of the streams, 2 estimated where the prompt is not known.
        QVERIFY2(lines.contains("aigateway_model_tokens_total{backend=\"up\",model=\"m1\",type=\"total\"} 48")
                     || lines.contains("aigateway_model_tokens_total{backend=\"up\",model=\"m1\",type=\"total\"} 50"),
                 text);
    }

    void promtool_accepts_the_page()
    {
        const auto promtool = QStandardPaths::findExecutable(QStringLiteral("promtool"));
        if (promtool.isEmpty())
            QSKIP("promtool (Debian package prometheus) is not installed.");
        FakeUpstream upstream(answer);
        GatewayProcess gateway(
            QStringLiteral("providers: [{ name: up, kind: openai, base_url: \"%1/v1\" }]\n").arg(upstream.url()));
        RawHttp client(gateway.port());
        for (const auto& body : {plain, streamed, failing}) {
            client.post("/v1/chat/completions", body);
            QVERIFY(client.read_reply());
        }
        QProcess check;
        check.start(promtool, {QStringLiteral("check"), QStringLiteral("metrics")});
        QVERIFY(check.waitForStarted());
        check.write(page(gateway.port()));
        check.closeWriteChannel();
        QVERIFY(check.waitForFinished(20'000));
        const QByteArray said = check.readAllStandardError() + check.readAllStandardOutput();
        // What promtool may find fault with are names that are a contract.
        const QByteArrayList contract = {
            "gpu_memory_mb metric names should not contain abbreviated units", // only where there is a GPU
            "conversation_active_count non-histogram and non-summary metrics should not have \"_count\" suffix"};
        for (const auto& line : said.trimmed().split('\n'))
            QVERIFY2(line.isEmpty() || contract.contains(line), said);
    }
};

QTEST_GUILESS_MAIN(TstMetricsPage)
#include "tst_metrics_page.moc"

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fake_upstream.h"
#include "support/gateway_process.h"
#include "support/page_judges.h"
#include "support/raw_http.h"

#include <QByteArrayList>
#include <QTest>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <string>

using namespace tokenscope::test;
using Script = FakeUpstream::Script;
using Json = nlohmann::json;

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

const QByteArray openmetrics = "Accept: application/openmetrics-text;version=1.0.0\r\n";
const QByteArray text_accepted = "Accept: text/plain\r\n";

/// The page as Prometheus' client for Python reads it; null, with a warning, where it does not.
Json read(const QByteArray& page, PageFormat format)
{
    const auto judged = python_client(page, format);
    if (judged.code != 0)
        qWarning("%s\n%s", judged.output.constData(), page.constData());
    return judged.code == 0 ? Json::parse(judged.output.toStdString()) : Json();
}

/// Whether the family says the same as long as nobody asks the gateway anything.
bool stands_still(const std::string& family)
{
    return !family.starts_with("process_") && !family.starts_with("cpu_") && !family.starts_with("gpu_")
           && family.find("throughput") == std::string::npos;
}

/// Every sample that stands still, by its name and labels.
std::map<std::string, std::string> values_of(const Json& families)
{
    std::map<std::string, std::string> values;
    for (const auto& family : families)
        for (const auto& sample : family["samples"])
            if (stands_still(family["name"].get<std::string>()))
                values[sample["name"].get<std::string>() + sample["labels"].dump()] =
                    sample["value"].get<std::string>();
    return values;
}

/// The value of the sample whose name and labels begin so.
std::string value_of(const Json& families, const std::string& beginning)
{
    for (const auto& [sample, value] : values_of(families))
        if (sample.starts_with(beginning))
            return value;
    return "none";
}

QString in_front_of(const FakeUpstream& upstream)
{
    return QStringLiteral("providers: [{ name: up, kind: openai, base_url: \"%1/v1\" }]\n").arg(upstream.url());
}

} // namespace

/// /metrics of a real process after a known set of requests, to the last count.
class TstMetricsPage : public QObject {
    Q_OBJECT

private:
    QByteArray page(std::uint16_t port, const QByteArray& fields = text_accepted, const QByteArray& path = "/metrics")
    {
        RawHttp client(port);
        client.send("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + fields + "\r\n");
        return client.read_reply() && client.status() == 200 ? client.body() : QByteArray();
    }

private Q_SLOTS:
    void counts_are_exact()
    {
        FakeUpstream upstream(answer);
        GatewayProcess gateway(in_front_of(upstream));
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

    void outsiders_accept_the_pages_under_traffic()
    {
        if (!have_promtool() || !have_python_client())
            QSKIP("promtool (Debian package prometheus) or python3-prometheus-client is not installed.");
        GatewayProcess gateway(QStringLiteral("providers: [{ name: demo, kind: demo }]\n"), {QStringLiteral("--demo")});
        QVERIFY2(gateway.started(), gateway.log());
        QTRY_VERIFY_WITH_TIMEOUT(page(gateway.port()).contains("aigateway_inter_token_latency_seconds_count"), 30'000);

        const auto text = page(gateway.port());
        const auto said = promtool(text);
        QVERIFY2(said.code == 0 || said.code == 3, QByteArray(said.output + text));
        // What promtool may find fault with are names that are a contract.
        const QByteArrayList contract = {"gpu_memory_mb ", "conversation_active_count ", "worker_latency_ms "};
        for (const auto& line : said.output.trimmed().split('\n'))
            QVERIFY2(line.isEmpty()
                         || std::any_of(contract.begin(), contract.end(),
                                        [&](const auto& name) { return line.startsWith(name); }),
                     said.output);

        const auto from_text = read(text, PageFormat::text);
        const auto from_openmetrics = read(page(gateway.port(), openmetrics), PageFormat::openmetrics);
        QCOMPARE(from_text.size(), static_cast<std::size_t>(text.count("# TYPE ")));
        // Under traffic families may be added between the two, never taken away.
        QVERIFY(from_openmetrics.size() >= from_text.size());
        QVERIFY(from_text.size() > 10);
    }

    void formats_tell_the_same()
    {
        if (!have_python_client())
            QSKIP("prometheus_client (Debian package python3-prometheus-client) is not installed.");
        FakeUpstream upstream(answer);
        GatewayProcess gateway(in_front_of(upstream));
        RawHttp client(gateway.port());
        for (const auto& body : {plain, streamed, failing}) {
            client.post("/v1/chat/completions", body);
            QVERIFY(client.read_reply());
        }
        QTRY_VERIFY(page(gateway.port()).contains("http_requests_in_flight 0\n"));
        // Once the samplers have run, no family comes any more.
        QTRY_VERIFY(page(gateway.port()).contains("process_cpu_seconds_total"));
        QTRY_VERIFY(page(gateway.port()).contains("\ncpu_percent "));

        const auto text = read(page(gateway.port()), PageFormat::text);
        const auto exact = read(page(gateway.port(), openmetrics), PageFormat::openmetrics);
        const auto json = Json::parse(page(gateway.port(), {}, "/metrics.json").toStdString(), nullptr, false);
        QCOMPARE(exact.size(), text.size());
        QCOMPARE(json["metrics"].size(), text.size());
        QCOMPARE(values_of(exact), values_of(text));
        QVERIFY(values_of(text).size() > 50);
        QCOMPARE(value_of(text, R"(aigateway_requests_total{"backend":"up","model":"m1","status":"success"})"),
                 std::string("2.0"));
        QCOMPARE(value_of(exact, R"(aigateway_model_tokens_total{"backend":"up","model":"m1","type":"total"})"),
                 std::string("19.0"));

        QVERIFY(json["timestamp"].get<std::string>().ends_with("Z"));
        QCOMPARE(json["database"]["backend"].get<std::string>(), std::string("sqlite"));
        QVERIFY(json["database"]["path"].get<std::string>().ends_with("/tokenscope/conversations.db"));
        std::map<std::string, double> totals;
        for (const auto& family : json["metrics"])
            for (const auto& sample : family["samples"])
                if (sample.contains("value") && sample["value"].is_number())
                    totals[family["name"].get<std::string>() + sample["labels"].dump()] = sample["value"].get<double>();
        QCOMPARE(totals[R"(aigateway_requests_total{"backend":"up","model":"m1","status":"success"})"], 2.0);
    }

    void exemplars_lead_to_the_trace()
    {
        if (!have_python_client())
            QSKIP("prometheus_client (Debian package python3-prometheus-client) is not installed.");
        FakeUpstream upstream(answer);
        GatewayProcess gateway(in_front_of(upstream));
        RawHttp client(gateway.port());
        const QByteArray trace = "0af7651916cd43dd8448eb211c80319c";
        client.post("/v1/chat/completions", streamed, "traceparent: 00-" + trace + "-b7ad6b7169203331-01\r\n");
        QVERIFY(client.read_reply());
        QTRY_VERIFY(page(gateway.port()).contains("http_requests_in_flight 0\n"));

        std::size_t found = 0;
        for (const auto& family : read(page(gateway.port(), openmetrics), PageFormat::openmetrics))
            for (const auto& sample : family["samples"])
                if (!sample["exemplar"].is_null()) {
                    ++found;
                    QCOMPARE(sample["exemplar"]["labels"]["trace_id"].get<std::string>(), trace.toStdString());
                    QVERIFY(sample["exemplar"]["timestamp"].get<double>() > 1.7e9);
                }
        QVERIFY(found > 0);
        QVERIFY(!page(gateway.port()).contains(trace));
    }
};

QTEST_GUILESS_MAIN(TstMetricsPage)
#include "tst_metrics_page.moc"

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fake_upstream.h"
#include "support/gateway_process.h"
#include "support/raw_http.h"

#include <QFile>
#include <QRegularExpression>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

using namespace tokenscope::test;
using F = FakeUpstream;
using Json = nlohmann::json;

namespace {

const QString demo_config = QStringLiteral(
    "providers: [{ name: demo, kind: demo, demo: { prefill_base: 1ms, prefill_per_token: 0, per_token: 0 } }]\n");

QByteArray chat(const QByteArray& model, const QByteArray& prompt, bool streamed = false)
{
    return R"({"model":")" + model + R"(","stream":)" + (streamed ? "true" : "false")
           + R"(,"messages":[{"role":"user","content":")" + prompt + R"("}]})";
}

int ask(const GatewayProcess& gateway, const QByteArray& target, const QByteArray& body, const QByteArray& headers = {})
{
    RawHttp client(gateway.port());
    client.post(target, body, headers);
    return client.read_reply() ? client.status() : 0;
}

QByteArray page(const GatewayProcess& gateway, const QByteArray& target)
{
    RawHttp client(gateway.port());
    client.get(target);
    return client.read_reply() ? client.body() : QByteArray();
}

QByteArray read_all(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// All lines as JSON; discarded() where one is not.
std::vector<Json> lines_of(const QByteArray& log)
{
    std::vector<Json> out;
    for (const auto& line : log.split('\n'))
        if (!line.isEmpty())
            out.push_back(Json::parse(line.toStdString(), nullptr, false));
    return out;
}

std::vector<Json> requests_of(const QByteArray& log)
{
    auto lines = lines_of(log);
    // "listening on ..." stands among them where spans go to standard output.
    std::erase_if(lines, [](const Json& line) { return !line.is_object() || line.value("msg", "") != "request"; });
    return lines;
}

bool matches(const Json& value, const char* pattern)
{
    return value.is_string()
           && QRegularExpression(QLatin1String("^(?:") + QLatin1String(pattern) + QLatin1String(")$"))
                  .match(QString::fromStdString(value.get<std::string>()))
                  .hasMatch();
}

/// What is wrong with a line of the log, or nothing. `model_request`: it is of a request that a model answered.
QByteArray fault_of(const Json& line, bool model_request = false)
{
    if (!line.is_object())
        return "no object";
    if (!matches(line.value("time", Json()), R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"))
        return "time";
    if (!matches(line.value("level", Json()), "debug|info|warn|error") || !line.value("msg", Json()).is_string())
        return "level or msg";
    if (line["msg"] != "request")
        return {};
    if (!matches(line.value("request_id", Json()), R"([\x21-\x7e]{1,128})")
        || !matches(line.value("trace_id", Json()), "[0-9a-f]{32}")
        || !matches(line.value("span_id", Json()), "[0-9a-f]{16}"))
        return "an id";
    if (!line.value("status", Json()).is_number_unsigned() || !line.value("duration_ms", Json()).is_number())
        return "status or duration";
    if (!model_request)
        return {};
    for (const char* key : {"provider", "model"})
        if (!line.value(key, Json()).is_string() || line[key].get<std::string>().empty())
            return key;
    for (const char* key : {"input_tokens", "output_tokens"})
        if (!line.value(key, Json()).is_number_unsigned())
            return key;
    return {};
}

/// Takes a long list of models, and answers with what must not be seen elsewhere.
F::Script tell_tale(const F::Request& request)
{
    if (request.target.endsWith("/models"))
        return {F::reply(200, "application/json", R"({"data":[{"id":"good"},{"id":"bad"},{"id":"cut"}]})")};
    if (request.body.contains("\"bad\""))
        return {F::reply(401, "application/json",
                         R"({"error":{"message":"Incorrect API key: CANARY-upstream. You said CANARY-prompt",)"
                         R"("type":"CANARY-reply","code":"CANARY-reply"}})")};
    if (request.body.contains("\"cut\""))
        return {F::chunked_head(200, "text/event-stream"),
                F::chunk("data: {\"choices\":[{\"delta\":{\"content\":\"CANARY-reply\"}}]}\n\n"
                         "data: {\"error\":{\"message\":\"CANARY-reply\"}}\n\n"),
                F::Close{}};
    return {F::reply(200, "application/json",
                     R"({"model":"good","choices":[{"message":{"content":"CANARY-reply"}}],)"
                     R"("usage":{"prompt_tokens":3,"completion_tokens":2}})")};
}

} // namespace

/// What the real program writes to its log, and what never.
class TstLogs : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void every_line_follows_the_schema()
    {
        GatewayProcess gateway(demo_config);
        QVERIFY2(gateway.started(), gateway.log());
        QCOMPARE(ask(gateway, "/v1/chat/completions", chat("demo-tiny", "hi")), 200);
        QCOMPARE(ask(gateway, "/v1/chat/completions", chat("demo-tiny", "hi", true)), 200);
        QCOMPARE(ask(gateway, "/v1/messages",
                     R"({"model":"demo-tiny","max_tokens":5,"messages":[{"role":"user","content":"a"}]})"),
                 200);
        QCOMPARE(ask(gateway, "/v1/responses", R"({"model":"demo-tiny","input":"a"})"), 200);
        QCOMPARE(ask(gateway, "/api/chat", R"({"model":"demo-tiny","messages":[{"role":"user","content":"a"}]})"), 200);
        QTRY_COMPARE(requests_of(gateway.log()).size(), std::size_t{5});
        for (const auto& line : requests_of(gateway.log()))
            QVERIFY2(fault_of(line, true).isEmpty(), line.dump().c_str());
        ask(gateway, "/v1/chat/completions", chat("nothing-like-it", "hi"));
        ask(gateway, "/v1/chat/completions", "{");
        ask(gateway, "/nowhere?\x01", "x");
        page(gateway, "/health");
        QTRY_VERIFY(requests_of(gateway.log()).size() >= 8);
        for (const auto& line : lines_of(gateway.log()))
            QVERIFY2(fault_of(line).isEmpty(), line.dump().c_str());
    }

    void nothing_secret_is_written_anywhere()
    {
        F upstream(tell_tale);
        const QTemporaryDir folder;
        const auto file = folder.filePath(QStringLiteral("gateway.log"));
        const auto config = QStringLiteral("providers: [{ name: up, kind: openai, base_url: \"%1/v1\", api_key: "
                                           "CANARY-upstream, max_retries: 0 }]\n"
                                           "auth: { keys: [CANARY-client] }\n"
                                           "observability: { tracing: { exporter: { type: stdout, headers: { "
                                           "authorization: CANARY-exporter } } } }\n")
                                .arg(upstream.url());
        GatewayProcess gateway(
            config, {QStringLiteral("--log-level"), QStringLiteral("debug"), QStringLiteral("--log-file"), file});
        QVERIFY2(gateway.started(), gateway.log());
        const QByteArray key = "Authorization: Bearer CANARY-client\r\nCookie: CANARY-header\r\n"
                               "X-Whatever: CANARY-header\r\nUser-Agent: CANARY-header\r\n";
        for (const QByteArray target :
             {"/v1/chat/completions?q=CANARY-query", "/v1/completions", "/v1/embeddings", "/v1/rerank"}) {
            for (const QByteArray model : {"good", "bad", "cut", "missing"}) {
                for (const bool streamed : {false, true}) {
                    ask(gateway, target, chat(model, "CANARY-prompt", streamed), key);
                    ask(gateway, target, chat(model, "CANARY-prompt", streamed), "Authorization: CANARY-client-x\r\n");
                }
            }
            ask(gateway, target, "{\"CANARY-prompt\": ", key);
            ask(gateway, target, R"({"model":"good","messages":"CANARY-prompt","prompt":["CANARY-prompt"]})", key);
        }
        for (const QByteArray target : {"/v1/messages", "/v1/responses", "/api/chat", "/api/generate"})
            for (const QByteArray model : {"good", "bad", "cut"})
                ask(gateway, target,
                    R"({"max_tokens":9,"model":")" + model
                        + R"(","messages":[{"role":"user","content":"CANARY-prompt"}],"input":"CANARY-prompt",)"
                          R"("prompt":"CANARY-prompt","system":"CANARY-prompt"})",
                    key);
        ask(gateway, "/nowhere?x=CANARY-query", "CANARY-prompt", key);
        // The upstream really got what must not be told.
        const auto seen = upstream.requests();
        const auto got = [&](const QByteArray& word) {
            return std::any_of(seen.begin(), seen.end(), [&](const F::Request& request) {
                return request.head.contains(word) || request.body.contains(word);
            });
        };
        QVERIFY(got("CANARY-upstream") && got("CANARY-prompt"));
        RawHttp client(gateway.port());
        client.send("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer CANARY-client\r\n\r\n");
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 200);
        QVERIFY(!client.body().isEmpty());
        QTRY_VERIFY(requests_of(gateway.log()).size() >= 80);
        gateway.process().terminate();
        QVERIFY(gateway.process().waitForFinished(15'000));
        const QByteArray everything =
            gateway.log() + read_all(file) + client.body() + gateway.process().readAllStandardOutput();
        QVERIFY(read_all(file).size() > 1000);
        const auto at = everything.indexOf("CANARY");
        QVERIFY2(at < 0, everything.mid(std::max<qsizetype>(0, at - 400), 600).constData());
    }

    void off_is_silence()
    {
        GatewayProcess gateway(demo_config, {QStringLiteral("--log-level"), QStringLiteral("off"),
                                             QStringLiteral("--log-file"), QStringLiteral("/dev/full")});
        QVERIFY(gateway.started());
        ask(gateway, "/v1/chat/completions", "{");
        QCOMPARE(ask(gateway, "/v1/chat/completions", chat("demo-tiny", "hi")), 200);
        gateway.process().terminate();
        QVERIFY(gateway.process().waitForFinished(15'000));
        QCOMPARE(gateway.log(), QByteArray());
    }

    void the_level_follows_the_file()
    {
        GatewayProcess gateway(demo_config + QStringLiteral("log: { level: \"off\" }\n"));
        QVERIFY(gateway.started());
        ask(gateway, "/v1/chat/completions", "{");
        QFile file(gateway.process().arguments().at(1));
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write((demo_config + QStringLiteral("log: { level: info }\n")).toUtf8());
        file.close();
        QTRY_VERIFY2(gateway.log().contains("\"changes\":\"log.level\""), gateway.log());
        QCOMPARE(requests_of(gateway.log()).size(), std::size_t{0}); // nothing is caught up
        page(gateway, "/health");
        QTRY_COMPARE(requests_of(gateway.log()).size(), std::size_t{1});
    }

    void the_command_line_counts_before_the_file()
    {
        const QTemporaryDir folder;
        const auto given = folder.filePath(QStringLiteral("given.log"));
        const auto configured = folder.filePath(QStringLiteral("configured.log"));
        GatewayProcess gateway(
            demo_config + QStringLiteral("log: { level: \"off\", file: \"%1\" }\n").arg(configured),
            {QStringLiteral("--log-level"), QStringLiteral("info"), QStringLiteral("--log-file"), given});
        QVERIFY(gateway.started());
        page(gateway, "/health");
        QTRY_COMPARE(requests_of(read_all(given)).size(), std::size_t{1});
        QVERIFY(!QFile::exists(configured));
    }

    void a_file_that_cannot_be_written_stops_nothing()
    {
        for (const auto* place : {"/dev/full", "/proc/nowhere/x.log"}) {
            GatewayProcess gateway(demo_config, {QStringLiteral("--log-file"), QLatin1String(place)});
            QVERIFY2(gateway.started(), place);
            page(gateway, "/health");
            page(gateway, "/health");
            QTRY_COMPARE(requests_of(gateway.log()).size(), std::size_t{2});
            QVERIFY2(gateway.log().count("The log file cannot be used") == 1, gateway.log());
        }
    }

    void two_gateways_and_logrotate_share_a_file()
    {
        const QTemporaryDir folder;
        const auto path = folder.filePath(QStringLiteral("gateway.log"));
        const QStringList arguments{QStringLiteral("--log-file"), path};
        GatewayProcess one(demo_config, arguments);
        GatewayProcess two(demo_config, arguments);
        QVERIFY(one.started() && two.started());
        for (int round = 0; round < 4; ++round) {
            for (int i = 0; i < 10; ++i) {
                page(one, "/health");
                page(two, "/health");
            }
            QTRY_VERIFY(requests_of(read_all(path)).size() >= 1);
            QVERIFY(QFile::rename(path, path + QString::number(round)));
        }
        for (auto* gateway : {&one, &two}) {
            gateway->process().terminate();
            QVERIFY(gateway->process().waitForFinished(15'000));
        }
        QByteArray all = read_all(path);
        for (int round = 0; round < 4; ++round)
            all += read_all(path + QString::number(round));
        for (const auto& line : lines_of(all))
            QVERIFY2(fault_of(line).isEmpty(), line.dump().c_str());
        QCOMPARE(requests_of(all).size(), std::size_t{80});
    }

    void a_machine_without_a_gpu_says_so()
    {
        GatewayProcess gateway(demo_config);
        QVERIFY(gateway.started());
        QTRY_VERIFY_WITH_TIMEOUT(gateway.log().contains("\"msg\":\"GPUs\",\"origin\":\""), 15'000);
        const bool none = gateway.log().contains("no GPU found on this machine");
        QCOMPARE(page(gateway, "/metrics").contains("gpu_memory_mb"), !none);
    }

    void what_ollama_has_loaded_is_on_the_page()
    {
        F ollama([](const F::Request& request) -> F::Script {
            const QByteArray loaded =
                R"({"models":[{"name":"phi4:latest","size":12000000000,"size_vram":9000000000}]})";
            const QByteArray body = request.target == "/api/ps"     ? loaded
                                    : request.target == "/api/tags" ? QByteArray(R"({"models":[]})")
                                                                    : QByteArray("{}");
            return {F::reply(200, "application/json", body)};
        });
        GatewayProcess gateway(QStringLiteral("providers:\n"
                                              "  - { name: box, kind: ollama, base_url: \"%1\" }\n"
                                              "  - { name: away, kind: ollama, base_url: \"http://127.0.0.1:9\" }\n")
                                   .arg(ollama.url()));
        QVERIFY2(gateway.started(), gateway.log());
        QTRY_VERIFY(page(gateway, "/metrics").contains("tokenscope_model_vram_bytes{"));
        const auto text = page(gateway, "/metrics");
        QVERIFY2(text.contains(R"(tokenscope_model_vram_bytes{model="phi4:latest",provider="box"} 9000000000)"), text);
        QVERIFY2(text.contains(R"(tokenscope_model_memory_bytes{model="phi4:latest",provider="box"} 12000000000)"),
                 text);
        QVERIFY(!gateway.log().contains("away"));
    }
};

QTEST_GUILESS_MAIN(TstLogs)
#include "tst_logs.moc"

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/gateway_process.h"
#include "support/raw_http.h"

#include <QProcess>
#include <QRegularExpression>
#include <QTest>

#include <nlohmann/json.hpp>

#include <csignal>

using namespace tokenscope::test;

namespace {

const QString demo_config =
    QStringLiteral("providers: [{ name: demo, kind: demo, demo: { per_token: 1ms, prefill_base: 5ms } }]\n");
const QByteArray streamed = R"({"model":"demo-tiny","stream":true,"messages":[{"role":"user","content":"hi"}]})";

} // namespace

/// The headless program as a user starts it.
class TstGatewayProcess : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void says_where_it_listens()
    {
        GatewayProcess gateway(demo_config);
        QVERIFY2(gateway.started(), gateway.log());
        QVERIFY(QRegularExpression(QStringLiteral("^listening on http://127\\.0\\.0\\.1:[1-9][0-9]*$"))
                    .match(gateway.first_line())
                    .hasMatch());
        RawHttp client(gateway.port());
        client.get("/health");
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 200);
    }

    void ends_cleanly_when_told_to()
    {
        GatewayProcess gateway(demo_config);
        QVERIFY(gateway.started());
        RawHttp client(gateway.port());
        client.post("/v1/chat/completions", streamed);
        QVERIFY(client.read_until([](const QByteArray& body) { return body.contains("content"); }));
        gateway.process().terminate();
        // The stream under way still comes to its end.
        QVERIFY(client.read_reply());
        QVERIFY2(client.body().endsWith("data: [DONE]\n\n"), client.body());
        QVERIFY(gateway.process().waitForFinished(10'000));
        QCOMPARE(gateway.process().exitStatus(), QProcess::NormalExit);
        QCOMPARE(gateway.process().exitCode(), 0);
    }

    void logs_one_json_line_a_request_without_its_content()
    {
        GatewayProcess gateway(demo_config);
        RawHttp client(gateway.port());
        client.post("/v1/chat/completions", QByteArray(streamed).replace("hi", "my secret plan"),
                    "Authorization: Bearer sk-secret\r\ntraceparent: "
                    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n");
        QVERIFY(client.read_reply());
        QTRY_VERIFY(gateway.log().contains("\"msg\":\"request\""));
        nlohmann::json line;
        for (const auto& text : gateway.log().split('\n'))
            if (text.contains("\"msg\":\"request\""))
                line = nlohmann::json::parse(text.toStdString());
        QCOMPARE(line["route"].get<std::string>(), std::string("/v1/chat/completions"));
        QCOMPARE(line["trace_id"].get<std::string>(), std::string("0af7651916cd43dd8448eb211c80319c"));
        QVERIFY(line["span_id"].get<std::string>() != "b7ad6b7169203331");
        QCOMPARE(line["provider"].get<std::string>(), std::string("demo"));
        QVERIFY(line["output_tokens"].get<int>() > 0);
        QVERIFY(!gateway.log().contains("secret"));
    }

    void bad_configuration_is_refused_with_its_place()
    {
        GatewayProcess gateway(
            QStringLiteral("providers:\n  - { name: x, kind: openay, base_url: \"http://127.0.0.1:1\" }\n"));
        QVERIFY(!gateway.started());
        QTRY_COMPARE(gateway.process().state(), QProcess::NotRunning);
        QCOMPARE(gateway.process().exitCode(), 2);
        QVERIFY2(gateway.log().contains("config.yaml:2:"), gateway.log());
    }

    void sighup_reads_the_configuration_again()
    {
        GatewayProcess gateway(demo_config);
        QVERIFY(gateway.started());
        QCOMPARE(kill(static_cast<pid_t>(gateway.process().processId()), SIGHUP), 0);
        QTRY_VERIFY2(gateway.log().contains("configuration unchanged"), gateway.log());
        RawHttp client(gateway.port());
        client.get("/health");
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 200);
    }

    void keys_are_hashed_on_request()
    {
        QProcess process;
        process.start(QString::fromLocal8Bit(qgetenv("TOKENSCOPE_GATEWAY")), {QStringLiteral("--hash-key")});
        QVERIFY(process.waitForStarted());
        process.write("abc\n");
        process.closeWriteChannel();
        QVERIFY(process.waitForFinished(10'000));
        QCOMPARE(process.exitCode(), 0);
        QCOMPARE(process.readAllStandardOutput(),
                 QByteArray("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n"));
    }

    void unknown_option_is_refused()
    {
        GatewayProcess gateway(demo_config, {QStringLiteral("--lisen"), QStringLiteral("x")});
        QVERIFY(!gateway.started());
        QVERIFY2(gateway.log().contains("--listen"), gateway.log());
    }
};

QTEST_GUILESS_MAIN(TstGatewayProcess)
#include "tst_gateway_process.moc"

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/otlp_endpoint.h"
#include "unit/otlp/sending.h"

#include <QTest>

using namespace tokenscope;
using namespace tokenscope::test;
using config::Exporter;
using config::ExporterType;

Q_DECLARE_METATYPE(tokenscope::config::ExporterType)

class TstOtlpConfig : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void endpoints_data()
    {
        QTest::addColumn<ExporterType>("type");
        QTest::addColumn<bool>("insecure");
        QTest::addColumn<QByteArray>("endpoint");
        QTest::addColumn<QByteArray>("expected"); // a URL, or a part of the error
        const auto grpc = [](const char* endpoint, const char* expected, bool insecure = true) {
            QTest::addRow("grpc %s%s", endpoint, insecure ? "" : " secure")
                << ExporterType::otlp << insecure << QByteArray(endpoint) << QByteArray(expected);
        };
        grpc("", "http://localhost:4317");
        grpc("", "https://localhost:4317", false);
        grpc("localhost:4317", "http://localhost:4317");
        grpc("collector", "http://collector:4317");
        grpc("collector", "https://collector:4317", false);
        grpc("10.0.0.1:1234", "http://10.0.0.1:1234");
        grpc("[::1]:4317", "http://[::1]:4317");
        grpc("[::1]", "http://[::1]:4317");
        grpc("Collector.Example:4317", "http://collector.example:4317");
        grpc("http://collector:4317", "http://collector:4317", false);
        grpc("https://collector:4317", "https://collector:4317", true);
        grpc("https://collector", "https://collector");
        grpc("https://collector/", "https://collector");
        grpc("http://collector:4317/v1/traces", "no path");
        grpc("collector:4317/v1/traces", "host:port");
        grpc("grpc://collector:4317", "http:// or https://");
        grpc("collector:0", "port 0");
        grpc("collector:99999", "65535");
        grpc("collector:abc", "65535");
        grpc(":4317", "host is missing");
        grpc("::1", "brackets");
        grpc("a b", "spaces");
        grpc("user:secret@collector:4317", "host:port");
        grpc("https://user:secret@collector", "user name or password");
        grpc("https://collector?key=1", "query");
        const auto http = [](const char* endpoint, const char* expected) {
            QTest::addRow("http %s", endpoint)
                << ExporterType::otlp_http << true << QByteArray(endpoint) << QByteArray(expected);
        };
        http("", "http://localhost:4318/v1/traces");
        http("http://localhost:4318", "http://localhost:4318/v1/traces");
        http("http://localhost:4318/", "http://localhost:4318/v1/traces");
        http("https://api.example/otlp/v1/traces", "https://api.example/otlp/v1/traces");
        http("https://api.example/otlp/", "https://api.example/otlp");
        http("localhost:4318", "http:// or https://");
        http("https://user:secret@collector", "user name or password");
    }

    void endpoints()
    {
        QFETCH(ExporterType, type);
        QFETCH(bool, insecure);
        QFETCH(QByteArray, endpoint);
        QFETCH(QByteArray, expected);
        const Exporter exporter{.type = type, .endpoint = endpoint.toStdString(), .insecure = insecure, .headers = {}};
        const auto url = config::otlp_endpoint(exporter);
        if (url) {
            QCOMPARE(QByteArray::fromStdString(url->to_string()), expected);
            return;
        }
        QVERIFY(url.error().code == ErrorCode::config);
        const auto message = QByteArray::fromStdString(url.error().message);
        QVERIFY2(message.startsWith("is no address of a collector: ") && message.contains(expected), message);
        QVERIFY2(!message.contains("secret"), message);
        const auto made = otlp::make_exporter(exporter, sample_resource(), no_environment);
        QVERIFY(!made && made.error().code == ErrorCode::config);
        QVERIFY(made.error().message.starts_with("observability.tracing.exporter.endpoint: '"));
    }

    void other_types_are_made_elsewhere()
    {
        for (const auto type : {ExporterType::none, ExporterType::stdout_lines})
            QVERIFY(!otlp::make_exporter({.type = type, .endpoint = {}, .headers = {}}, {}, no_environment));
    }

    void headers_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<bool>("good");
        QTest::newRow("authorization") << QByteArray("Authorization") << QByteArray("Bearer s3cret") << true;
        QTest::newRow("empty value") << QByteArray("x-org") << QByteArray() << true;
        QTest::newRow("user agent") << QByteArray("user-agent") << QByteArray("me") << true;
        QTest::newRow("empty name") << QByteArray() << QByteArray("s3cret") << false;
        QTest::newRow("space in the name") << QByteArray("x org") << QByteArray("s3cret") << false;
        QTest::newRow("pseudo header") << QByteArray(":path") << QByteArray("s3cret") << false;
        QTest::newRow("line break") << QByteArray("x-org") << QByteArray("s3cret\r\nX: y") << false;
        QTest::newRow("NUL") << QByteArray("x-org") << QByteArray("s3cret\0", 7) << false;
        QTest::newRow("content type") << QByteArray("Content-Type") << QByteArray("s3cret") << false;
        QTest::newRow("length") << QByteArray("content-length") << QByteArray("s3cret") << false;
        QTest::newRow("te") << QByteArray("TE") << QByteArray("s3cret") << false;
        QTest::newRow("connection") << QByteArray("connection") << QByteArray("s3cret") << false;
        QTest::newRow("host") << QByteArray("Host") << QByteArray("s3cret") << false;
        QTest::newRow("gRPC's own") << QByteArray("grpc-timeout") << QByteArray("s3cret") << false;
    }

    void headers()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, value);
        QFETCH(bool, good);
        for (const auto type : {ExporterType::otlp, ExporterType::otlp_http}) {
            const Exporter exporter{
                .type = type, .endpoint = {}, .headers = {{name.toStdString(), value.toStdString()}}};
            const auto made = otlp::make_exporter(exporter, {}, no_environment);
            QCOMPARE(made.has_value(), good);
            if (good)
                continue;
            QVERIFY(made.error().code == ErrorCode::config);
            QVERIFY(made.error().message.starts_with("observability.tracing.exporter.headers: "));
            QVERIFY(made.error().message.find("s3cret") == std::string::npos);
        }
    }
};

QTEST_APPLESS_MAIN(TstOtlpConfig)
#include "tst_otlp_config.moc"

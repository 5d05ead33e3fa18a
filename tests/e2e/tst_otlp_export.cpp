// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "e2e/otlp_collector.h"
#include "otlp/make_exporter.h"

#include <QTest>

#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

using namespace tokenscope;
using namespace tokenscope::telemetry;
using tokenscope::test::Collector;
using Json = nlohmann::json;
using config::ExporterType;

Q_DECLARE_METATYPE(tokenscope::config::ExporterType)

namespace {

const char* protocol(ExporterType type)
{
    return type == ExporterType::otlp ? "grpc" : "http";
}

SpanData root_span()
{
    SpanData span;
    span.trace_id = {0x4b, 0xf9, 0x2f, 0x35, 0x77, 0xb3, 0x4d, 0xa6, 0xa3, 0xce, 0x92, 0x9d, 0x0e, 0x0e, 0x47, 0x36};
    span.span_id = {0x00, 0xf0, 0x67, 0xaa, 0x0b, 0xa9, 0x02, 0xb7};
    span.parent_id = {0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88};
    span.parent_is_remote = true;
    span.flags = 1;
    span.trace_state = "vendor=1,other=2";
    span.name = "HTTP POST /v1/responses";
    span.kind = SpanKind::server;
    span.start = std::chrono::nanoseconds(1'700'000'000'123'456'789);
    span.end = std::chrono::nanoseconds(1'700'000'001'987'654'321);
    span.attributes = {{"http.method", std::string("POST")},
                       {"http.status_code", std::int64_t(200)},
                       {"smallest", std::numeric_limits<std::int64_t>::min()},
                       {"largest", std::numeric_limits<std::int64_t>::max()},
                       {"provider.ttfb_seconds", 0.125},
                       {"nan", std::numeric_limits<double>::quiet_NaN()},
                       {"streamed", true},
                       {"cached", false},
                       {"reasons", std::vector<std::string>{"stop", "café"}},
                       {"empty", std::string()},
                       {"bad text", std::string("caf\xC3\xA9 \xFF")}};
    span.events = {{"first_token", std::chrono::nanoseconds(1'700'000'000'500'000'001), {{"n", std::int64_t(1)}}},
                   {"done", std::chrono::nanoseconds(1'700'000'001'900'000'000), {}}};
    span.status = SpanStatus::ok;
    return span;
}

SpanData child_span()
{
    SpanData span;
    span.trace_id = root_span().trace_id;
    span.span_id = {1, 2, 3, 4, 5, 6, 7, 8};
    span.parent_id = root_span().span_id;
    span.flags = 0;
    span.name = "provider.generate_stream";
    span.kind = SpanKind::client;
    span.start = std::chrono::nanoseconds(1);
    span.end = std::chrono::nanoseconds(2);
    span.status = SpanStatus::error;
    span.status_message = "upstream_timeout";
    return span;
}

const char* const expected_request = R"({"resourceSpans":[{
  "resource":{"attributes":[
    {"key":"service.name","value":{"stringValue":"tokenscope-test"}},
    {"key":"service.instance.id","value":{"stringValue":"instance-1"}}],"entityRefs":[]},
  "scopeSpans":[{
    "scope":{"name":"tokenscope","version":"9.8.7","attributes":[]},
    "spans":[
      {"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","parentSpanId":"1122334455667788",
       "traceState":"vendor=1,other=2","flags":769,"name":"HTTP POST /v1/responses","kind":2,
       "startTimeUnixNano":"1700000000123456789","endTimeUnixNano":"1700000001987654321",
       "attributes":[
         {"key":"http.method","value":{"stringValue":"POST"}},
         {"key":"http.status_code","value":{"intValue":"200"}},
         {"key":"smallest","value":{"intValue":"-9223372036854775808"}},
         {"key":"largest","value":{"intValue":"9223372036854775807"}},
         {"key":"provider.ttfb_seconds","value":{"doubleValue":0.125}},
         {"key":"nan","value":{"doubleValue":"NaN"}},
         {"key":"streamed","value":{"boolValue":true}},
         {"key":"cached","value":{"boolValue":false}},
         {"key":"reasons","value":{"arrayValue":{"values":[{"stringValue":"stop"},{"stringValue":"café"}]}}},
         {"key":"empty","value":{"stringValue":""}},
         {"key":"bad text","value":{"stringValue":"café �"}}],
       "events":[
         {"timeUnixNano":"1700000000500000001","name":"first_token",
          "attributes":[{"key":"n","value":{"intValue":"1"}}]},
         {"timeUnixNano":"1700000001900000000","name":"done","attributes":[]}],
       "links":[],
       "status":{"code":1}},
      {"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"0102030405060708","parentSpanId":"00f067aa0ba902b7",
       "flags":256,"name":"provider.generate_stream","kind":3,"startTimeUnixNano":"1","endTimeUnixNano":"2",
       "attributes":[],"events":[],"links":[],
       "status":{"code":2,"message":"upstream_timeout"}}]}]}]})";

} // namespace

/// Our exporters and other people's decoders: gRPC's server for Node and the message definitions of OpenTelemetry's packages.
class TstOtlpExport : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<Collector> m_collector;

    std::unique_ptr<SpanExporter> exporter(ExporterType type, const std::string& answer = {}) const
    {
        config::Exporter config{.type = type, .endpoint = m_collector->url(protocol(type)), .headers = {}};
        config.headers = {{"Authorization", "Bearer s3cret-token"}, {"X-Org", "42"}};
        if (!answer.empty())
            config.headers["x-test"] = answer;
        const Resource resource{
            .attributes = {{"service.name", "tokenscope-test"}, {"service.instance.id", "instance-1"}},
            .scope_name = "tokenscope",
            .scope_version = "9.8.7"};
        auto made = otlp::make_exporter(config, resource, [](const std::string&) { return std::nullopt; });
        return made ? std::move(*made) : nullptr;
    }

    static ExportOutcome send(SpanExporter& exporter, const std::vector<SpanData>& spans)
    {
        return exporter.send(spans, std::chrono::seconds(20), {});
    }

    static void both_types()
    {
        QTest::addColumn<ExporterType>("type");
        QTest::newRow("grpc") << ExporterType::otlp;
        QTest::newRow("http") << ExporterType::otlp_http;
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (const auto why = Collector::missing(); !why.isEmpty())
            QSKIP(qPrintable(why));
        m_collector = std::make_unique<Collector>();
        QVERIFY(m_collector->started());
    }

    void every_field_arrives_data() { both_types(); }
    void every_field_arrives()
    {
        QFETCH(ExporterType, type);
        const auto sender = exporter(type);
        QVERIFY(sender);
        // Twice: the second time on the connection that was kept.
        for (int i = 0; i < 2; ++i) {
            const auto outcome = send(*sender, {root_span(), child_span()});
            QVERIFY2(outcome.kind == ExportOutcome::Kind::accepted, outcome.message.c_str());
            QCOMPARE(outcome.message, std::string());
            const auto got = m_collector->next();
            QVERIFY(got.is_object());
            QCOMPARE(Json::diff(Json::parse(expected_request), got["request"]).dump(), std::string("[]"));
            const auto& headers = got["headers"];
            QCOMPARE(headers.value("authorization", ""), std::string("Bearer s3cret-token"));
            QCOMPARE(headers.value("x-org", ""), std::string("42"));
            QVERIFY(headers.value("user-agent", "").starts_with("tokenscope/"));
            if (type == ExporterType::otlp) {
                QVERIFY(got["deadline"].get<double>() > 5'000 && got["deadline"].get<double>() <= 20'000);
            } else {
                QCOMPARE(got.value("path", ""), std::string("/v1/traces"));
                QCOMPARE(headers.value("content-type", ""), std::string("application/x-protobuf"));
            }
        }
    }

    void answers_are_understood_data()
    {
        QTest::addColumn<ExporterType>("type");
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QByteArray>("part");
        QTest::addColumn<qint64>("retry_ms"); // -1: none
        const auto row = [](const char* name, ExporterType type, const char* answer, ExportOutcome::Kind kind,
                            const char* part, qint64 retry_ms) {
            QTest::newRow(name) << type << QByteArray(answer) << int(kind) << QByteArray(part) << retry_ms;
        };
        using Kind = ExportOutcome::Kind;
        const auto grpc = ExporterType::otlp, http = ExporterType::otlp_http;
        row("grpc, partial", grpc, "partial", Kind::accepted, "dropped 1 of 2 spans (one span is too old)", -1);
        row("http, partial", http, "partial", Kind::accepted, "dropped 1 of 2 spans (one span is too old)", -1);
        row("grpc, unavailable", grpc, "unavailable", Kind::try_again, "UNAVAILABLE (busy: 100 % \xC3\xA9)", -1);
        row("http, unavailable", http, "unavailable", Kind::try_again, "status 503 (busy)", 2'000);
        row("grpc, exhausted", grpc, "exhausted", Kind::try_again, "RESOURCE_EXHAUSTED (slow down)", 2'000);
        row("grpc, unauthenticated", grpc, "unauthenticated", Kind::refused, "UNAUTHENTICATED (bad ***)", -1);
        row("http, unauthenticated", http, "unauthenticated", Kind::refused, "status 401 (bad ***)", -1);
    }

    void answers_are_understood()
    {
        QFETCH(ExporterType, type);
        QFETCH(QByteArray, answer);
        QFETCH(int, kind);
        QFETCH(QByteArray, part);
        QFETCH(qint64, retry_ms);
        const auto sender = exporter(type, answer.toStdString());
        const auto outcome = send(*sender, {root_span(), child_span()});
        QVERIFY(m_collector->next().is_object());
        QCOMPARE(int(outcome.kind), kind);
        QVERIFY2(QByteArray::fromStdString(outcome.message).contains(part), outcome.message.c_str());
        QVERIFY(outcome.message.find("s3cret") == std::string::npos);
        QCOMPARE(outcome.rejected, std::uint64_t(answer == "partial" ? 1 : 0));
        QCOMPARE(qint64(outcome.retry_after.value_or(std::chrono::milliseconds(-1)).count()), retry_ms);
    }

    void large_batches_data() { both_types(); }
    void large_batches()
    {
        QFETCH(ExporterType, type);
        // Far more than HTTP/2's first window of 64 KiB, and less than the 4 MiB that gRPC's servers take.
        std::vector<SpanData> spans(512, child_span());
        for (auto& span : spans)
            span.attributes.push_back({"filler", std::string(7'000, 'x')});
        const auto sender = exporter(type);
        const auto outcome = send(*sender, spans);
        QVERIFY2(outcome.kind == ExportOutcome::Kind::accepted, outcome.message.c_str());
        const auto got = m_collector->next();
        QVERIFY(got.is_object());
        QCOMPARE(got["request"]["resourceSpans"][0]["scopeSpans"][0]["spans"].size(), spans.size());
    }

    void too_large_a_batch_is_refused_by_grpc()
    {
        auto span = child_span();
        span.attributes.push_back({"filler", std::string(5'000'000, 'x')});
        const auto sender = exporter(ExporterType::otlp);
        const auto outcome = send(*sender, {span});
        QVERIFY2(outcome.kind == ExportOutcome::Kind::refused, outcome.message.c_str());
        QVERIFY2(outcome.message.find("RESOURCE_EXHAUSTED") != std::string::npos, outcome.message.c_str());
        QVERIFY(send(*sender, {child_span()}).kind == ExportOutcome::Kind::accepted);
        QVERIFY(m_collector->next().is_object());
        QVERIFY(m_collector->silent());
    }

    void the_wrong_port_is_named()
    {
        const config::Exporter grpc_to_http{
            .type = ExporterType::otlp, .endpoint = m_collector->url("http"), .headers = {}};
        const config::Exporter http_to_grpc{
            .type = ExporterType::otlp_http, .endpoint = m_collector->url("grpc"), .headers = {}};
        const auto none = [](const std::string&) { return std::nullopt; };
        const auto first = send(**otlp::make_exporter(grpc_to_http, {}, none), {child_span()});
        QVERIFY2(first.kind == ExportOutcome::Kind::refused, first.message.c_str());
        QVERIFY2(first.message.find("use type otlp_http") != std::string::npos, first.message.c_str());
        const auto second = send(**otlp::make_exporter(http_to_grpc, {}, none), {child_span()});
        QVERIFY2(second.kind != ExportOutcome::Kind::accepted, second.message.c_str());
    }
};

QTEST_GUILESS_MAIN(TstOtlpExport)
#include "tst_otlp_export.moc"

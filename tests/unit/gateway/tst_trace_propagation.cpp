// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "chat_scripts.h"
#include "counting_hooks.h"
#include "support/raw_http.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <memory>

using namespace tokenscope;
using namespace tokenscope::test;
using F = FakeUpstream;
using config::SamplerType;

namespace {

const QByteArray trace = "0af7651916cd43dd8448eb211c80319c";
const QByteArray span = "b7ad6b7169203331";

QByteArray parent_field(const QByteArray& flags)
{
    return "traceparent: 00-" + trace + "-" + span + "-" + flags + "\r\n";
}

} // namespace

/// How the gateway takes its place in the traces of its clients and passes them on to its upstreams.
class TstTracePropagation : public QObject {
    Q_OBJECT

    std::unique_ptr<FakeUpstream> m_upstream;
    std::unique_ptr<TestGateway> m_gateway;

    config::Config config(SamplerType type, bool enabled = true) const
    {
        auto config = test_config({openai_at(m_upstream->url().toStdString())});
        config.observability.tracing.sampler.type = type;
        config.observability.tracing.enabled = enabled;
        return config;
    }
    void serve(SamplerType type, bool enabled = true)
    {
        m_gateway = std::make_unique<TestGateway>(config(type, enabled));
    }
    /// What the upstream gets for a chat with these headers.
    F::Request ask(const QByteArray& headers)
    {
        RawHttp client(m_gateway->port());
        client.post("/v1/chat/completions", chat_body, headers);
        if (!client.read_reply() || client.status() != 200)
            qFatal("The chat failed.");
        return asked(*m_upstream).last();
    }
    nlohmann::json last_line()
    {
        m_gateway->stop();
        return nlohmann::json::parse(m_gateway->log_lines().back());
    }

private Q_SLOTS:
    void init() { m_upstream = std::make_unique<FakeUpstream>(answering_in_turn({json_script(200, chat_reply_body)})); }
    void cleanup()
    {
        m_gateway.reset();
        m_upstream.reset();
    }

    void a_sampled_parent_is_continued()
    {
        serve(SamplerType::never);
        const auto sent = ask(parent_field("01") + "tracestate: rojo=1\r\nTraceState: congo=2\r\n");
        m_gateway->stop();
        const auto& spans = m_gateway->traces.last();
        QCOMPARE(telemetry::to_hex(spans[0].trace_id), trace.toStdString());
        QCOMPARE(telemetry::to_hex(spans[0].parent_id), span.toStdString());
        QVERIFY(spans[0].parent_is_remote && !spans[1].parent_is_remote);
        QCOMPARE(spans[0].trace_state, std::string("rojo=1,congo=2"));
        QCOMPARE(sent.header("traceparent"),
                 "00-" + trace + "-" + QByteArray::fromStdString(telemetry::to_hex(spans[2].span_id)) + "-01");
        QCOMPARE(sent.header("tracestate"), QByteArray("rojo=1,congo=2"));
        QCOMPARE(sent.head.toLower().count("tracestate:"), 1);
        QCOMPARE(sent.head.toLower().count("traceparent:"), 1);
        const auto line = last_line();
        QCOMPARE(line.at("trace_id").get<std::string>(), trace.toStdString());
        QCOMPARE(line.at("span_id").get<std::string>(), telemetry::to_hex(spans[0].span_id));
    }

    void an_unsampled_parent_is_passed_on()
    {
        serve(SamplerType::always);
        const auto sent = ask(parent_field("00") + "tracestate: rojo=1\r\n");
        const auto line = last_line();
        QCOMPARE(m_gateway->traces.count(), 0);
        const auto told = sent.header("traceparent");
        QVERIFY2(told.startsWith(QByteArray("00-" + trace + "-")) && told.endsWith("-00"), told);
        QVERIFY(!told.contains(span)); // we are in between
        QCOMPARE(sent.header("tracestate"), QByteArray("rojo=1"));
        QCOMPARE(line.at("trace_id").get<std::string>(), trace.toStdString());
        QCOMPARE(line.at("span_id").get<std::string>(), told.mid(36, 16).toStdString());
    }

    void without_a_parent_the_sampler_decides()
    {
        serve(SamplerType::never);
        const auto sent = ask("tracestate: rojo=1\r\n");
        m_gateway->stop();
        QCOMPARE(m_gateway->traces.count(), 0);
        QVERIFY(sent.header("traceparent").endsWith("-00"));
        QVERIFY(sent.header("tracestate").isEmpty()); // belongs to no trace
        serve(SamplerType::always);
        QVERIFY(ask({}).header("traceparent").endsWith("-01"));
        m_gateway->stop();
        QCOMPARE(m_gateway->traces.count(), 1);
        QVERIFY(!telemetry::is_set(m_gateway->traces.last()[0].parent_id));
    }

    void what_is_invalid_counts_for_nothing_data()
    {
        QTest::addColumn<QByteArray>("headers");
        QTest::newRow("zeros") << QByteArray("traceparent: 00-00000000000000000000000000000000-" + span + "-01\r\n");
        QTest::newRow("upper case") << QByteArray("traceparent: 00-" + trace.toUpper() + "-" + span + "-01\r\n");
        QTest::newRow("version ff") << QByteArray("traceparent: ff-" + trace + "-" + span + "-01\r\n");
        QTest::newRow("short") << QByteArray("traceparent: 00-" + trace + "\r\n");
        QTest::newRow("twice") << QByteArray(parent_field("01") + parent_field("01"));
    }

    void what_is_invalid_counts_for_nothing()
    {
        QFETCH(QByteArray, headers);
        serve(SamplerType::always);
        const auto sent = ask(headers + "tracestate: rojo=1\r\n");
        m_gateway->stop();
        QCOMPARE(m_gateway->traces.count(), 1);
        QVERIFY(telemetry::to_hex(m_gateway->traces.last()[0].trace_id) != trace.toStdString());
        QVERIFY(!sent.header("traceparent").contains(trace));
        QVERIFY(sent.header("tracestate").isEmpty());
    }

    void a_bad_tracestate_is_dropped_alone()
    {
        serve(SamplerType::always);
        const auto sent = ask(parent_field("01") + "tracestate: Not Valid\r\n");
        QVERIFY(sent.header("traceparent").contains(trace));
        QVERIFY(sent.header("tracestate").isEmpty());
    }

    void switched_off_others_traces_pass_as_they_are()
    {
        serve(SamplerType::always, false);
        const QByteArray headers = parent_field("01") + "tracestate: rojo=1\r\n";
        const auto sent = ask(headers);
        const auto line = last_line();
        QCOMPARE(sent.header("traceparent"), "00-" + trace + "-" + span + "-01");
        QCOMPARE(sent.header("tracestate"), QByteArray("rojo=1"));
        QCOMPARE(m_gateway->traces.count(), 0);
        QVERIFY(!line.contains("trace_id") && !line.contains("span_id"));
        QVERIFY(line.contains("request_id"));
        QVERIFY(m_gateway->records.since(0)[0]->trace_id.empty());
    }

    void switched_off_nothing_is_made_up()
    {
        serve(SamplerType::always, false);
        QVERIFY(ask({}).header("traceparent").isEmpty());
    }

    void a_new_configuration_takes_effect()
    {
        serve(SamplerType::always);
        ask({});
        QVERIFY(m_gateway->gateway().apply(config(SamplerType::never)));
        QVERIFY(ask({}).header("traceparent").endsWith("-00"));
        QVERIFY(m_gateway->gateway().apply(config(SamplerType::always, false)));
        QVERIFY(ask({}).header("traceparent").isEmpty());
        QVERIFY(m_gateway->gateway().apply(config(SamplerType::always)));
        QVERIFY(ask({}).header("traceparent").endsWith("-01"));
        m_gateway->stop();
        QCOMPARE(m_gateway->traces.count(), 2);
    }

    void requests_in_flight_keep_their_trace()
    {
        m_upstream = std::make_unique<FakeUpstream>(
            answering_in_turn({{F::Hold{}, F::reply(200, "application/json", chat_reply_body)}}));
        serve(SamplerType::always);
        RawHttp client(m_gateway->port());
        client.post("/v1/chat/completions", chat_body);
        QTRY_COMPARE(asked(*m_upstream).size(), 1);
        QVERIFY(m_gateway->gateway().apply(config(SamplerType::always, false)));
        m_upstream->release();
        QVERIFY(client.read_reply());
        m_gateway->stop();
        QCOMPARE(m_gateway->traces.count(), 1);
        QCOMPARE(m_gateway->traces.last().size(), std::size_t(3));
    }
};

QTEST_GUILESS_MAIN(TstTracePropagation)
#include "tst_trace_propagation.moc"

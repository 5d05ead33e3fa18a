// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "otlp/http_exporter.h"
#include "otlp/trace_request.h"
#include "otlp/wire_writer.h"
#include "support/fake_upstream.h"
#include "unit/otlp/grpc_server.h"
#include "unit/otlp/sending.h"

#include <QElapsedTimer>
#include <QTest>

#include <atomic>
#include <future>

using namespace tokenscope;
using namespace tokenscope::test;
using config::ExporterType;
using Kind = telemetry::ExportOutcome::Kind;
using Script = FakeUpstream::Script;

namespace {

const QByteArray protobuf = "application/x-protobuf";

FakeUpstream always(Script script)
{
    return FakeUpstream([script](const FakeUpstream::Request&) { return script; });
}

QByteArray partial(std::int64_t rejected, std::string_view why)
{
    otlp::WireWriter out;
    out.write_message(1, [&] {
        out.write_int(1, rejected);
        out.write_string(2, why);
    });
    return QByteArray::fromStdString(out.bytes());
}

QByteArray rpc_status(std::string_view message)
{
    otlp::WireWriter out;
    out.write_int(1, 3);
    out.write_string(2, message);
    return QByteArray::fromStdString(out.bytes());
}

Script with_head(const QByteArray& head, const QByteArray& body = {})
{
    return {FakeUpstream::Send{"HTTP/1.1 " + head + "\r\nContent-Length: " + QByteArray::number(body.size())
                               + "\r\n\r\n" + body}};
}

} // namespace

class TstOtlpHttp : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void the_request()
    {
        const auto server = always({FakeUpstream::reply(200, protobuf, {})});
        const auto exporter = exporter_to(ExporterType::otlp_http, server.url().toStdString(),
                                          {{"Authorization", "Bearer s3cret"}, {"x-Org", "42"}});
        const std::vector spans{sample_span("a"), sample_span("b")};
        for (int i = 0; i < 3; ++i)
            QCOMPARE(text_of(send_to(*exporter, spans)), QByteArray("accepted: "));
        QCOMPARE(server.connections(), 1);
        QCOMPARE(server.requests().size(), qsizetype(3));
        const auto request = server.requests().first();
        QCOMPARE(request.method, QByteArray("POST"));
        QCOMPARE(request.target, QByteArray("/v1/traces"));
        QCOMPARE(request.header("content-type"), protobuf);
        QCOMPARE(request.header("authorization"), QByteArray("Bearer s3cret"));
        QCOMPARE(request.header("x-org"), QByteArray("42"));
        QVERIFY(request.header("user-agent").startsWith("tokenscope/"));
        QVERIFY(request.body.toStdString() == otlp::encode_trace_request(sample_resource(), spans));
        QVERIFY(send_to(*exporter, {}).kind == Kind::accepted);
        QCOMPARE(server.requests().size(), qsizetype(3));
    }

    void the_path_is_the_endpoints()
    {
        const auto server = always({FakeUpstream::reply(200, protobuf, {})});
        const auto exporter = exporter_to(ExporterType::otlp_http, server.url().toStdString() + "/api/otel/v1/traces/");
        QVERIFY(send_to(*exporter).kind == Kind::accepted);
        QCOMPARE(server.requests().value(0).target, QByteArray("/api/otel/v1/traces"));
    }

    void answers_data()
    {
        QTest::addColumn<QByteArray>("head");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("begin");
        QTest::addColumn<QByteArray>("part");
        const auto row = [](const char* name, const char* head, const QByteArray& body, const char* begin,
                            const char* part) {
            QTest::newRow(name) << QByteArray(head) << body << QByteArray(begin) << QByteArray(part);
        };
        const char* const ok = "200 OK\r\nContent-Type: application/x-protobuf";
        row("ok", ok, {}, "accepted: ", "");
        row("202", "202 Accepted", {}, "accepted: ", "");
        row("204", "204 No Content", {}, "accepted: ", "");
        row("JSON", "200 OK\r\nContent-Type: application/json", "{}", "accepted: ", "");
        row("partial", ok, partial(1, "too old"), "accepted: ", "dropped 1 of 2 spans (too old)");
        row("warning", ok, partial(0, "deprecated"), "accepted: ", "warning (deprecated)");
        row("no protobuf", ok, "\xFF\xFF", "accepted: ", "could not be read");
        row("web page", "200 OK\r\nContent-Type: text/html; charset=utf-8", "<h1>Hi</h1>", "refused: ", "web page");
        row("400", "400 Bad Request\r\nContent-Type: application/x-protobuf", rpc_status("bad span"),
            "refused: ", "status 400 (bad span)");
        row("400 in text", "400 Bad Request\r\nContent-Type: text/plain", "bad\r\nspan\x1B[2J",
            "refused: ", "status 400 (bad span [2J)");
        row("400 damaged", "400 Bad Request\r\nContent-Type: application/x-protobuf", "\xFF",
            "refused: ", "status 400.");
        row("401", "401 Unauthorized", "unknown token s3cret-token", "refused: ", "exporter.headers");
        row("403", "403 Forbidden", "", "refused: ", "exporter.headers");
        row("404", "404 Not Found\r\nContent-Type: text/html", "<h1>404</h1>", "refused: ", "no traces at that path");
        row("413", "413 Content Too Large", "too big", "refused: ", "status 413 (too big)");
        row("500", "500 Internal Server Error", QByteArray(50'000, 'x'), "refused: ", "xxx...)");
        row("501", "501 Not Implemented", "", "refused: ", "status 501");
        row("redirection", "308 Permanent Redirect\r\nLocation: https://elsewhere/?key=s3cret-token", "",
            "refused: ", "into the endpoint");
        row("429", "429 Too Many Requests\r\nRetry-After: 7", "slow down", "try_again: ", "status 429 (slow down)");
        row("502", "502 Bad Gateway", "", "try_again: ", "status 502");
        row("503", "503 Service Unavailable\r\nRetry-After: 7", "", "try_again: ", "status 503");
        row("504", "504 Gateway Timeout", "", "try_again: ", "status 504");
    }

    void answers()
    {
        QFETCH(QByteArray, head);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, begin);
        QFETCH(QByteArray, part);
        const auto server = always(head.startsWith("204") ? Script{FakeUpstream::Send{"HTTP/1.1 " + head + "\r\n\r\n"}}
                                                          : with_head(head, body));
        const auto exporter = exporter_to(ExporterType::otlp_http, server.url().toStdString(),
                                          {{"authorization", "Bearer s3cret-token"}});
        const auto outcome = send_to(*exporter, {sample_span(), sample_span()});
        const auto text = text_of(outcome);
        QVERIFY2(text.startsWith(begin) && text.contains(part), text);
        QVERIFY2(!text.contains("s3cret-token") && text.size() < 500, text);
        QCOMPARE(outcome.message.empty(), begin.startsWith("accepted") && part.isEmpty());
        QCOMPARE(outcome.rejected, std::uint64_t(part.startsWith("dropped") ? 1 : 0));
        QCOMPARE(qint64(outcome.retry_after.value_or(std::chrono::milliseconds(-1)).count()),
                 qint64(head.contains("Retry-After") ? 7'000 : -1));
        QCOMPARE(text_of(send_to(*exporter, {sample_span(), sample_span()})), text);
    }

    void broken_answers_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("then");
        const auto row = [](const char* name, const QByteArray& bytes, ByteServer::Then then) {
            QTest::newRow(name) << bytes << int(then);
        };
        using Then = ByteServer::Then;
        row("nothing, closed", "", Then::close);
        row("nothing, reset", "", Then::reset);
        row("half a head", "HTTP/1.1 200 OK\r\nContent-", Then::close);
        row("half a body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", Then::close);
        row("half a body, reset", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", Then::reset);
        row("no HTTP", "SSH-2.0-OpenSSH_9.2\r\n", Then::hold);
        row("HTTP/2", QByteArray::fromHex("000000040000000000"), Then::close);
        row("head without end", "HTTP/1.1 200 OK\r\nX: " + QByteArray(300'000, 'y'), Then::hold);
        row("interim answers without end", QByteArray("HTTP/1.1 103 Early Hints\r\n\r\n").repeated(1'000), Then::hold);
    }

    void broken_answers()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, then);
        const ByteServer server(bytes.toStdString(), ByteServer::Then(then));
        const auto exporter = exporter_to(ExporterType::otlp_http, server.url());
        const auto text = text_of(send_to(*exporter, {sample_span()}, 5'000));
        QVERIFY2(text.startsWith("try_again: ") && text.contains(QByteArray::fromStdString(server.url())), text);
        QVERIFY2(!text.contains("did not answer within"), text);
    }

    void endless_bodies_end()
    {
        Script script{FakeUpstream::chunked_head(400, "text/plain")};
        for (int i = 0; i < 200; ++i)
            script << FakeUpstream::chunk(QByteArray(10'000, 'x'));
        const auto server = always(script << FakeUpstream::Hold{});
        const auto exporter = exporter_to(ExporterType::otlp_http, server.url().toStdString());
        const auto text = text_of(send_to(*exporter));
        QVERIFY2(text.startsWith("refused: ") && text.contains("xxx...)"), text);
    }

    void nobody_there()
    {
        std::uint16_t port = 0;
        {
            const ByteServer gone("", ByteServer::Then::close);
            port = gone.port();
        }
        const auto exporter = exporter_to(ExporterType::otlp_http, "http://127.0.0.1:" + std::to_string(port));
        const auto text = text_of(send_to(*exporter));
        QVERIFY2(text.startsWith("try_again: Could not connect") && text.contains("refused"), text);
    }

    void is_connected_anew()
    {
        const auto server = always({FakeUpstream::reply(200, protobuf, {}), FakeUpstream::Close{}});
        const auto exporter = exporter_to(ExporterType::otlp_http, server.url().toStdString());
        for (int i = 0; i < 3; ++i)
            QCOMPARE(text_of(send_to(*exporter, many_bytes(1'000'000))), QByteArray("accepted: "));
        QCOMPARE(server.connections(), 3);
    }

    void times_out_data()
    {
        QTest::addColumn<bool>("trickle");
        QTest::newRow("silence") << false;
        QTest::newRow("trickle") << true;
    }

    void times_out()
    {
        QFETCH(bool, trickle);
        Script script;
        if (trickle) {
            script << FakeUpstream::chunked_head(200, protobuf);
            for (int i = 0; i < 2'000; ++i)
                script << FakeUpstream::chunk("x") << FakeUpstream::Wait{10};
        }
        const auto server = always(script << FakeUpstream::Hold{});
        const auto exporter = exporter_to(ExporterType::otlp_http, server.url().toStdString());
        QElapsedTimer clock;
        clock.start();
        const auto text = text_of(send_to(*exporter, {sample_span()}, 300));
        QVERIFY2(clock.elapsed() < 5'000, QByteArray::number(clock.elapsed()));
        QVERIFY2(text.startsWith("try_again: ") && text.contains("did not answer within 300 ms"), text);
    }

    void cancelling_ends_it_data()
    {
        QTest::addColumn<QByteArray>("where");
        for (const char* where : {"look-up", "handshake", "sending", "answer"})
            QTest::newRow(where) << QByteArray(where);
    }

    void cancelling_ends_it()
    {
        QFETCH(QByteArray, where);
        const DeafServer deaf;
        const auto silent = always({FakeUpstream::Hold{}});
        const auto asked = std::make_shared<std::atomic<bool>>(false);
        const auto over = std::make_shared<std::promise<void>>();
        otlp::ExporterOptions options{.endpoint = *parse_url(silent.url().toStdString())};
        options.endpoint.path = "/v1/traces";
        std::function<bool()> ready = [&] { return !silent.requests().isEmpty(); };
        if (where == "look-up") {
            options.endpoint.host = "collector.example";
            options.lookup = [asked, wait = over->get_future().share()](const std::string&) {
                *asked = true;
                wait.wait();
                return net::Resolved{.addresses = {}, .error = "late"};
            };
            ready = [&] { return asked->load(); };
        } else if (where != "answer") {
            options.endpoint.port = deaf.port();
            options.endpoint.tls = where == "handshake";
            options.endpoint.scheme = options.endpoint.tls ? "https" : "http";
            ready = [&] { return deaf.connections() > 0; };
        }
        otlp::HttpExporter exporter(std::move(options));
        QElapsedTimer clock;
        clock.start();
        const auto outcome = send_and_cancel(exporter, ready, many_bytes(4'000'000));
        QVERIFY2(clock.elapsed() < 10'000, QByteArray::number(clock.elapsed()));
        const auto text = text_of(outcome);
        QVERIFY2(text.startsWith("try_again: ") && text.contains("was stopped"), text);
        over->set_value();
    }
};

QTEST_GUILESS_MAIN(TstOtlpHttp)
#include "tst_otlp_http.moc"

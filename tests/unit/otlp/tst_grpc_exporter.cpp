// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "otlp/trace_request.h"
#include "otlp/wire_writer.h"
#include "unit/otlp/grpc_server.h"
#include "unit/otlp/sending.h"

#include <nghttp2/nghttp2.h>

#include <QElapsedTimer>
#include <QTest>

using namespace tokenscope;
using namespace tokenscope::test;
using config::ExporterType;
using Plan = GrpcServer::Plan;
using Kind = telemetry::ExportOutcome::Kind;

Q_DECLARE_METATYPE(tokenscope::test::GrpcServer::Plan)

namespace {

std::string framed(const std::string& message)
{
    std::string out(4, '\0');
    return out + static_cast<char>(message.size()) + message;
}

Plan with_status(const std::string& code, const std::string& message = {}, const std::string& details = {})
{
    net::Headers trailers{{"grpc-status", code}};
    if (!message.empty())
        trailers.emplace_back("grpc-message", message);
    if (!details.empty())
        trailers.emplace_back("grpc-status-details-bin", details);
    Plan plan;
    plan.body.clear();
    plan.trailers = trailers;
    return plan;
}

/// A google.rpc.Status with a RetryInfo of 1.5 s.
std::string retry_details()
{
    otlp::WireWriter out;
    out.write_int(1, 8);
    out.write_message(3, [&] {
        out.write_string(1, "type.googleapis.com/google.rpc.RetryInfo");
        out.write_message(2, [&] {
            out.write_message(1, [&] {
                out.write_int(1, 1);
                out.write_int(2, 500'000'000);
            });
        });
    });
    return QByteArray::fromStdString(out.bytes()).toBase64(QByteArray::OmitTrailingEquals).toStdString();
}

Plan partial(std::int64_t rejected, std::string_view why)
{
    otlp::WireWriter out;
    out.write_message(1, [&] {
        out.write_int(1, rejected);
        out.write_string(2, why);
    });
    Plan plan;
    plan.body = framed(out.bytes());
    return plan;
}

} // namespace

/// What the exporter makes of every kind of answer.
class TstGrpcExporter : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void the_call_is_grpc()
    {
        const GrpcServer server([](const auto&) { return Plan(); });
        const auto exporter =
            exporter_to(ExporterType::otlp, server.url(), {{"Authorization", "Bearer s3cret"}, {"x-Org", "42"}});
        const std::vector spans{sample_span("a"), sample_span("b")};
        const auto outcome = send_to(*exporter, spans, 9'000);
        QCOMPARE(text_of(outcome), QByteArray("accepted: "));
        QCOMPARE(server.requests().size(), std::size_t(1));
        const auto request = server.requests().front();
        QCOMPARE(request.field(":method"), std::string("POST"));
        QCOMPARE(request.field(":scheme"), std::string("http"));
        QCOMPARE(request.field(":path"), std::string("/opentelemetry.proto.collector.trace.v1.TraceService/Export"));
        QCOMPARE(request.field(":authority"), "127.0.0.1:" + std::to_string(server.port()));
        QCOMPARE(request.field("te"), std::string("trailers"));
        QCOMPARE(request.field("content-type"), std::string("application/grpc"));
        QVERIFY(request.field("user-agent").starts_with("tokenscope/"));
        const auto timeout = QByteArray::fromStdString(request.field("grpc-timeout"));
        QVERIFY2(timeout.endsWith('m') && timeout.chopped(1).toInt() > 5'000 && timeout.chopped(1).toInt() <= 9'000,
                 timeout);
        // As field names are lower case in HTTP/2, find_header would hide another spelling.
        QVERIFY(std::find(request.fields.begin(), request.fields.end(),
                          std::pair<std::string, std::string>("authorization", "Bearer s3cret"))
                != request.fields.end());
        QCOMPARE(request.field("x-org"), std::string("42"));
        const auto message = otlp::encode_trace_request(sample_resource(), spans);
        QCOMPARE(request.body.size(), message.size() + 5);
        QCOMPARE(QByteArray::fromStdString(request.body.substr(0, 5)).toHex().toInt(nullptr, 16), int(message.size()));
        QVERIFY(request.body.substr(5) == message);
    }

    void nothing_is_sent_for_no_spans()
    {
        const GrpcServer server([](const auto&) { return Plan(); });
        const auto exporter = exporter_to(ExporterType::otlp, server.url());
        QVERIFY(send_to(*exporter, {}).kind == Kind::accepted);
        QCOMPARE(server.connections(), 0);
    }

    void answers_data()
    {
        QTest::addColumn<Plan>("plan");
        QTest::addColumn<QByteArray>("begin");
        QTest::addColumn<QByteArray>("part");
        const auto row = [](const char* name, const Plan& plan, const char* begin, const char* part) {
            QTest::newRow(name) << plan << QByteArray(begin) << QByteArray(part);
        };
        row("ok", Plan(), "accepted: ", "");
        row("no message at all", with_status("0"), "accepted: ", "");
        row("cancelled", with_status("1"), "try_again: ", "CANCELLED");
        row("unknown", with_status("2", "what"), "refused: ", "UNKNOWN (what)");
        row("invalid argument", with_status("3", "bad%20span%3A%20%C3%A9"),
            "refused: ", "INVALID_ARGUMENT (bad span: \xC3\xA9)");
        row("deadline", with_status("4"), "try_again: ", "DEADLINE_EXCEEDED");
        row("not found", with_status("5"), "refused: ", "NOT_FOUND");
        row("denied", with_status("7", "who%20is%20s3cret?"), "refused: ", "exporter.headers");
        row("exhausted", with_status("8", "4 MiB"), "refused: ", "RESOURCE_EXHAUSTED (4 MiB)");
        row("exhausted for now", with_status("8", "", retry_details()), "try_again: ", "RESOURCE_EXHAUSTED");
        row("aborted", with_status("10"), "try_again: ", "ABORTED");
        row("out of range", with_status("11"), "try_again: ", "OUT_OF_RANGE");
        row("unimplemented", with_status("12", "unknown service"), "refused: ", "does not take traces over gRPC");
        row("internal", with_status("13"), "refused: ", "INTERNAL");
        row("unavailable", with_status("14", "busy"), "try_again: ", "UNAVAILABLE (busy)");
        row("data loss", with_status("15"), "try_again: ", "DATA_LOSS");
        row("unauthenticated", with_status("16", "Bearer%20s3cret-token is unknown"),
            "refused: ", "UNAUTHENTICATED (*** is unknown)");
        row("no such code", with_status("77"), "refused: ", "UNKNOWN");
        auto plan = with_status("14", "only%20headers");
        plan.trailers_only = true;
        row("trailers only", plan, "try_again: ", "only headers");
        plan = Plan();
        plan.interim = true;
        row("interim answer first", plan, "accepted: ", "");
        row("partial success", partial(1, "too old"), "accepted: ", "dropped 1 of 2 spans (too old)");
        row("warning", partial(0, "deprecated"), "accepted: ", "warning (deprecated)");
        row("more rejected than sent", partial(99, ""), "accepted: ", "dropped 2 of 2 spans");
        plan = Plan();
        plan.body = framed("\xFF\xFF");
        row("reply that is no protobuf", plan, "accepted: ", "could not be read");
        plan.body = std::string("\x01\0\0\0\0", 5);
        row("compressed reply", plan, "accepted: ", "could not be read");
        plan.body = std::string("\0\0\0\1\0", 5);
        row("cut reply", plan, "accepted: ", "could not be read");
        plan.body = std::string(100'000, '\0');
        row("reply too long", plan, "refused: ", "too long");
        plan = Plan();
        plan.trailers->emplace_back("x", std::string(40'000, 'y'));
        row("trailers too long", plan, "refused: ", "too long");
        plan = Plan();
        plan.trailers.reset();
        plan.headers = {{"content-type", "text/html"}};
        plan.body = "<h1>Welcome</h1>";
        row("web page by HTTP/2", plan, "refused: ", "not with gRPC");
        plan.status = "503";
        row("HTTP 503", plan, "try_again: ", "HTTP status 503");
        plan.status = "401";
        row("HTTP 401", plan, "refused: ", "exporter.headers");
        plan.status = "404";
        row("HTTP 404", plan, "refused: ", "HTTP status 404");
        for (const auto& [code, begin] : {std::pair{NGHTTP2_REFUSED_STREAM, "try_again: "},
                                          {NGHTTP2_CANCEL, "try_again: "},
                                          {NGHTTP2_ENHANCE_YOUR_CALM, "try_again: "},
                                          {NGHTTP2_INTERNAL_ERROR, "refused: "},
                                          {NGHTTP2_PROTOCOL_ERROR, "refused: "}}) {
            plan = Plan();
            plan.status.clear();
            plan.reset = code;
            QTest::addRow("reset %d", int(code)) << plan << QByteArray(begin) << QByteArray("cut the call off");
            plan.status = "200";
            QTest::addRow("reset %d in the middle", int(code))
                << plan << QByteArray(begin) << QByteArray("cut the call off");
        }
        plan = Plan();
        plan.close = true;
        row("closed without an answer", plan, "try_again: ", "broke off");
        plan = Plan();
        plan.raw = std::string("\0\0\4\1\5\0\0\0\1\xFF\xFF\xFF\xFF", 13);
        row("headers that cannot be decompressed", plan, "try_again: ", "broke off");
        plan.raw = std::string("\0\0\4\0\0\0\0\0\0abcd", 13);
        row("data on no stream", plan, "try_again: ", "broke off");
        plan = Plan();
        plan.pings = 3;
        row("pings", plan, "accepted: ", "");
        plan = Plan();
        plan.goaway_at = 0;
        row("goes away without looking", plan, "try_again: ", "");
    }

    void answers()
    {
        QFETCH(Plan, plan);
        QFETCH(QByteArray, begin);
        QFETCH(QByteArray, part);
        const GrpcServer server([plan](const auto&) { return plan; });
        const auto exporter = exporter_to(ExporterType::otlp, server.url(), {{"authorization", "Bearer s3cret-token"}});
        const auto outcome = send_to(*exporter, {sample_span(), sample_span()});
        const auto text = text_of(outcome);
        QVERIFY2(text.startsWith(begin) && text.contains(part), text);
        QVERIFY2(!text.contains("s3cret-token"), text);
        const auto full_success = begin.startsWith("accepted") && part.isEmpty();
        QCOMPARE(outcome.message.empty(), full_success);
        if (!full_success)
            QVERIFY2(text.contains(QByteArray::fromStdString(server.url())) && text.endsWith('.'), text);
        QCOMPARE(server.connections(), 1);
        // Whatever it was, the next batch is another matter, and comes to the same.
        QVERIFY(send_to(*exporter, {sample_span(), sample_span()}).kind == outcome.kind);
        QTRY_VERIFY(server.pongs() >= plan.pings);
    }

    void numbers_of_the_answer()
    {
        const GrpcServer dropping([](const auto&) { return partial(1, "x"); });
        QCOMPARE(send_to(*exporter_to(ExporterType::otlp, dropping.url())).rejected, std::uint64_t(1));
        const GrpcServer busy([](const auto&) { return with_status("14", "", retry_details()); });
        const auto outcome = send_to(*exporter_to(ExporterType::otlp, busy.url()));
        QCOMPARE(qint64(outcome.retry_after.value_or(std::chrono::milliseconds(-1)).count()), qint64(1'500));
        const GrpcServer refusing([](const auto&) { return with_status("3", "", retry_details()); });
        QVERIFY(!send_to(*exporter_to(ExporterType::otlp, refusing.url())).retry_after);
    }

    void other_protocols_are_named_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("then");
        QTest::addColumn<QByteArray>("begin");
        QTest::addColumn<QByteArray>("part");
        const auto row = [](const char* name, const QByteArray& bytes, ByteServer::Then then, const char* begin,
                            const char* part) {
            QTest::newRow(name) << bytes << int(then) << QByteArray(begin) << QByteArray(part);
        };
        using Then = ByteServer::Then;
        const QByteArray http = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
        row("HTTP/1, closed", http, Then::close, "refused: ", "use type otlp_http");
        row("HTTP/1, kept", http, Then::hold, "refused: ", "use type otlp_http");
        row("HTTP/1, reset", http, Then::reset, "", "");
        row("TLS", QByteArray::fromHex("15030100020246"), Then::close, "refused: ", "insecure: false");
        row("SSH", "SSH-2.0-OpenSSH_9.2\r\n", Then::hold, "refused: ", "does not speak HTTP/2");
        row("zeros", QByteArray(10'000, '\0'), Then::hold, "", "");
        row("noise", QByteArray(10'000, '\xFF'), Then::hold, "refused: ", "does not speak HTTP/2");
        row("nothing, closed", "", Then::close, "try_again: ", "take OTLP over gRPC, without TLS");
        row("nothing, reset", "", Then::reset, "try_again: ", "take OTLP over gRPC");
        row("half a frame, closed", QByteArray::fromHex("000000"), Then::close, "", "");
        row("settings, closed", QByteArray::fromHex("000000040000000000"), Then::close, "try_again: ", "broke off");
        row("settings flood", QByteArray::fromHex("000000040000000000").repeated(100'000), Then::hold,
            "try_again: ", "broke off");
        row("ping flood",
            QByteArray::fromHex("000000040000000000")
                + QByteArray::fromHex("0000080600000000000102030405060708").repeated(100'000),
            Then::close, "try_again: ", "");
    }

    void other_protocols_are_named()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, then);
        QFETCH(QByteArray, begin);
        QFETCH(QByteArray, part);
        const ByteServer server(bytes.toStdString(), ByteServer::Then(then));
        const auto exporter = exporter_to(ExporterType::otlp, server.url());
        const auto outcome = send_to(*exporter, {sample_span()}, 5'000);
        const auto text = text_of(outcome);
        QVERIFY2(outcome.kind != Kind::accepted && text.startsWith(begin) && text.contains(part), text);
        QVERIFY2(text.contains(QByteArray::fromStdString(server.url())), text);
    }

    void nobody_there()
    {
        std::uint16_t port = 0;
        {
            const ByteServer gone("", ByteServer::Then::close);
            port = gone.port();
        }
        const auto exporter = exporter_to(ExporterType::otlp, "127.0.0.1:" + std::to_string(port));
        const auto text = text_of(send_to(*exporter));
        QVERIFY2(text.startsWith("try_again: Could not connect to http://127.0.0.1:"), text);
        QVERIFY2(text.contains("refused"), text);
        const auto unknown = exporter_to(ExporterType::otlp, "no-such-host.invalid:4317");
        const auto other = text_of(send_to(*unknown));
        QVERIFY2(other.startsWith("try_again: ") && other.contains("no-such-host.invalid"), other);
    }

    void timeouts_hold_data()
    {
        QTest::addColumn<QByteArray>("how");
        for (const char* how : {"deaf", "silent", "trickle", "window"})
            QTest::newRow(how) << QByteArray(how);
    }

    void timeouts_hold()
    {
        QFETCH(QByteArray, how);
        const DeafServer deaf;
        Plan plan;
        plan.silent = how != "trickle";
        plan.trickle = how == "trickle";
        const GrpcServer server([plan](const auto&) { return plan; },
                                how == "window" ? GrpcServer::Settings{.window = 10, .no_updates = true}
                                                : GrpcServer::Settings());
        const auto exporter = exporter_to(ExporterType::otlp, how == "deaf" ? deaf.url() : server.url());
        QElapsedTimer clock;
        clock.start();
        const auto outcome = send_to(*exporter, many_bytes(100'000), 300);
        QVERIFY2(clock.elapsed() < 5'000, QByteArray::number(clock.elapsed()));
        const auto text = text_of(outcome);
        QVERIFY2(text.startsWith("try_again: ") && text.contains("did not answer within 300 ms"), text);
    }
};

QTEST_GUILESS_MAIN(TstGrpcExporter)
#include "tst_grpc_exporter.moc"

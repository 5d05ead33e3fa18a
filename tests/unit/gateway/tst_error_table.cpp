// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/key_hash.h"
#include "counting_hooks.h"
#include "dialects.h"
#include "support/fake_upstream.h"
#include "support/raw_http.h"

#include <QTest>

#include <nlohmann/json.hpp>

using namespace tokenscope;
using namespace tokenscope::test;
using Calls = std::map<std::string, int>;
using F = FakeUpstream;
using Script = FakeUpstream::Script;
using nlohmann::json;

namespace {

/// One row of the table of errors: what is wrong, and what must come of it in every dialect.
struct Row {
    const char* name;
    int status;
    const char* code;
    enum class Counted { no, unknown, known } counted; ///< as a model request that failed, with or without its provider
    const char* says = "";                             ///< occurs in the message
};

using Counted = Row::Counted;

const Row client_rows[] = {
    {"not JSON", 400, "invalid_request", Counted::unknown, "at byte 9"},
    {"not an object", 400, "invalid_request", Counted::unknown, "at byte 0"},
    {"too deep", 400, "invalid_request", Counted::unknown, "at byte"},
    {"invalid UTF-8", 400, "invalid_request", Counted::unknown, "at byte 10"},
    {"empty body", 400, "invalid_request", Counted::unknown},
    {"no model", 400, "model_missing", Counted::unknown, "model"},
    {"unknown model", 404, "model_not_found", Counted::unknown, "m1"},
    {"body too large", 413, "body_too_large", Counted::unknown},
    {"headers too large", 431, "headers_too_large", Counted::no},
    {"wrong method", 405, "method_not_allowed", Counted::no, "POST"},
    {"content type", 415, "unsupported_media_type", Counted::unknown, "application/json"},
    {"foreign host", 403, "forbidden", Counted::unknown, "evil.example"},
    {"foreign origin", 403, "forbidden", Counted::unknown, "evil.example"},
    {"body never comes", 408, "client_timeout", Counted::unknown},
};

QByteArray broken_request(const Dialect& dialect, const QByteArray& what)
{
    const auto good = dialect.request("m1", false);
    if (what == "not JSON")
        return http_post(dialect.path, "{\"model\":");
    if (what == "not an object")
        return http_post(dialect.path, "[]");
    if (what == "too deep")
        return http_post(dialect.path, "{\"model\":\"m1\",\"x\":" + QByteArray(100'000, '['));
    if (what == "invalid UTF-8")
        return http_post(dialect.path, "{\"model\":\"\xff\"}");
    if (what == "empty body")
        return http_post(dialect.path, "");
    if (what == "no model")
        return http_post(dialect.path, QByteArray(good).replace("\"model\":\"m1\",", ""));
    if (what == "unknown model")
        return http_post(dialect.path, dialect.request("nope", false));
    if (what == "body too large")
        return http_post(dialect.path, QByteArray(300'000, ' '));
    if (what == "headers too large")
        return http_post(dialect.path, good, "X-Big: " + QByteArray(10'000, 'a') + "\r\n");
    if (what == "wrong method")
        return "PUT " + dialect.path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";
    if (what == "content type")
        return http_post(dialect.path, good, "Content-Type: text/plain\r\n");
    if (what == "foreign host")
        return http_post(dialect.path, good).replace("Host: localhost", "Host: evil.example");
    if (what == "foreign origin")
        return http_post(dialect.path, good, "Origin: https://evil.example\r\n");
    return "POST " + dialect.path
           + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{";
}

struct UpstreamRow {
    const char* name;
    Script script;
    int status;
    const char* code;
};

QList<UpstreamRow> upstream_rows()
{
    return {{"closes", {F::Close{}}, 502, "upstream_reset"},
            {"resets", {F::Reset{}}, 502, "upstream_reset"},
            {"speaks no HTTP", {F::Send{"SSH-2.0-x\r\n\r\n"}, F::Close{}}, 502, "upstream_bad_reply"},
            {"not JSON", {F::reply(200, "application/json", "<html>")}, 502, "upstream_bad_reply"},
            {"truncated head", {F::Send{"HTTP/1.1 200 OK\r\nContent-Le"}, F::Close{}}, 502, "upstream_reset"},
            {"truncated body",
             {F::Send{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"}, F::Close{}},
             502,
             "upstream_reset"},
            {"a head and no body", {F::chunked_head(200, "text/event-stream"), F::Reset{}}, 502, "upstream_reset"},
            {"a head and silence", {F::chunked_head(200, "text/event-stream"), F::Hold{}}, 504, "upstream_timeout"},
            {"silence", {F::Hold{}}, 504, "upstream_timeout"},
            {"silence in the head", {F::Send{"HTTP/1.1 200 OK\r\n"}, F::Hold{}}, 504, "upstream_timeout"}};
}

QList<UpstreamRow> stream_rows()
{
    const auto head = F::chunked_head(200, "text/event-stream");
    const auto first = F::chunk(chat_delta("x"));
    const QByteArray event =
        "data: {\"error\":{\"message\":\"out of memory\",\"type\":\"server_error\",\"code\":null,\"param\":null}}\n\n";
    return {{"reset", {head, first, F::Reset{}}, 200, "upstream_reset"},
            {"cut", {head, first, F::Close{}}, 200, "upstream_reset"},
            {"cut in an event", {head, first, F::chunk("data: {\"cho"), F::Close{}}, 200, "upstream_reset"},
            {"cut in an event, no chunks",
             {F::Send{"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + chat_delta("x") + "data: {\"cho"},
              F::Close{}},
             200,
             "upstream_reset"},
            {"no end", {head, first, F::last_chunk()}, 200, "upstream_reset"},
            {"stall", {head, first, F::Hold{}}, 200, "upstream_timeout"},
            {"bad chunk size", {head, first, F::Send{"zz\r\n"}, F::Close{}}, 200, "upstream_bad_reply"},
            {"error event", {head, first, F::chunk(event), F::last_chunk()}, 200, "upstream_error_event"}};
}

/// Lists m1; knows nothing but chats.
std::function<Script(const F::Request&)> chatting(Script script)
{
    return [script](const F::Request& request) -> Script {
        if (request.target == "/v1/models")
            return {F::Send{"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"data\":[{\"id\":\"m1\"}]}"}, F::Close{}};
        if (request.target == "/v1/responses")
            return {F::reply(404, "application/json", R"({"detail":"Not Found"})")};
        return script;
    };
}

int request_lines(const TestGateway& gateway)
{
    int lines = 0;
    for (const auto& line : gateway.log_lines())
        lines += json::parse(line).at("msg") == "request";
    return lines;
}

json request_line(const TestGateway& gateway)
{
    for (const auto& line : gateway.log_lines())
        if (auto parsed = json::parse(line); parsed.at("msg") == "request")
            return parsed;
    return {};
}

config::Config config_for(const F& upstream)
{
    auto provider = openai_at(upstream.url().toStdString());
    provider.idle_timeout = std::chrono::milliseconds(200);
    auto config = test_config({provider});
    config.limits.body_bytes = 200'000;
    config.limits.header_bytes = 8'192;
    config.limits.body_timeout = std::chrono::milliseconds(200);
    return config;
}

} // namespace

/// The table of errors, row by row and in every dialect: status, shape, what is counted, and one line in the log.
class TstErrorTable : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void the_clients_doing_data()
    {
        QTest::addColumn<int>("dialect");
        QTest::addColumn<int>("row");
        for (int d = 0; d < int(std::size(dialects)); ++d)
            for (int r = 0; r < int(std::size(client_rows)); ++r)
                QTest::addRow("%s: %s", dialects[d].path.constData(), client_rows[r].name) << d << r;
    }

    void the_clients_doing()
    {
        QFETCH(int, dialect);
        QFETCH(int, row);
        const auto& in = dialects[dialect];
        const auto& expected = client_rows[row];
        F upstream(chatting({}));
        TestGateway gateway(config_for(upstream));
        RawHttp client(gateway.port());
        client.send(broken_request(in, expected.name));
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), expected.status);
        QCOMPARE(client.header("content-type"), QByteArray("application/json"));
        QVERIFY(!client.header("x-request-id").isEmpty());
        QVERIFY2(error_in_shape(client.body(), in, expected.code), client.body());
        QVERIFY2(client.body().contains(expected.says), client.body());
        if (expected.status == 405)
            QVERIFY(client.header("allow").contains("POST"));
        gateway.stop();

        const auto http = gateway.hooks.calls("http ");
        QCOMPARE(http.size(), std::size_t(1));
        QVERIFY(QByteArray::fromStdString(http.begin()->first).endsWith(QByteArray::number(expected.status)));
        const auto counted = expected.counted == Counted::no ? Calls{} : Calls{{"finished unknown/unknown error", 1}};
        QCOMPARE(gateway.hooks.calls("finished"), counted);
        QCOMPARE(request_lines(gateway), 1);
        QCOMPARE(request_line(gateway).at("status").get<int>(), expected.status);
        QCOMPARE(request_line(gateway).at("error").get<std::string>(), std::string(expected.code));
        QCOMPARE(gateway.hooks.in_flight(), 0);
    }

    void the_upstreams_doing_data()
    {
        QTest::addColumn<int>("dialect");
        QTest::addColumn<Script>("script");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<bool>("streamed");
        for (int d = 0; d < int(std::size(dialects)); ++d)
            for (const auto& row : upstream_rows())
                for (const bool streamed : {false, true})
                    QTest::addRow("%s: %s%s", dialects[d].path.constData(), row.name, streamed ? ", streamed" : "")
                        << d << row.script << row.status << QByteArray(row.code) << streamed;
    }

    void the_upstreams_doing()
    {
        QFETCH(int, dialect);
        QFETCH(Script, script);
        QFETCH(int, status);
        QFETCH(QByteArray, code);
        QFETCH(bool, streamed);
        F upstream(chatting(script));
        TestGateway gateway(config_for(upstream));
        RawHttp client(gateway.port());
        client.send(http_post(dialects[dialect].path, dialects[dialect].request("m1", streamed)));
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), status);
        QVERIFY2(error_in_shape(client.body(), dialects[dialect], code), client.body());
        gateway.stop();
        QCOMPARE(gateway.hooks.calls("finished"), (Calls{{"finished up/m1 error", 1}}));
        QCOMPARE(request_lines(gateway), 1);
        QCOMPARE(gateway.hooks.in_flight(), 0);
    }

    void its_own_refusal_data()
    {
        QTest::addColumn<int>("dialect");
        QTest::addColumn<int>("status");
        for (int d = 0; d < int(std::size(dialects)); ++d)
            for (const int status : {400, 401, 404, 429, 500, 503})
                QTest::addRow("%s: %d", dialects[d].path.constData(), status) << d << status;
    }

    /// An upstream's refusal keeps its status and its words.
    void its_own_refusal()
    {
        QFETCH(int, dialect);
        QFETCH(int, status);
        const QByteArray body = R"({"error":{"message":"my own words","type":"t","code":"c","param":null}})";
        F upstream(chatting({F::reply(status, "application/json", body)}));
        TestGateway gateway(config_for(upstream));
        RawHttp client(gateway.port());
        client.send(http_post(dialects[dialect].path, dialects[dialect].request("m1", true)));
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), status);
        QVERIFY2(error_in_shape(client.body(), dialects[dialect], {}), client.body());
        QVERIFY2(client.body().contains("my own words"), client.body());
        gateway.stop();
        QCOMPARE(gateway.hooks.calls("finished"), (Calls{{"finished up/m1 error", 1}}));
    }

    void broken_streams_data()
    {
        QTest::addColumn<int>("dialect");
        QTest::addColumn<Script>("script");
        QTest::addColumn<QByteArray>("code");
        for (int d = 0; d < int(std::size(dialects)); ++d)
            for (const auto& row : stream_rows())
                QTest::addRow("%s: %s", dialects[d].path.constData(), row.name)
                    << d << row.script << QByteArray(row.code);
    }

    void broken_streams()
    {
        QFETCH(int, dialect);
        QFETCH(Script, script);
        QFETCH(QByteArray, code);
        F upstream(chatting(script));
        TestGateway gateway(config_for(upstream));
        RawHttp client(gateway.port());
        client.send(http_post(dialects[dialect].path, dialects[dialect].request("m1", true)));
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 200);
        QVERIFY(client.complete());
        QVERIFY2(!client.body().contains("[DONE]"), client.body());
        const auto words = code == "upstream_error_event" ? QByteArray("out of memory") : QByteArray();
        QVERIFY2(stream_ends_with_error(client.body(), dialects[dialect], words), client.body());
        gateway.stop();
        QCOMPARE(gateway.hooks.calls("finished"), (Calls{{"finished up/m1 error", 1}}));
        QCOMPARE(gateway.hooks.calls("first_token"), (Calls{{"first_token up/m1", 1}}));
        QCOMPARE(gateway.hooks.in_flight(), 0);
        QCOMPARE(request_lines(gateway), 1);
        QCOMPARE(request_line(gateway).at("error").get<std::string>(), code.toStdString());
    }

    void a_missing_or_wrong_key_data() { each_dialect(); }
    void a_missing_or_wrong_key()
    {
        QFETCH(int, dialect);
        F upstream(chatting({F::reply(400, "application/json", R"({"error":{"message":"seen"}})")}));
        auto config = config_for(upstream);
        config.auth.keys = {{.name = "laptop", .hash = hash_key("the-key-of-the-laptop")}};
        TestGateway gateway(config);
        const auto body = dialects[dialect].request("m1", false);
        for (const QByteArray& key : {QByteArray(), QByteArray("Authorization: Bearer wrong\r\n"),
                                      QByteArray("x-api-key: the-key-of-the-laptop2\r\n")}) {
            RawHttp client(gateway.port());
            client.send(http_post(dialects[dialect].path, body, key));
            QVERIFY(client.read_reply());
            QCOMPARE(client.status(), 401);
            QVERIFY(!client.header("www-authenticate").isEmpty());
            QVERIFY2(error_in_shape(client.body(), dialects[dialect], "unauthorized"), client.body());
        }
        for (const QByteArray& key : {QByteArray("Authorization: Bearer the-key-of-the-laptop\r\n"),
                                      QByteArray("x-api-key: the-key-of-the-laptop\r\n")}) {
            RawHttp client(gateway.port());
            client.send(http_post(dialects[dialect].path, body, key));
            QVERIFY(client.read_reply());
            QCOMPARE(client.status(), 400);
        }
        gateway.stop();
        const auto path = dialects[dialect].path.toStdString();
        QCOMPARE(gateway.hooks.calls("http "),
                 (Calls{{"http POST " + path + " 401", 3}, {"http POST " + path + " 400", 2}}));
        QCOMPARE(request_lines(gateway), 5);
        for (const auto& request : upstream.requests()) {
            QVERIFY(!request.head.contains("the-key-of"));
            QVERIFY(!request.body.contains("the-key-of"));
        }
        for (const auto& line : gateway.log_lines())
            QVERIFY(line.find("the-key-of") == std::string::npos);
    }

    void too_many_requests_data() { each_dialect(); }
    void too_many_requests()
    {
        QFETCH(int, dialect);
        F upstream(chatting({F::reply(400, "application/json", R"({"error":{"message":"seen"}})")}));
        auto config = config_for(upstream);
        config.rate_limit = {.requests_per_second = 0.001, .burst = 2};
        TestGateway gateway(config);
        for (int i = 0; i < 3; ++i) {
            RawHttp client(gateway.port());
            client.send(http_post(dialects[dialect].path, dialects[dialect].request("m1", false)));
            QVERIFY(client.read_reply());
            QCOMPARE(client.status(), i < 2 ? 400 : 429);
            if (i < 2)
                continue;
            QVERIFY(client.header("retry-after").toInt() > 900);
            QVERIFY2(error_in_shape(client.body(), dialects[dialect], "rate_limited"), client.body());
        }
        gateway.stop();
        QCOMPARE(gateway.hooks.calls("rate_limited"), (Calls{{"rate_limited anonymous", 1}}));
        QCOMPARE(request_lines(gateway), 3);
    }

    void a_full_queue_data() { each_dialect(); }
    void a_full_queue()
    {
        QFETCH(int, dialect);
        F upstream(chatting({F::Hold{}}));
        auto config = config_for(upstream);
        config.providers[0].idle_timeout = std::chrono::seconds(30);
        config.providers[0].max_in_flight = 1;
        config.providers[0].max_queue = 0;
        TestGateway gateway(config);
        RawHttp busy(gateway.port());
        busy.send(http_post(dialects[dialect].path, dialects[dialect].request("m1", false)));
        QTRY_VERIFY(gateway.hooks.calls("admitted").contains("admitted up"));
        RawHttp client(gateway.port());
        client.send(http_post(dialects[dialect].path, dialects[dialect].request("m1", false)));
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 429);
        QVERIFY(client.header("retry-after").toInt() >= 1);
        QVERIFY2(error_in_shape(client.body(), dialects[dialect], "queue_full"), client.body());
        QCOMPARE(gateway.hooks.calls("rejected"), (Calls{{"rejected up full", 1}}));
        upstream.release();
    }

    void a_wait_too_long_data() { each_dialect(); }
    void a_wait_too_long()
    {
        QFETCH(int, dialect);
        F upstream(chatting({F::Hold{}}));
        auto config = config_for(upstream);
        config.providers[0].idle_timeout = std::chrono::seconds(30);
        config.providers[0].max_in_flight = 1;
        config.providers[0].queue_timeout = std::chrono::milliseconds(50);
        TestGateway gateway(config);
        RawHttp busy(gateway.port());
        busy.send(http_post(dialects[dialect].path, dialects[dialect].request("m1", false)));
        QTRY_VERIFY(gateway.hooks.calls("admitted").contains("admitted up"));
        RawHttp client(gateway.port());
        client.send(http_post(dialects[dialect].path, dialects[dialect].request("m1", false)));
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 503);
        QVERIFY2(error_in_shape(client.body(), dialects[dialect], "queue_timeout"), client.body());
        upstream.release();
    }

    void a_client_that_leaves_data() { each_dialect(); }
    void a_client_that_leaves()
    {
        QFETCH(int, dialect);
        F upstream(chatting({F::chunked_head(200, "text/event-stream"), F::chunk(chat_delta("x")), F::Hold{}}));
        auto config = config_for(upstream);
        config.providers[0].idle_timeout = std::chrono::seconds(30);
        TestGateway gateway(config);
        RawHttp client(gateway.port());
        client.send(http_post(dialects[dialect].path, dialects[dialect].request("m1", true)));
        QVERIFY(client.read_until([](const QByteArray& body) { return body.contains('x'); }));
        const auto before = upstream.disconnects();
        client.close();
        // The upstream's connection is closed at once, so that nobody generates for nobody.
        QTRY_VERIFY(upstream.disconnects() > before);
        QTRY_COMPARE(request_lines(gateway), 1);
        QCOMPARE(request_line(gateway).at("status").get<int>(), 499);
        gateway.stop();
        QCOMPARE(gateway.hooks.calls("finished"), (Calls{{"finished up/m1 error", 1}}));
        QCOMPARE(int(gateway.records.since(0)[0]->end_reason), int(telemetry::EndReason::client_gone));
        QCOMPARE(gateway.hooks.in_flight(), 0);
    }

private:
    static void each_dialect()
    {
        QTest::addColumn<int>("dialect");
        for (int d = 0; d < int(std::size(dialects)); ++d)
            QTest::addRow("%s", dialects[d].path.constData()) << d;
    }
};

QTEST_GUILESS_MAIN(TstErrorTable)
#include "tst_error_table.moc"

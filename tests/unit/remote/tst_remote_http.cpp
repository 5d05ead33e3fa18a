// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/http_client.h"
#include "unit/remote/scripted_source.h"

#include <QObject>

#include <atomic>
#include <thread>

using namespace tokenscope;
using namespace tokenscope::remote;
using tokenscope::test::Awaited;
using tokenscope::test::ScriptedSource;
using tokenscope::test::variables;
using namespace std::chrono_literals;

namespace {

using Request = ScriptedSource::Request;

ScriptedSource::Answer ok(const Request&)
{
    return ScriptedSource::json("{}");
}

} // namespace

class TestRemoteHttp : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void asksAsTheConnectionSays_data();
    void asksAsTheConnectionSays();
    void formsGoIntoTheUrlOrTheBody();
    void postFallsBackToGetOnce();
    void redirectsOfTheSameServerAreFollowed();
    void redirectsKeepTheMethod_data();
    void redirectsKeepTheMethod();
    void aBodyIsReadNoFasterThanItIsTaken();
    void readersMayStopEarly();
    void fourAtOnceAndTheOthersInOrder();
    void cancelledWhileItWaitsIsNeverSent();
    void cancelledUnderWayHangsUp_data();
    void cancelledUnderWayHangsUp();
    void cancelledBeforeIsNeverSent();
    void destroyedWithRequestsUnderWay();
    void manyThreadsAsk();
    void packedBodiesAreUnpacked();
    void tooManyThatWait();
    void secretsAreLookedUpAgainAfterARefusal();

private:
    sources::Connection connection(const ScriptedSource& server) const
    {
        return {.id = "1", .name = "test", .url = server.url() + "/prefix/"};
    }
    Result<HttpReply> ask(HttpClient& client, HttpRequest request = {.path = "/api/v1/query"})
    {
        Awaited<HttpReply> reply;
        client.fetch(std::move(request), {}, reply.callback());
        return reply.get();
    }

    std::shared_ptr<SourceThread> m_thread = std::make_shared<SourceThread>();
};

void TestRemoteHttp::asksAsTheConnectionSays_data()
{
    QTest::addColumn<int>("auth");
    QTest::addColumn<QByteArray>("secret");
    QTest::addColumn<QByteArray>("authorization");
    using sources::AuthKind;
    QTest::newRow("none") << int(AuthKind::none) << QByteArray("unused") << QByteArray();
    QTest::newRow("basic") << int(AuthKind::basic) << QByteArray("pass:word") << QByteArray("Basic bWU6cGFzczp3b3Jk");
    QTest::newRow("basic, from the environment")
        << int(AuthKind::basic) << QByteArray("${PASSWORD}") << QByteArray("Basic bWU6c2VjcmV0IQ==");
    QTest::newRow("bearer") << int(AuthKind::bearer) << QByteArray("token-1") << QByteArray("Bearer token-1");
    QTest::newRow("bearer, from the environment")
        << int(AuthKind::bearer) << QByteArray("${TOKEN}") << QByteArray("Bearer t0");
}

void TestRemoteHttp::asksAsTheConnectionSays()
{
    QFETCH(int, auth);
    QFETCH(QByteArray, secret);
    QFETCH(QByteArray, authorization);
    ScriptedSource server(ok);
    auto connection = this->connection(server);
    connection.auth = sources::AuthKind(auth);
    connection.user = "me";
    connection.secret = secret.toStdString();
    connection.headers = {{"X-Scope-OrgID", "${TENANT}"}, {"X-Plain", "a b"}};
    HttpClient client(m_thread, connection,
                      variables({{"PASSWORD", "secret!"}, {"TOKEN", "t0"}, {"TENANT", "team-1"}}));
    const auto reply = ask(client);
    QVERIFY2(reply, reply ? "" : reply.error().message.c_str());
    QCOMPARE(reply->body, std::string("{}"));
    QCOMPARE(server.requests().size(), 1);
    const auto& request = server.requests().front();
    QCOMPARE(request.method, QByteArray("GET"));
    QCOMPARE(request.target, QByteArray("/prefix/api/v1/query"));
    QCOMPARE(request.headers.value("authorization"), authorization);
    QCOMPARE(request.headers.value("x-scope-orgid"), QByteArray("team-1"));
    QCOMPARE(request.headers.value("x-plain"), QByteArray("a b"));
    QVERIFY(request.headers.value("user-agent").startsWith("Tokenscope/"));
    QVERIFY(!request.headers.contains("cookie"));
}

void TestRemoteHttp::formsGoIntoTheUrlOrTheBody()
{
    ScriptedSource server(ok);
    HttpClient client(m_thread, connection(server), variables());
    HttpRequest request{.path = "/q", .form = {{"query", "a{b=\"ö+ &=%\"}"}, {"match[]", "x"}}};
    const QByteArray encoded = "query=a%7Bb%3D%22%C3%B6%2B%20%26%3D%25%22%7D&match%5B%5D=x";
    QVERIFY(ask(client, request));
    QCOMPARE(server.requests().back().target, QByteArray("/prefix/q?") + encoded);
    request.post = true;
    QVERIFY(ask(client, request));
    QCOMPARE(server.requests().back().target, QByteArray("/prefix/q"));
    QCOMPARE(server.requests().back().body, encoded);
    QCOMPARE(server.requests().back().headers.value("content-type"), QByteArray("application/x-www-form-urlencoded"));
    // A page is asked for as it is written.
    auto page = connection(server);
    page.kind = sources::ConnectionKind::page;
    page.url = server.url() + "/probe?target=a%20b&x";
    HttpClient of_page(m_thread, page, variables());
    QVERIFY(ask(of_page, {}));
    QCOMPARE(server.requests().back().target, QByteArray("/probe?target=a%20b&x"));
}

void TestRemoteHttp::postFallsBackToGetOnce()
{
    ScriptedSource server([](const Request& request) {
        return request.method == "POST" ? ScriptedSource::reply(405, "text/plain", "no") : ok(request);
    });
    HttpClient client(m_thread, connection(server), variables());
    const HttpRequest request{.path = "/q", .form = {{"a", "b"}}, .post = true};
    QVERIFY(ask(client, request));
    QVERIFY(ask(client, request));
    QByteArrayList methods;
    for (const auto& one : server.requests())
        methods << one.method;
    QCOMPARE(methods.join(' '), QByteArray("POST GET GET"));
    QCOMPARE(server.requests().back().target, QByteArray("/prefix/q?a=b"));
}

void TestRemoteHttp::redirectsOfTheSameServerAreFollowed()
{
    ScriptedSource server([](const Request& request) {
        if (request.target.startsWith("/prefix"))
            return ScriptedSource::reply(307, "", "", "Location: /else/where?x=1\r\n");
        if (request.target.startsWith("/else"))
            return ScriptedSource::reply(303, "", "", "Location: ../answer\r\n");
        return ok(request);
    });
    auto connection = this->connection(server);
    connection.auth = sources::AuthKind::bearer;
    connection.secret = "t";
    HttpClient client(m_thread, connection, variables());
    QVERIFY(ask(client, {.path = "/q", .form = {{"a", "b"}}, .post = true}));
    QCOMPARE(server.requests().size(), 3);
    QCOMPARE(server.requests()[1].method + ' ' + server.requests()[1].target + ' ' + server.requests()[1].body,
             QByteArray("POST /else/where?x=1 a=b"));
    QCOMPARE(server.requests()[2].method + ' ' + server.requests()[2].target, QByteArray("GET /answer"));
    for (const auto& request : server.requests())
        QCOMPARE(request.headers.value("authorization"), QByteArray("Bearer t"));
}

void TestRemoteHttp::redirectsKeepTheMethod_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("second");
    for (const int status : {301, 302, 307, 308})
        QTest::addRow("%d", status) << status << QByteArray("POST /answer a=b");
    QTest::newRow("303") << 303 << QByteArray("GET /answer ");
}

void TestRemoteHttp::redirectsKeepTheMethod()
{
    QFETCH(int, status);
    QFETCH(QByteArray, second);
    ScriptedSource server([&](const Request& request) {
        return request.target == "/answer" ? ok(request)
                                           : ScriptedSource::reply(status, "", "", "Location: /answer\r\n");
    });
    HttpClient client(m_thread, connection(server), variables());
    for (int i = 0; i < 2; ++i) { // of 303, the next question is a POST again
        QVERIFY(ask(client, {.path = "/q", .form = {{"a", "b"}}, .post = true}));
        QCOMPARE(server.requests().size(), 2 * i + 2);
        const auto& first = server.requests()[2 * i];
        QCOMPARE(first.method + ' ' + first.target + ' ' + first.body, QByteArray("POST /prefix/q a=b"));
        const auto& last = server.requests().back();
        QCOMPARE(last.method + ' ' + last.target + ' ' + last.body, second);
    }
}

void TestRemoteHttp::aBodyIsReadNoFasterThanItIsTaken()
{
    constexpr qsizetype size = 64 << 20;
    ScriptedSource server([](const Request&) { return ScriptedSource::json(QByteArray(size, '1')); });
    HttpClient client(m_thread, connection(server), variables());
    std::atomic<bool> go = false;
    std::atomic<std::size_t> taken = 0;
    Awaited<bool> ended;
    client.stream({.path = "/q"}, {},
                  {.read =
                       [&](const HttpHead&, BodyPipe& body) {
                           go.wait(false);
                           for (auto bytes = body.next(); !bytes.empty(); bytes = body.next())
                               taken += bytes.size();
                           ended.callback()(!body.error());
                       },
                   .fail = [&](Error error) { ended.callback()(failure(std::move(error))); }});
    // What the client, Qt and both sockets keep is far less than the answer: the server must come to a stand-still.
    qint64 before = -1;
    QTRY_VERIFY_WITH_TIMEOUT(
        server.written() > 0 && std::exchange(before, server.written()) == server.written() &&
            [&] {
                QTest::qWait(200);
                return before == server.written();
            }(),
        20'000);
    QVERIFY2(before < size / 2, qPrintable(QString::number(before)));
    go = true;
    go.notify_all();
    const auto result = ended.get();
    QVERIFY(result && *result);
    QCOMPARE(taken.load(), std::size_t(size));
}

void TestRemoteHttp::readersMayStopEarly()
{
    ScriptedSource server([](const Request&) { return ScriptedSource::json(QByteArray(32 << 20, '1')); });
    HttpClient client(m_thread, connection(server), variables());
    Awaited<bool> ended;
    client.stream({.path = "/q"}, {},
                  {.read = [&](const HttpHead&, BodyPipe& body) { ended.callback()(!body.next().empty()); },
                   .fail = [&](Error error) { ended.callback()(failure(std::move(error))); }});
    QVERIFY(ended.get());
    QTRY_COMPARE(server.open(), 0);
    QVERIFY(ask(client, {.path = "/q"}));
}

void TestRemoteHttp::fourAtOnceAndTheOthersInOrder()
{
    ScriptedSource server([](const Request&) { return ScriptedSource::Answer{.hold = true}; });
    HttpClient client(m_thread, connection(server), variables());
    std::vector<std::unique_ptr<CancelSource>> cancels;
    for (int i = 0; i < 7; ++i) {
        cancels.push_back(std::make_unique<CancelSource>());
        client.fetch({.path = "/" + std::to_string(i)}, cancels.back()->token(), [](auto) { QFAIL("answered"); });
    }
    QTRY_COMPARE(server.requests().size(), 4);
    QTest::qWait(50);
    QCOMPARE(server.requests().size(), 4);
    QByteArrayList targets;
    for (int next = 4; next < 7; ++next) {
        cancels[std::size_t(next - 4)]->cancel();
        QTRY_COMPARE(server.requests().size(), next + 1);
        QCOMPARE(server.requests().back().target, QByteArray("/prefix/") + QByteArray::number(next));
    }
    for (const auto& cancel : cancels)
        cancel->cancel();
    QTRY_COMPARE(server.open(), 0);
}

void TestRemoteHttp::cancelledWhileItWaitsIsNeverSent()
{
    ScriptedSource server([](const Request& request) {
        return request.target.endsWith("hold") ? ScriptedSource::Answer{.hold = true} : ok(request);
    });
    HttpClient client(m_thread, connection(server), variables(), {.at_once = 1});
    CancelSource first, second;
    client.fetch({.path = "/hold"}, first.token(), [](auto) { QFAIL("answered"); });
    client.fetch({.path = "/never"}, second.token(), [](auto) { QFAIL("answered"); });
    QTRY_COMPARE(server.requests().size(), 1);
    second.cancel();
    first.cancel();
    QVERIFY(ask(client, {.path = "/last"}));
    QCOMPARE(server.requests().size(), 2);
    QCOMPARE(server.requests().back().target, QByteArray("/prefix/last"));
}

void TestRemoteHttp::cancelledUnderWayHangsUp_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::newRow("before the head") << QByteArray();
    QTest::newRow("within the head") << QByteArray("HTTP/1.1 200 OK\r\nContent-");
    QTest::newRow("before the body") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
    QTest::newRow("within the body") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{");
    QTest::newRow("within a refusal") << QByteArray("HTTP/1.1 500 Oh\r\nContent-Length: 10\r\n\r\n{");
}

void TestRemoteHttp::cancelledUnderWayHangsUp()
{
    QFETCH(QByteArray, sent);
    ScriptedSource server([&](const Request&) { return ScriptedSource::Answer{.pieces = {sent}, .hold = true}; });
    HttpClient client(m_thread, connection(server), variables());
    CancelSource cancel;
    client.fetch({.path = "/q"}, cancel.token(), [](auto) { QFAIL("answered"); });
    QTRY_VERIFY(server.requests().size() == 1 && server.written() == sent.size());
    cancel.cancel();
    QTRY_COMPARE(server.open(), 0);
}

void TestRemoteHttp::cancelledBeforeIsNeverSent()
{
    ScriptedSource server(ok);
    HttpClient client(m_thread, connection(server), variables());
    CancelSource cancel;
    cancel.cancel();
    client.fetch({.path = "/never"}, cancel.token(), [](auto) { QFAIL("answered"); });
    QVERIFY(ask(client));
    QCOMPARE(server.requests().size(), 1);
}

void TestRemoteHttp::destroyedWithRequestsUnderWay()
{
    ScriptedSource server([](const Request& request) {
        return ScriptedSource::Answer{.pieces = {request.target.endsWith("1")
                                                     ? QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")
                                                     : QByteArray()},
                                      .hold = true};
    });
    CancelSource cancel;
    {
        HttpClient client(m_thread, connection(server), variables());
        for (int i = 0; i < 9; ++i)
            client.fetch({.path = "/" + std::to_string(i)}, cancel.token(), [](auto) { QFAIL("answered"); });
        QTRY_COMPARE(server.requests().size(), 4);
    }
    QTRY_COMPARE(server.open(), 0);
    cancel.cancel();
}

void TestRemoteHttp::manyThreadsAsk()
{
    ScriptedSource server(ok);
    HttpClient client(m_thread, connection(server), variables());
    std::atomic<int> good = 0, bad = 0;
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (int i = 0; i < 20; ++i) {
                    CancelSource cancel;
                    client.fetch({.path = "/q"}, cancel.token(), [&](auto reply) { ++(reply ? good : bad); });
                    if (i % 4 == 3)
                        cancel.cancel();
                }
            });
    }
    QTRY_VERIFY(good >= 60);
    QVERIFY(ask(client));
    QCOMPARE(bad.load(), 0);
}

void TestRemoteHttp::packedBodiesAreUnpacked()
{
    // 4,000,000 spaces between braces, by gzip -9: a thousand to one.
    QByteArray plain = QByteArray("{") + QByteArray(4'000'000, ' ') + QByteArray("}");
    const auto packed = qCompress(plain, 9).mid(4); // a zlib stream, which HTTP calls deflate
    ScriptedSource server([&](const Request&) {
        return ScriptedSource::reply(200, "application/json", packed, "Content-Encoding: deflate\r\n");
    });
    HttpClient client(m_thread, connection(server), variables());
    const auto reply = ask(client);
    QVERIFY2(reply, reply ? "" : reply.error().detail.c_str());
    QCOMPARE(QByteArray::fromStdString(reply->body), plain);
    QVERIFY(server.requests().front().headers.value("accept-encoding").contains("gzip"));
    const auto limited = ask(client, {.path = "/q", .max_bytes = 1 << 20});
    QVERIFY(!limited);
    QCOMPARE(limited.error().code, ErrorCode::body_too_large);
}

void TestRemoteHttp::tooManyThatWait()
{
    ScriptedSource server([](const Request&) { return ScriptedSource::Answer{.hold = true}; });
    HttpClient client(m_thread, connection(server), variables(), {.at_once = 1, .waiting = 2});
    std::vector<Awaited<HttpReply>> replies(4);
    CancelSource cancel;
    for (auto& reply : replies)
        client.fetch({.path = "/q"}, cancel.token(), reply.callback());
    const auto last = replies.back().get();
    QVERIFY(!last);
    QCOMPARE(last.error().code, ErrorCode::queue_full);
    QVERIFY(!replies[0].ready() && !replies[1].ready() && !replies[2].ready());
    cancel.cancel();
}

void TestRemoteHttp::secretsAreLookedUpAgainAfterARefusal()
{
    ScriptedSource server([](const Request& request) {
        return request.headers.value("authorization") == "Bearer new" ? ok(request)
                                                                      : ScriptedSource::reply(401, "text/plain", "");
    });
    auto connection = this->connection(server);
    connection.auth = sources::AuthKind::bearer;
    connection.secret = "${TOKEN}";
    std::atomic<int> lookups = 0;
    HttpClient client(m_thread, connection, config::Env([&](const std::string& name) -> std::optional<std::string> {
                          if (name != "TOKEN")
                              return std::nullopt;
                          const auto count = ++lookups;
                          return count == 1 ? std::nullopt : std::optional<std::string>(count == 2 ? "old" : "new");
                      }));
    const auto missing = ask(client);
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, ErrorCode::config);
    QCOMPARE(QByteArray::fromStdString(missing.error().message),
             QByteArray("The bearer token cannot be looked up: the environment variable TOKEN is not set."));
    QCOMPARE(server.requests().size(), 0);
    QCOMPARE(ask(client).error().code, ErrorCode::unauthorized);
    QVERIFY(ask(client));
    QVERIFY(ask(client));
    QCOMPARE(lookups.load(), 3);
}

QTEST_GUILESS_MAIN(TestRemoteHttp)
#include "tst_remote_http.moc"

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/prometheus_source.h"
#include "unit/remote/scripted_source.h"

#include <QDateTime>
#include <QLocale>

using namespace tokenscope;
using namespace tokenscope::remote;
using tokenscope::test::Awaited;
using tokenscope::test::ScriptedSource;
using tokenscope::test::variables;
using namespace std::chrono_literals;

namespace {

using Answer = ScriptedSource::Answer;

QByteArray raw(const char* head, const char* body)
{
    return QByteArray("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n") + head + QByteArray("\r\n") + body;
}

} // namespace

/// What a user is told of everything that a server can do wrong, word by word; SERVER stands for the origin.
class TestRemoteErrors : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tells_data();
    void tells();
    void aTestGivesNoAdviceAboutRanges();
    void aLongRangeCanBeShorter();
    void nobodyAnswers();
    void nobodyAnswersWhatWaitedForItsTurn();
    void othersAreAnswered();
    void saysWhatIsWrongWithCredentials_data();
    void saysWhatIsWrongWithCredentials();
    void otherServersAreNeverAsked();
    void retryAfterIsHonoured();
    void aRefusalIsToldWithoutItsWords();
    void retryAfterAsADate();
    void nobodyListens();
    void unknownHost();
    void proxyThatCannotBeUsed();
    void aLongLineWhoseEndNeverComes();

private:
    QString say(const Error& error, const std::string& origin) const
    {
        return QString::fromStdString(error.message).replace(QString::fromStdString(origin), QStringLiteral("SERVER"));
    }
    Result<query::FramePtr> ask(PrometheusSource& source)
    {
        Awaited<query::FramePtr> frame;
        source.promql("up", {.from = 1'000'000, .to = 1'060'000, .step = 15'000}, {}, frame.callback());
        return frame.get();
    }

    std::shared_ptr<SourceThread> m_thread = std::make_shared<SourceThread>();
    const HttpLimits m_limits{.connect = 2'000ms, .idle = 300ms};
};

void TestRemoteErrors::tells_data()
{
    QTest::addColumn<QByteArrayList>("pieces");
    QTest::addColumn<bool>("hold");
    QTest::addColumn<bool>("reset");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("message");
    QTest::addColumn<QByteArray>("detail");
    const auto row = [](const char* name, const Answer& answer, ErrorCode code, const char* message,
                        const char* detail) {
        QTest::newRow(name) << QByteArrayList(answer.pieces) << answer.hold << answer.reset << int(code)
                            << QString::fromUtf8(message) << QByteArray(detail);
    };
    const auto reply = &ScriptedSource::reply;
    const auto json = &ScriptedSource::json;
    row("403", reply(403, "text/plain", "no such tenant\n", {}), ErrorCode::forbidden,
        "SERVER does not allow it: ask its administrator for access, and check the headers of the connection, such as "
        "the "
        "tenant's. It says 'no such tenant'.",
        "no such tenant");
    row("404", reply(404, "text/html", "<html><title> Not\n Found</title>x", {}), ErrorCode::route_not_found,
        "SERVER has nothing at /api/v1/query_range: correct the path of the URL. Where that is right, this server does "
        "not offer it.",
        "Not Found");
    row("429 without a time", reply(429, "text/plain", "slow down", {}), ErrorCode::rate_limited,
        "SERVER is asked too often: show fewer panels or refresh less often.", "slow down");
    row("503", reply(503, "text/plain", "starting", {}), ErrorCode::upstream_unreachable,
        "SERVER cannot serve now: try again later, or look into its log. It says 'starting'.", "starting");
    row("503 with a time", reply(503, "text/plain", "starting", "Retry-After: 30\r\n"), ErrorCode::upstream_unreachable,
        "SERVER cannot serve now, and wants no request for 30 s: wait, or look into its log. It says 'starting'.",
        "starting");
    row("503 of the API",
        reply(503, "application/json", R"({"status":"error","errorType":"unavailable","error":"replaying the WAL"})",
              {}),
        ErrorCode::upstream_unreachable,
        "SERVER cannot serve now: try again later, or look into its log. It says 'replaying the WAL'.",
        "replaying the WAL");
    row("500", reply(500, "", "", {}), ErrorCode::upstream_bad_reply,
        "SERVER failed with status 500: look into its log.", "");
    row("418", reply(418, "text/plain", "teapot", {}), ErrorCode::upstream_bad_reply,
        "SERVER answered with status 418: check the URL and what stands before the server. It says 'teapot'.",
        "teapot");
    row("API: bad query",
        reply(400, "application/json", R"({"status":"error","errorType":"bad_data","error":"1:3: parse error: ü"})",
              {}),
        ErrorCode::invalid_request, "SERVER does not accept the query: correct it. It says '1:3: parse error: ü'.",
        "bad_data: 1:3: parse error: ü");
    row("API: execution",
        reply(422, "application/json", R"({"status":"error","errorType":"execution","error":"many-to-many"})", {}),
        ErrorCode::invalid_request,
        "SERVER could not evaluate the query: correct it, or ask for fewer series. It says 'many-to-many'.",
        "execution: many-to-many");
    row("API: timeout",
        reply(503, "application/json", R"({"status":"error","errorType":"timeout","error":"query timed out"})", {}),
        ErrorCode::upstream_timeout,
        "The query takes SERVER longer than it allows: match fewer series or ask for a shorter range. It says 'query "
        "timed out'.",
        "timeout: query timed out");
    row("API: an error with status 200", json(R"({"status":"error","errorType":"internal","error":"boom"})"),
        ErrorCode::upstream_bad_reply, "SERVER failed: look into its log. It says 'boom'.", "internal: boom");
    row("login page", reply(200, "text/html; charset=utf-8", "<!doctype html><title>Sign in</title>", {}),
        ErrorCode::upstream_bad_reply,
        "A web page came from SERVER in place of the answer of Prometheus' API: a login page or a proxy answered. Give "
        "credentials in the connection, or the URL behind it.",
        "Sign in");
    row("an exporter's own page", reply(200, "text/html", "<html><title>Node</title><a href=\"/metrics\">M</a>", {}),
        ErrorCode::upstream_bad_reply,
        "A web page that leads to SERVER/metrics came in place of the answer of Prometheus' API: that is a metrics "
        "page, "
        "which is a kind of connection of its own.",
        "Node");
    row("login page with a wrong type", reply(200, "application/json", "\n <html><title>Sign in</title>", {}),
        ErrorCode::upstream_bad_reply,
        "A web page came from SERVER in place of the answer of Prometheus' API: a login page or a proxy answered. Give "
        "credentials in the connection, or the URL behind it.",
        "<html><title>Sign in</title>");
    const char* const odd =
        "The answer of SERVER is not that of Prometheus' API: check the URL, and what stands between here and there.";
    row("other JSON", json(R"({"hello":"world"})"), ErrorCode::upstream_bad_reply, odd, "");
    row("a number", json("5"), ErrorCode::upstream_bad_reply, odd, "");
    row("a list", json("[]"), ErrorCode::upstream_bad_reply, odd, "");
    const char* const cut =
        "The answer of SERVER ends in the middle: check the URL, and what stands between here and there.";
    row("truncated JSON", json(R"({"status":"success","data":{"resultType":"mat)"), ErrorCode::upstream_bad_reply, cut,
        nullptr);
    const char* const not_json =
        "The answer of SERVER is not JSON: check the URL, and what stands between here and there.";
    row("text", reply(200, "text/plain", "hello", {}), ErrorCode::upstream_bad_reply, not_json, nullptr);
    row("invalid UTF-8", json("{\"status\":\"success\xff\"}"), ErrorCode::upstream_bad_reply, not_json, nullptr);
    row("NUL", json(QByteArray("{\0\"a\":1}", 8)), ErrorCode::upstream_bad_reply, not_json, nullptr);
    row("giant number", json(R"({"status":"success","data":{"result":[{"metric":{},"values":[[1e999,"1"]]}]}})"),
        ErrorCode::upstream_bad_reply, not_json, nullptr);
    row("time that is none", json(R"({"status":"success","data":{"result":[{"metric":{},"values":[[1e300,"1"]]}]}})"),
        ErrorCode::upstream_bad_reply,
        "The answer of SERVER has the time 1e+300, which is none, in its series 1: check the URL, and what stands "
        "between "
        "here and there.",
        "");
    row("value that is none", json(R"({"status":"success","data":{"result":[{"metric":{},"values":[[1000,"1x"]]}]}})"),
        ErrorCode::upstream_bad_reply,
        "The answer of SERVER has the value '1x', which is no number, in its series 1: check the URL, and what stands "
        "between here and there.",
        "");
    row("value without time", json(R"({"status":"success","data":{"result":[{"metric":{},"values":[["1"]]}]}})"),
        ErrorCode::upstream_bad_reply,
        "The answer of SERVER has a value without its time, in its series 1: check the URL, and what stands between "
        "here "
        "and there.",
        "");
    row("login page that does not look like one", reply(200, "text/html", "{\"status\":\"success\"}", {}),
        ErrorCode::upstream_bad_reply,
        "A web page came from SERVER in place of the answer of Prometheus' API: a login page or a proxy answered. Give "
        "credentials in the connection, or the URL behind it.",
        R"({"status":"success"})");
    row("login page in XHTML", reply(200, "Application/XHTML+xml", "Sign in", {}), ErrorCode::upstream_bad_reply,
        "A web page came from SERVER in place of the answer of Prometheus' API: a login page or a proxy answered. Give "
        "credentials in the connection, or the URL behind it.",
        "Sign in");
    row("redirect to no URL", reply(302, "", "", "Location: http://[half/x?\xc3\xb6\r\n"),
        ErrorCode::upstream_bad_reply,
        "SERVER sends us on to 'http://[half/x?\xc3\xb6', which is no URL: correct the redirects of the server, or of "
        "the "
        "proxy before it.",
        "");
    row("redirect to a port that is none", reply(307, "", "", "Location: http://127.0.0.1:99999/\r\n"),
        ErrorCode::upstream_bad_reply,
        "SERVER sends us on to 'http://127.0.0.1:99999/', which is no URL: correct the redirects of the server, or of "
        "the "
        "proxy before it.",
        "");
    row("redirect to nowhere", reply(302, "text/plain", "moved", ""), ErrorCode::upstream_bad_reply,
        "SERVER answered with status 302: check the URL and what stands before the server. It says 'moved'.", "moved");
    row("early hints",
        {.pieces = {QByteArray("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"),
                    json(R"({"status":"success"})").pieces.join()}},
        ErrorCode::upstream_bad_reply,
        "SERVER sends the interim status 103 before its answer, which is not understood here: switch that off in the "
        "server, or in the proxy before it.",
        "");
    row("deep", json(QByteArray(100'000, '[')), ErrorCode::upstream_bad_reply, odd, "");
    row("deep inside", json(QByteArray(R"({"status":"success","x":)") + QByteArray(100'000, '[')),
        ErrorCode::upstream_bad_reply,
        "The answer of SERVER is nested too deeply: check the URL, and what stands between here and there.", "");
    const char* const broke =
        "SERVER closed the connection before its answer was complete: try again, and look into the log "
        "of the server or of the proxy before it.";
    row("truncated HTTP", {.pieces = {raw("Content-Length: 1000\r\n", "{\"status\":")}}, ErrorCode::upstream_reset,
        broke, nullptr);
    row("truncated chunks", {.pieces = {raw("Transfer-Encoding: chunked\r\n", "5\r\n{\"sta\r\n")}},
        ErrorCode::upstream_reset, broke, nullptr);
    row("stops in the body", {.pieces = {raw("Content-Length: 1000\r\n", "{\"status\":")}, .hold = true},
        ErrorCode::upstream_timeout,
        "SERVER stopped in the middle of its answer, nothing came for 0.3 s: try again, and look into the log of the "
        "server or "
        "of the proxy before it.",
        "");
    row("silent", {.pieces = {}, .hold = true}, ErrorCode::upstream_timeout,
        "SERVER did not answer within 1.5 s: look into the server, or raise the connection's time-out.", "");
    const char* const not_http =
        "SERVER gave no answer in HTTP, or closed or reset the connection before it: look into its log, correct the "
        "URL's port, or use https:// if it speaks TLS.";
    row("resets", {.pieces = {}, .reset = true}, ErrorCode::upstream_bad_reply, not_http, nullptr);
    row("closes at once", {.pieces = {}}, ErrorCode::upstream_bad_reply, not_http, nullptr);
    row("not HTTP", {.pieces = {"220 mail.example ESMTP\r\n"}}, ErrorCode::upstream_bad_reply, not_http, nullptr);
    row("not HTTP, and waits", {.pieces = {"220 mail.example ESMTP\r\n"}, .hold = true}, ErrorCode::upstream_bad_reply,
        not_http, nullptr);
    row("nothing, 204", reply(204, "", "", ""), ErrorCode::upstream_bad_reply,
        "The answer of SERVER is empty, with status 204: check the URL, and what stands between here and there.", "");
    row("nothing, 200", reply(200, "application/json", "", ""), ErrorCode::upstream_bad_reply,
        "The answer of SERVER is empty, with status 200: check the URL, and what stands between here and there.", "");
    row("no tenant", reply(401, "text/plain", "no org id", ""), ErrorCode::unauthorized,
        "SERVER wants to know the tenant (it says 'no org id'): give the header X-Scope-OrgID in the connection.",
        "no org id");
    row("redirect loop", reply(302, "", "", "Location: /again\r\n"), ErrorCode::upstream_bad_reply,
        "SERVER sends us on and on: correct the URL, or the redirects of the server.", nullptr);
}

void TestRemoteErrors::tells()
{
    QFETCH(QByteArrayList, pieces);
    QFETCH(bool, hold);
    QFETCH(bool, reset);
    QFETCH(int, code);
    QFETCH(QString, message);
    QFETCH(QByteArray, detail);
    ScriptedSource server([&](const auto&) { return Answer{.pieces = pieces, .hold = hold, .reset = reset}; });
    PrometheusSource source(m_thread, {.name = "test", .url = server.url(), .timeout = 1'500ms}, variables(), m_limits);
    const auto frame = ask(source);
    QVERIFY(!frame);
    QCOMPARE(say(frame.error(), server.url()), message);
    QCOMPARE(int(frame.error().code), code);
    if (!detail.isNull())
        QCOMPARE(QByteArray::fromStdString(frame.error().detail), detail);
    else
        QVERIFY(!frame.error().detail.empty());
    const bool its_fault = frame.error().code != ErrorCode::invalid_request;
    QCOMPARE(source.status().health, its_fault ? sources::Health::bad : sources::Health::good);
    if (its_fault)
        QCOMPARE(source.status().message, frame.error().message);
}

void TestRemoteErrors::aTestGivesNoAdviceAboutRanges()
{
    ScriptedSource server([](const auto&) { return Answer{.pieces = {}, .hold = true}; });
    PrometheusSource source(m_thread, {.name = "test", .url = server.url(), .timeout = 300ms}, variables(), m_limits);
    Awaited<std::string> said;
    source.test({}, said.callback());
    const auto failed = said.get();
    QVERIFY(!failed);
    QCOMPARE(say(failed.error(), server.url()),
             QStringLiteral("SERVER did not answer within 0.3 s: look into the server, or raise the connection's "
                            "time-out."));
}

void TestRemoteErrors::aLongRangeCanBeShorter()
{
    // Of a server that has answered something: else the question is not to blame.
    bool answered = false;
    ScriptedSource server([&](const auto&) {
        return std::exchange(answered, true)
                   ? Answer{.pieces = {}, .hold = true}
                   : ScriptedSource::json(R"({"status":"success","data":{"resultType":"matrix","result":[]}})");
    });
    PrometheusSource source(m_thread, {.name = "test", .url = server.url(), .timeout = 300ms}, variables(), m_limits);
    QVERIFY(ask(source));
    Awaited<query::FramePtr> frame;
    source.promql("up", {.from = 1'000'000, .to = 4'600'000, .step = 15'000}, {}, frame.callback());
    const auto failed = frame.get();
    QVERIFY(!failed);
    QCOMPARE(say(failed.error(), server.url()),
             QStringLiteral("SERVER did not answer within 0.3 s: ask for a shorter range or match fewer series, or "
                            "raise the connection's time-out."));
}

/// Not one time-out after the other for those that wait, and no word of questions that were answered before.
void TestRemoteErrors::nobodyAnswers()
{
    ScriptedSource server([](const auto&) { return Answer{.pieces = {}, .hold = true}; });
    auto limits = m_limits;
    limits.at_once = 2;
    std::vector<Awaited<HttpReply>> replies(6);
    HttpClient client(m_thread, {.name = "test", .url = server.url(), .timeout = 1s}, variables(), limits);
    client.fetch({.path = "/q"}, {}, [&, first = replies[0].callback()](Result<HttpReply> reply) {
        // As those do that ask only so much at a time.
        client.fetch({.path = "/q"}, {}, replies[5].callback());
        first(std::move(reply));
    });
    for (std::size_t i = 1; i < 5; ++i)
        client.fetch({.path = "/q", .advice = "ask for less"}, {}, replies[i].callback());
    for (auto& one : replies) {
        const auto reply = one.get();
        QVERIFY(!reply);
        QCOMPARE(reply.error().code, ErrorCode::upstream_timeout);
        QCOMPARE(say(reply.error(), server.url()),
                 QStringLiteral("SERVER did not answer within 1 s: look into the server, or raise the connection's "
                                "time-out."));
    }
    QCOMPARE(server.requests().size(), 2);
}

void TestRemoteErrors::nobodyAnswersWhatWaitedForItsTurn()
{
    ScriptedSource server([](const auto&) { return Answer{.pieces = {}, .hold = true}; });
    auto limits = m_limits;
    limits.at_once = 1;
    HttpClient client(m_thread, {.name = "test", .url = server.url(), .timeout = 1s}, variables(), limits);
    CancelSource cancel;
    client.fetch({.path = "/q"}, cancel.token(), [](const auto&) {});
    Awaited<HttpReply> waiting;
    client.fetch({.path = "/q"}, {}, waiting.callback());
    QTest::qWait(700);
    cancel.cancel();
    const auto reply = waiting.get();
    QVERIFY(!reply);
    QCOMPARE(say(reply.error(), server.url()),
             QStringLiteral("SERVER did not answer within 1 s: look into the server, or raise the connection's "
                            "time-out."));
}

void TestRemoteErrors::othersAreAnswered()
{
    ScriptedSource server([](const auto& request) {
        return request.target == "/hold" ? Answer{.pieces = {}, .hold = true} : ScriptedSource::json("{}");
    });
    auto limits = m_limits;
    limits.at_once = 2;
    HttpClient client(m_thread, {.name = "test", .url = server.url(), .timeout = 2s}, variables(), limits);
    const auto fetch = [&client](const char* path, Awaited<HttpReply>& reply) {
        client.fetch({.path = path, .advice = "ask for less"}, {}, reply.callback());
    };
    Awaited<HttpReply> hard, other, second, waiting;
    fetch("/hold", hard);
    QTest::qWait(1'000);
    fetch("/q", other);
    QVERIFY(other.get());
    fetch("/hold", second);
    fetch("/q", waiting);
    const auto failed = hard.get();
    QVERIFY(!failed);
    QCOMPARE(say(failed.error(), server.url()),
             QStringLiteral("SERVER did not answer within 2 s: ask for less, or raise the connection's time-out."));
    QVERIFY(waiting.get());
}

void TestRemoteErrors::saysWhatIsWrongWithCredentials_data()
{
    QTest::addColumn<int>("auth");
    QTest::addColumn<QByteArray>("challenge");
    QTest::addColumn<QString>("message");
    using sources::AuthKind;
    const auto row = [](const char* name, AuthKind auth, const char* challenge, const char* message) {
        QTest::newRow(name) << int(auth) << QByteArray(challenge) << QString::fromLatin1(message);
    };
    row("none, basic wanted", AuthKind::none, "WWW-Authenticate: Basic realm=\"x\"\r\n",
        "SERVER needs a user and password: give them in the connection. It says 'who?'.");
    row("none, bearer wanted", AuthKind::none, "WWW-Authenticate: Bearer\r\n",
        "SERVER needs a bearer token: give it in the connection. It says 'who?'.");
    row("none", AuthKind::none, "",
        "SERVER needs a user and password or a bearer token: give them in the connection. It says 'who?'.");
    row("basic", AuthKind::basic, "WWW-Authenticate: Basic realm=\"x\"\r\n",
        "SERVER refused the user and password: correct them in the connection. It says 'who?'.");
    row("bearer", AuthKind::bearer, "",
        "SERVER refused the bearer token: replace it in the connection. It says 'who?'.");
}

void TestRemoteErrors::saysWhatIsWrongWithCredentials()
{
    QFETCH(int, auth);
    QFETCH(QByteArray, challenge);
    QFETCH(QString, message);
    ScriptedSource server([&](const auto&) { return ScriptedSource::reply(401, "text/plain", "who?", challenge); });
    PrometheusSource source(
        m_thread,
        {.name = "test", .url = server.url(), .auth = sources::AuthKind(auth), .user = "me", .secret = "do-not-tell"},
        variables(), m_limits);
    const auto frame = ask(source);
    QVERIFY(!frame);
    QCOMPARE(say(frame.error(), server.url()), message);
    QCOMPARE(frame.error().detail, std::string("who?"));
    QCOMPARE(frame.error().code, ErrorCode::unauthorized);
    QCOMPARE(server.requests().size(), 1);
}

void TestRemoteErrors::otherServersAreNeverAsked()
{
    ScriptedSource other([](const auto&) { return ScriptedSource::json("{}"); });
    for (const auto& target : {other.url() + "/steal?x=y", std::string("http://user:pw@localhost:1/steal?x=y"),
                               std::string("//localhost/steal"), std::string("file:///etc/passwd")}) {
        ScriptedSource server([&](const auto&) {
            return ScriptedSource::reply(
                302, "", "", QByteArray("Location: ") + QByteArray::fromStdString(target) + QByteArray("\r\n"));
        });
        PrometheusSource source(m_thread,
                                {.name = "test", .url = server.url(), .auth = sources::AuthKind::bearer, .secret = "s"},
                                variables(), m_limits);
        const auto frame = ask(source);
        QVERIFY(!frame);
        QVERIFY2(say(frame.error(), server.url()).startsWith(QStringLiteral("SERVER sends us on to ")),
                 frame.error().message.c_str());
        QVERIFY(frame.error().message.ends_with(
            ", another server, which is not given this connection's credentials: make that "
            "the connection's URL if you trust it."));
        QVERIFY(frame.error().message.find("pw") == std::string::npos);
        QCOMPARE(server.requests().size(), 1);
    }
    QCOMPARE(other.requests().size(), 0);
}

void TestRemoteErrors::retryAfterIsHonoured()
{
    bool refused = false;
    ScriptedSource server([&](const auto&) {
        return std::exchange(refused, true)
                   ? ScriptedSource::json(R"({"status":"success","data":{"resultType":"matrix","result":[]}})")
                   : ScriptedSource::reply(429, "text/plain", "slow", "Retry-After: 1\r\n");
    });
    PrometheusSource source(m_thread, {.name = "test", .url = server.url()}, variables(), m_limits);
    const auto first = ask(source);
    QVERIFY(!first);
    QCOMPARE(say(first.error(), server.url()),
             QStringLiteral("SERVER is asked too often: it wants no request for 1 s."));
    QCOMPARE(*first.error().retry_after, 1s);
    const auto second = ask(source);
    QVERIFY(!second);
    QCOMPARE(say(second.error(), server.url()),
             QStringLiteral("SERVER wants no request for another 1 s: wait, show fewer panels or refresh less often."));
    QCOMPARE(second.error().code, ErrorCode::rate_limited);
    QCOMPARE(server.requests().size(), 1);
    bool good = false;
    QTRY_VERIFY(good || (good = ask(source).has_value()));
    QCOMPARE(server.requests().size(), 2);
}

void TestRemoteErrors::aRefusalIsToldWithoutItsWords()
{
    auto answer = ScriptedSource::reply(429, "text/plain", QByteArray(1'000, '.'), "Retry-After: 9\r\n");
    answer.pieces.back().chop(999);
    answer.hold = true;
    ScriptedSource server([&](const auto&) { return answer; });
    PrometheusSource source(m_thread, {.name = "test", .url = server.url(), .timeout = 1s}, variables(), m_limits);
    const auto reply = ask(source);
    QVERIFY(!reply);
    QCOMPARE(reply.error().code, ErrorCode::rate_limited);
    QCOMPARE(reply.error().retry_after, std::optional(9s));
}

void TestRemoteErrors::retryAfterAsADate()
{
    const auto then = QLocale::c().toString(QDateTime::currentDateTimeUtc().addSecs(600),
                                            QStringLiteral("ddd, dd MMM yyyy HH:mm:ss 'GMT'"));
    ScriptedSource server([&](const auto&) {
        return ScriptedSource::reply(503, "text/plain", "",
                                     QByteArray("Retry-After: ") + then.toLatin1() + QByteArray("\r\n"));
    });
    PrometheusSource source(m_thread, {.name = "test", .url = server.url()}, variables(), m_limits);
    const auto first = ask(source);
    QVERIFY(!first && first.error().retry_after);
    QVERIFY(*first.error().retry_after > 590s && *first.error().retry_after <= 600s);
    QCOMPARE(ask(source).error().code, ErrorCode::rate_limited);
    QCOMPARE(server.requests().size(), 1);
}

void TestRemoteErrors::nobodyListens()
{
    std::string url;
    {
        ScriptedSource gone([](const auto&) { return Answer{}; });
        url = gone.url();
    }
    PrometheusSource source(m_thread, {.name = "test", .url = url + "/prometheus"}, variables(), m_limits);
    const auto frame = ask(source);
    QVERIFY(!frame);
    QCOMPARE(say(frame.error(), url),
             QStringLiteral("Nothing answers at SERVER: start the server, or correct the URL."));
    QCOMPARE(frame.error().code, ErrorCode::upstream_unreachable);
    QCOMPARE(frame.error().detail, std::string("Connection refused"));
}

void TestRemoteErrors::unknownHost()
{
    PrometheusSource source(m_thread, {.name = "test", .url = "http://nowhere.invalid"}, variables(), m_limits);
    const auto frame = ask(source);
    QVERIFY(!frame);
    QCOMPARE(say(frame.error(), "http://nowhere.invalid"),
             QStringLiteral("The host of SERVER is not known: correct the URL, or check this machine's name server."));
}

void TestRemoteErrors::proxyThatCannotBeUsed()
{
    PrometheusSource source(m_thread, {.name = "test", .url = "http://prometheus.invalid"},
                            variables({{"http_proxy", "socks5://127.0.0.1:1"}}), m_limits);
    const auto frame = ask(source);
    QVERIFY(!frame);
    QCOMPARE(frame.error().code, ErrorCode::config);
    // This machine is asked directly whatever the environment says; others through the proxy.
    ScriptedSource server([](const auto&) { return ScriptedSource::json("{}"); });
    ScriptedSource proxy([](const auto&) { return ScriptedSource::reply(502, "text/plain", "from the proxy"); });
    const auto environment = variables({{"http_proxy", proxy.url()}});
    HttpClient direct(m_thread, {.name = "test", .url = server.url()}, environment);
    Awaited<HttpReply> reply;
    direct.fetch({.path = "/q"}, {}, reply.callback());
    QVERIFY(reply.get());
    PrometheusSource proxied(m_thread, {.name = "test", .url = "http://prometheus.invalid/x"}, environment, m_limits);
    const auto through = ask(proxied);
    QVERIFY(!through);
    QCOMPARE(through.error().detail, std::string("from the proxy"));
    QVERIFY(proxy.requests().front().target.startsWith("http://prometheus.invalid/x/api"));
}

void TestRemoteErrors::aLongLineWhoseEndNeverComes()
{
    ScriptedSource server([](const auto&) {
        return ScriptedSource::json(QByteArray(R"({"status":"success","data":{"result":[{"metric":{"a":")")
                                    + QByteArray(16 << 20, 'a'));
    });
    PrometheusSource source(m_thread, {.name = "test", .url = server.url()}, variables());
    const auto frame = ask(source);
    QVERIFY(!frame);
    QCOMPARE(say(frame.error(), server.url()),
             QStringLiteral(
                 "The answer of SERVER has a text that is too long: check the URL, and what stands between here and "
                 "there."));
    QVERIFY(frame.error().detail.size() < 10'000);
}

QTEST_GUILESS_MAIN(TestRemoteErrors)
#include "tst_remote_errors.moc"

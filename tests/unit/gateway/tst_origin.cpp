// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fake_exchange.h"
#include "gateway/middleware/cors.h"
#include "gateway/middleware/origin.h"

#include <QtTest>

#include <nlohmann/json.hpp>

using namespace tokenscope;
using namespace tokenscope::test;
using gateway::OriginPolicy;
using Origin = OriginPolicy::Origin;
using Fields = net::Headers;

namespace {

std::shared_ptr<const OriginPolicy> policy_of(const config::Auth& auth, std::string_view machine = "devbox")
{
    return std::make_shared<const OriginPolicy>(OriginPolicy::make(auth, machine).value());
}

/// No keys; a name behind a proxy, one with a port, and an origin each of a web page, a dev server and an extension.
config::Auth configured()
{
    config::Auth auth;
    auth.allowed_hosts = {"Gateway.Example", "ported.example:8443"};
    auth.allowed_origins = {"https://app.example", "http://localhost:3000", "chrome-extension://abcdefgh"};
    return auth;
}

config::Auth with_keys()
{
    auto auth = auth_of({{"alice", "sk-alice-0123456789"}});
    auth.allowed_hosts = {"gateway.example"};
    return auth;
}

Ran pass(FakeExchange& exchange, const std::shared_ptr<const OriginPolicy>& policy)
{
    return run(exchange,
               [&](gateway::Handler next) { return with_origin_check(policy, with_cors(policy, std::move(next))); });
}

} // namespace

Q_DECLARE_METATYPE(tokenscope::net::Headers)

/// Which names and which web pages the gateway answers to.
class TstOrigin : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void hosts_data()
    {
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<bool>("plain");      // without keys or names
        QTest::addColumn<bool>("named");      // allowed_hosts, without keys
        QTest::addColumn<bool>("with_a_key"); // keys and allowed_hosts
        const auto row = [](const char* host, bool plain, bool named, bool with_a_key) {
            QTest::addRow("%s", host) << QByteArray(host) << plain << named << with_a_key;
        };
        for (const auto* host :
             {"localhost", "localhost:8080", "LOCALHOST:1", "localhost.", "localhost.:8080", "127.0.0.1",
              "127.0.0.1:8080", "127.1.2.3:80", "[::1]", "[::1]:8080", "[::ffff:127.0.0.1]:8080", "[0:0:0:0:0:0:0:1]"})
            row(host, true, true, true);
        for (const auto* host : {"gateway.example", "gateway.example:8080", "GATEWAY.example.", "Gateway.Example.:443"})
            row(host, false, true, true);
        row("ported.example:8443", false, true, false);
        row("ported.example:8444", false, false, false);
        row("ported.example", false, false, false);
        for (const auto* host : {"192.168.1.20:8080", "10.0.0.1", "[2001:db8::1]:8080", "0.0.0.0:8080", "devbox",
                                 "DevBox:8080", "devbox."})
            row(host, false, false, true);
        for (const auto* host :
             {"evil.example", "localhost.evil.com", "127.0.0.1.nip.io", "evil.com:8080", "devbox.evil.com",
              "gateway.example.evil.com", "evilgateway.example", "foo.localhost", "localhost..", ".localhost", "."})
            row(host, false, false, false);
        // What resolvers take for addresses, user info, and what is no host at all.
        for (const auto* host : {"2130706433",
                                 "0x7f000001",
                                 "0177.0.0.1",
                                 "127.1",
                                 "127.0.0.1.",
                                 "127.0.0.256",
                                 "localhost@evil.com",
                                 "evil@localhost",
                                 "user:pw@127.0.0.1",
                                 "localhost:80:80",
                                 "localhost:port",
                                 "localhost:99999",
                                 "localhost:",
                                 "localhost/",
                                 "localhost/x",
                                 "localhost?x",
                                 "localhost#x",
                                 "localhost\\@evil.com",
                                 "http://localhost",
                                 "::1",
                                 "[::1",
                                 "[::1]x",
                                 "[::1%lo]",
                                 "[localhost]",
                                 "loc alhost",
                                 "localhost, evil.com",
                                 "l\xc3\xb6"
                                 "calhost",
                                 "\xff",
                                 "xn--",
                                 ":8080",
                                 "*"})
            row(host, false, false, false);
    }

    void hosts()
    {
        QFETCH(QByteArray, host);
        QFETCH(bool, plain);
        QFETCH(bool, named);
        QFETCH(bool, with_a_key);
        const auto text = host.toStdString();
        QCOMPARE(OriginPolicy().allows_host(text), plain);
        QCOMPARE(policy_of(configured())->allows_host(text), named);
        QCOMPARE(policy_of(with_keys())->allows_host(text), with_a_key);
    }

    void allowed_addresses()
    {
        config::Auth auth;
        auth.allowed_hosts = {"192.168.1.5", "[2001:DB8::5]:8080"};
        const auto policy = policy_of(auth);
        QVERIFY(policy->allows_host("192.168.1.5:8080"));
        QVERIFY(!policy->allows_host("192.168.1.6:8080"));
        QVERIFY(policy->allows_host("[2001:db8::5]:8080"));
        QVERIFY(!policy->allows_host("[2001:db8::5]:8081"));
    }

    void a_default_port_may_be_left_out()
    {
        config::Auth auth;
        auth.allowed_hosts = {"a.example:443", "b.example:80"};
        const auto policy = policy_of(auth);
        QVERIFY(policy->allows_host("a.example"));
        QVERIFY(policy->allows_host("a.example:443"));
        QVERIFY(!policy->allows_host("a.example:80"));
        QVERIFY(policy->allows_host("b.example"));
    }

    void origins_data()
    {
        QTest::addColumn<QByteArray>("origin");
        QTest::addColumn<int>("judged");
        const auto row = [](const char* origin, Origin judged) {
            QTest::addRow("%s", origin) << QByteArray(origin) << int(judged);
        };
        for (const auto* origin : {"https://app.example", "https://APP.example", "https://app.example:443",
                                   "http://localhost:3000", "chrome-extension://abcdefgh"})
            row(origin, Origin::configured);
        for (const auto* origin : {"http://localhost", "http://localhost:3001", "https://localhost:3000",
                                   "http://127.0.0.1:3000", "http://[::1]:3000", "http://localhost.:3000"})
            row(origin, Origin::loopback);
        for (const auto* origin : {"",
                                   "null",
                                   "NULL",
                                   "*",
                                   "http://app.example",
                                   "https://app.example:8443",
                                   "https://app.example.",
                                   "https://app.example/",
                                   "https://app.example/path",
                                   "https://sub.app.example",
                                   "https://app.example.evil.com",
                                   "https://evil.com/https://app.example",
                                   "https://app.example@evil.com",
                                   "https://app.example https://evil.com",
                                   "https://app.example, https://evil.com",
                                   "http://localhost@evil",
                                   "http://localhost.evil.com",
                                   "http://127.0.0.1.nip.io",
                                   "http://2130706433",
                                   "http://0x7f000001",
                                   "http://localhost/",
                                   "http://localhost#@evil.com",
                                   "app.example",
                                   "//app.example",
                                   "://",
                                   "https://",
                                   "file://",
                                   "file:///etc",
                                   "ftp://localhost",
                                   "tauri://localhost",
                                   "chrome-extension://abcdefgh/page",
                                   "chrome-extension://other",
                                   "javascript:alert(1)",
                                   "https://\xc3\xa4pp.example",
                                   "https://[::1",
                                   "http://localhost:99999",
                                   "http://localhost:0"})
            row(origin, Origin::foreign);
    }

    void origins()
    {
        QFETCH(QByteArray, origin);
        QFETCH(int, judged);
        const auto policy = policy_of(configured());
        QCOMPARE(int(policy->judge(origin.toStdString())), judged);

        FakeExchange exchange("GET", "/v1/models", {{"Host", "localhost"}, {"Origin", origin.toStdString()}});
        const auto ran = pass(exchange, policy);
        const bool served = judged != int(Origin::foreign);
        QCOMPARE(ran.reached, served);
        QCOMPARE(exchange.response.status, served ? 200U : 403U);
        // Only a configured page may read what it gets.
        QCOMPARE(QByteArray::fromStdString(exchange.reply_header("access-control-allow-origin")),
                 judged == int(Origin::configured) ? origin : QByteArray());
        QCOMPARE(exchange.reply_header("access-control-allow-credentials"), std::string());
    }

    void any_origin_needs_keys()
    {
        config::Auth open;
        open.allowed_origins = {"*"};
        const auto refused = OriginPolicy::make(open, {});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::config);

        auto keyed = with_keys();
        keyed.allowed_origins = {"*"};
        const auto policy = policy_of(keyed);
        for (const auto* origin : {"https://anything.example", "null", "http://localhost:1", "tauri://localhost"})
            QCOMPARE(policy->judge(origin), Origin::configured);
        for (const auto* origin : {"", "*", "https://a b", "https://a/b", "x\r\nset-cookie: a=b"})
            QCOMPARE(policy->judge(origin), Origin::foreign);
    }

    void bad_entries_are_named_data()
    {
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<QByteArray>("origin");
        for (const auto* host :
             {"", "*", "*.example.com", "https://a.example", "a.example/", "a b", "2130706433", "user@a.example",
              "b\xc3\xbc"
              "cher.example"})
            QTest::addRow("host %s", host) << QByteArray(host) << QByteArray();
        for (const auto* origin :
             {"null", "a.example", "https://a.example/", "https://a.example/x", "https://*.example",
              "http://b\xc3\xbc"
              "cher.example",
              "https://a.example:0", "https://u@a.example"})
            QTest::addRow("origin %s", origin) << QByteArray() << QByteArray(origin);
    }

    void bad_entries_are_named()
    {
        QFETCH(QByteArray, host);
        QFETCH(QByteArray, origin);
        auto auth = with_keys();
        if (origin.isEmpty())
            auth.allowed_hosts = {host.toStdString()};
        else
            auth.allowed_origins = {origin.toStdString()};
        const auto policy = OriginPolicy::make(auth, {});
        QVERIFY(!policy);
        QCOMPARE(policy.error().code, ErrorCode::config);
        const auto ascii = QByteArray(host + origin).replace("\xc3\xbc", "??").toStdString();
        QVERIFY(policy.error().message.find('"' + ascii + '"') != std::string::npos);
    }

    void requests_data()
    {
        QTest::addColumn<net::Headers>("headers");
        QTest::addColumn<int>("status");
        const std::pair<std::string, std::string> host = {"Host", "localhost:8080"};
        QTest::newRow("a program") << Fields{host} << 200;
        QTest::newRow("HTTP/1.0") << Fields{} << 200;
        QTest::newRow("address bar") << Fields{host, {"Sec-Fetch-Site", "none"}} << 200;
        QTest::newRow("same site") << Fields{host, {"Sec-Fetch-Site", "same-site"}} << 200;
        QTest::newRow("image of a page") << Fields{host, {"Sec-Fetch-Site", "cross-site"}} << 403;
        QTest::newRow("in other case") << Fields{host, {"sec-fetch-site", "Cross-Site"}} << 403;
        QTest::newRow("cross-site, loopback page")
            << Fields{host, {"Sec-Fetch-Site", "cross-site"}, {"Origin", "http://127.0.0.1:3000"}} << 200;
        QTest::newRow("cross-site, configured page")
            << Fields{host, {"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://app.example"}} << 200;
        QTest::newRow("cross-site, foreign page")
            << Fields{host, {"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"}} << 403;
        QTest::newRow("says same-origin, is foreign")
            << Fields{host, {"Sec-Fetch-Site", "same-origin"}, {"Origin", "https://evil.example"}} << 403;
        QTest::newRow("two origins") << Fields{host,
                                               {"Origin", "https://app.example"},
                                               {"Origin", "https://evil.example"}}
                                     << 403;
        QTest::newRow("twice the same origin")
            << Fields{host, {"Origin", "https://app.example"}, {"origin", "https://app.example"}} << 403;
        QTest::newRow("two hosts") << Fields{host, {"Host", "evil.example"}} << 400;
        QTest::newRow("rebound name") << Fields{{"Host", "evil.example"}} << 403;
        QTest::newRow("rebound name, allowed page")
            << Fields{{"Host", "evil.example"}, {"Origin", "https://app.example"}} << 403;
    }

    void requests()
    {
        QFETCH(net::Headers, headers);
        QFETCH(int, status);
        // The same in each dialect, and for a preflight as for any other request.
        for (const auto* target : {"/v1/chat/completions", "/v1/messages", "/api/chat"}) {
            FakeExchange exchange("POST", target, headers);
            const auto ran = pass(exchange, policy_of(configured()));
            QCOMPARE(int(exchange.response.status), status);
            QCOMPARE(ran.reached, status == 200);
            if (status == 200)
                continue;
            QCOMPARE(ran.error->code, status == 400 ? ErrorCode::invalid_request : ErrorCode::forbidden);
            const auto json = nlohmann::json::parse(exchange.response.body);
            const auto type = std::string(status == 400 ? "invalid_request_error" : "permission_error");
            if (std::string_view(target) == "/api/chat")
                QVERIFY(json.at("error").is_string());
            else if (std::string_view(target) == "/v1/messages")
                QCOMPARE(json.at("error").at("type").get<std::string>(), type);
            else
                QVERIFY(json.at("error").at("code").is_string());
        }
    }

    void messages_do_not_repeat_floods()
    {
        FakeExchange exchange("GET", "/health", {{"Host", std::string(60'000, 'a') + "\xff\x1b[31m"}});
        pass(exchange, policy_of(configured()));
        QCOMPARE(exchange.response.status, 403U);
        QVERIFY(exchange.response.body.size() < 500);
        FakeExchange escape("GET", "/health", {{"Host", "\x1b[31m\xff\"<script>"}});
        const auto ran = pass(escape, policy_of(configured()));
        QVERIFY(ran.error->message.find('\x1b') == std::string::npos);
        QVERIFY(ran.error->message.find('\xff') == std::string::npos);
    }

    void preflights_are_answered()
    {
        FakeExchange exchange("OPTIONS", "/v1/chat/completions",
                              {{"Host", "localhost:8080"},
                               {"Origin", "https://app.example"},
                               {"Access-Control-Request-Method", "POST"},
                               {"Access-Control-Request-Headers", "authorization,content-type, x-stainless-os"},
                               {"Access-Control-Request-Private-Network", "true"}});
        const auto ran = pass(exchange, policy_of(configured()));
        QVERIFY(!ran.reached);
        QVERIFY(!ran.error);
        QCOMPARE(exchange.response.status, 204U);
        QVERIFY(exchange.response.body.empty());
        QCOMPARE(exchange.reply_header("access-control-allow-origin"), std::string("https://app.example"));
        QVERIFY(exchange.reply_header("access-control-allow-methods").find("POST") != std::string::npos);
        QCOMPARE(exchange.reply_header("access-control-allow-headers"),
                 std::string("authorization,content-type, x-stainless-os"));
        QCOMPARE(exchange.reply_header("access-control-max-age"), std::string("600"));
        QCOMPARE(exchange.reply_header("access-control-allow-private-network"), std::string("true"));
        QCOMPARE(exchange.reply_header("vary"), std::string("Origin"));
        QCOMPARE(exchange.reply_header("access-control-expose-headers"), std::string());
    }

    void preflights_that_are_not_answered_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("origin");
        QTest::addColumn<QByteArray>("asked");
        QTest::addColumn<int>("status"); // 200: left to the routes
        const QByteArray app = "https://app.example";
        QTest::newRow("not configured") << QByteArray("OPTIONS") << QByteArray("http://localhost:4000")
                                        << QByteArray("POST") << 200;
        QTest::newRow("foreign") << QByteArray("OPTIONS") << QByteArray("https://evil.example") << QByteArray("POST")
                                 << 403;
        QTest::newRow("asks for nothing") << QByteArray("OPTIONS") << app << QByteArray() << 200;
        QTest::newRow("not OPTIONS") << QByteArray("POST") << app << QByteArray("POST") << 200;
    }

    void preflights_that_are_not_answered()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, origin);
        QFETCH(QByteArray, asked);
        QFETCH(int, status);
        FakeExchange exchange(method.toStdString(), "/v1/chat/completions",
                              {{"Host", "localhost"},
                               {"Origin", origin.toStdString()},
                               {"Access-Control-Request-Method", asked.toStdString()}});
        pass(exchange, policy_of(configured()));
        QCOMPARE(int(exchange.response.status), status);
        QCOMPARE(exchange.reply_header("access-control-allow-methods"), std::string());
    }

    void only_sane_names_are_echoed()
    {
        for (const auto& asked : {std::string("x-a\r\nset-cookie: a=b"), std::string("x\xff"), std::string("a:b"),
                                  std::string(5000, 'a'), std::string()}) {
            FakeExchange exchange("OPTIONS", "/v1/chat/completions",
                                  {{"Origin", "https://app.example"},
                                   {"Access-Control-Request-Method", "POST"},
                                   {"Access-Control-Request-Headers", asked}});
            pass(exchange, policy_of(configured()));
            QCOMPARE(exchange.response.status, 204U);
            QCOMPARE(exchange.reply_header("access-control-allow-headers"), std::string());
        }
    }

    void replies_are_readable_for_configured_pages_only()
    {
        const auto policy = policy_of(configured());
        FakeExchange page("POST", "/v1/chat/completions", {{"Origin", "chrome-extension://abcdefgh"}});
        pass(page, policy);
        QCOMPARE(page.reply_header("access-control-allow-origin"), std::string("chrome-extension://abcdefgh"));
        for (const auto* name : {"x-request-id", "retry-after", "x-ratelimit-remaining-requests"})
            QVERIFY(page.reply_header("access-control-expose-headers").find(name) != std::string::npos);
        QCOMPARE(page.reply_header("vary"), std::string("Origin"));
        // A reply without an Origin must not be cached for a page either.
        FakeExchange program("GET", "/v1/models");
        pass(program, policy);
        QCOMPARE(program.reply_header("vary"), std::string("Origin"));
        QCOMPARE(program.reply_header("access-control-allow-origin"), std::string());
        // Nothing configured: not a field of it.
        FakeExchange local("GET", "/v1/models", {{"Origin", "http://localhost:3000"}});
        QVERIFY(pass(local, policy_of({})).reached);
        QVERIFY(local.response.headers.empty());
    }

    void this_machine_has_a_name() { QVERIFY(gateway::own_host_name().find('\n') == std::string::npos); }
};

QTEST_APPLESS_MAIN(TstOrigin)
#include "tst_origin.moc"

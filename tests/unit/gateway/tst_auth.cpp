// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fake_exchange.h"
#include "gateway/middleware/auth.h"

#include <QtTest>

#include <nlohmann/json.hpp>

using namespace tokenscope;
using namespace tokenscope::test;
using gateway::KeyRing;
using Fields = net::Headers;

namespace {

const std::string alices = "sk-alice-0123456789";
const std::string bobs = "sk-bob-0123456789";

std::shared_ptr<const KeyRing> two_keys()
{
    return ring_of({{"alice", alices}, {"bob", bobs}});
}

Ran run_with(FakeExchange& exchange, std::shared_ptr<const KeyRing> keys)
{
    return run(exchange, [&](gateway::Handler next) { return with_auth(keys, std::move(next)); });
}

} // namespace

Q_DECLARE_METATYPE(tokenscope::net::Headers)

/// Whose request it is, and who is let in.
class TstAuth : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void credentials_data()
    {
        QTest::addColumn<net::Headers>("headers");
        QTest::addColumn<QByteArray>("client"); // or why not: "-" absent, "?" unknown, "!" ambiguous

        const auto bearer = [](const std::string& key) {
            return std::pair<std::string, std::string>("Authorization", "Bearer " + key);
        };
        QTest::newRow("bearer") << Fields{bearer(alices)} << QByteArray("alice");
        QTest::newRow("anthropic") << Fields{{"x-api-key", bobs}} << QByteArray("bob");
        QTest::newRow("azure") << Fields{{"api-key", bobs}} << QByteArray("bob");
        QTest::newRow("names in any case") << Fields{{"X-API-Key", bobs}} << QByteArray("bob");
        QTest::newRow("lower-case bearer") << Fields{{"authorization", "bearer " + alices}} << QByteArray("alice");
        QTest::newRow("shouted") << Fields{{"AUTHORIZATION", "BEARER " + alices}} << QByteArray("alice");
        QTest::newRow("blanks") << Fields{{"Authorization", " \tBearer  \t " + alices + " \t"}} << QByteArray("alice");
        QTest::newRow("blanks, plain") << Fields{{"x-api-key", "  " + alices + "\t"}} << QByteArray("alice");

        QTest::newRow("nothing") << Fields{{"Accept", "*/*"}} << QByteArray("-");
        QTest::newRow("empty header") << Fields{{"Authorization", ""}} << QByteArray("-");
        QTest::newRow("scheme alone") << Fields{{"Authorization", "Bearer"}} << QByteArray("-");
        QTest::newRow("scheme and blanks") << Fields{{"Authorization", "Bearer  \t"}} << QByteArray("-");
        QTest::newRow("empty key") << Fields{{"x-api-key", "  "}} << QByteArray("-");
        QTest::newRow("no scheme") << Fields{{"Authorization", alices}} << QByteArray("-");
        QTest::newRow("basic") << Fields{{"Authorization", "Basic " + alices}} << QByteArray("-");
        QTest::newRow("glued") << Fields{{"Authorization", "Bearer" + alices}} << QByteArray("-");
        QTest::newRow("in a cookie") << Fields{{"Cookie", "x-api-key=" + alices}} << QByteArray("-");

        QTest::newRow("wrong") << Fields{bearer("sk-mallory")} << QByteArray("?");
        QTest::newRow("prefix") << Fields{bearer(alices.substr(0, alices.size() - 1))} << QByteArray("?");
        QTest::newRow("longer") << Fields{bearer(alices + "0")} << QByteArray("?");
        QTest::newRow("other case") << Fields{bearer("SK-ALICE-0123456789")} << QByteArray("?");
        QTest::newRow("two words") << Fields{bearer(alices + " " + bobs)} << QByteArray("?");
        QTest::newRow("list") << Fields{bearer(alices + ", Bearer " + bobs)} << QByteArray("?");
        QTest::newRow("the hash") << Fields{bearer(hash_key(alices))} << QByteArray("?");
        QTest::newRow("hash's hex") << Fields{bearer(hash_key(alices).substr(7))} << QByteArray("?");
        QTest::newRow("very long") << Fields{bearer(std::string(60'000, 'k'))} << QByteArray("?");
        QTest::newRow("not ASCII") << Fields{bearer("\xff\xfe\xc3\xbc")} << QByteArray("?");
        QTest::newRow("nul inside") << Fields{bearer(alices + std::string(1, '\0'))} << QByteArray("?");

        QTest::newRow("twice the same") << Fields{bearer(alices), bearer(alices)} << QByteArray("alice");
        QTest::newRow("twice, one empty") << Fields{{"Authorization", ""}, bearer(alices)} << QByteArray("alice");
        QTest::newRow("twice, other second") << Fields{bearer(alices), bearer(bobs)} << QByteArray("!");
        QTest::newRow("twice, wrong second") << Fields{bearer(alices), bearer("sk-mallory")} << QByteArray("!");
        QTest::newRow("twice, wrong first")
            << Fields{{"x-api-key", "sk-mallory"}, {"X-Api-Key", alices}} << QByteArray("!");
        QTest::newRow("two headers agree") << Fields{bearer(alices), {"x-api-key", alices}} << QByteArray("alice");
        QTest::newRow("two clients") << Fields{bearer(alices), {"x-api-key", bobs}} << QByteArray("!");
        QTest::newRow("placeholder first") << Fields{bearer("dummy"), {"x-api-key", bobs}} << QByteArray("bob");
        QTest::newRow("placeholder last") << Fields{{"api-key", "dummy"}, bearer(alices)} << QByteArray("alice");
        QTest::newRow("all wrong") << Fields{bearer("a"), {"x-api-key", "b"}, {"api-key", "c"}} << QByteArray("?");
    }

    void credentials()
    {
        QFETCH(net::Headers, headers);
        QFETCH(QByteArray, client);
        const auto keys = two_keys();
        const auto found = keys->find(headers);
        const std::map<KeyRing::Verdict, QByteArray> marks = {
            {KeyRing::Verdict::absent, "-"}, {KeyRing::Verdict::unknown, "?"}, {KeyRing::Verdict::ambiguous, "!"}};
        const bool known = found.verdict == KeyRing::Verdict::known;
        QCOMPARE(known ? QByteArray::fromStdString(std::string(found.name)) : marks.at(found.verdict), client);

        FakeExchange exchange("POST", "/v1/chat/completions", headers);
        const auto ran = run_with(exchange, keys);
        QCOMPARE(ran.reached, known);
        QCOMPARE(ran.client, known ? client.toStdString() : std::string());
        QCOMPARE(exchange.response.status, known ? 200U : 401U);
        if (known)
            return;
        QCOMPARE(ran.error->code, ErrorCode::unauthorized);
        QCOMPARE(exchange.reply_header("www-authenticate"), std::string("Bearer"));
        // What came is in no reply and, by the error, in no log.
        for (const auto& secret : {alices, bobs, std::string("sk-mallory")}) {
            QVERIFY(exchange.response.body.find(secret) == std::string::npos);
            QVERIFY(ran.error->message.find(secret) == std::string::npos);
        }
        QVERIFY(ran.error->message.find("Authorization: Bearer <key>") != std::string::npos);
        QVERIFY(ran.error->message.find("x-api-key: <key>") != std::string::npos);
    }

    void a_very_long_key_can_be_right()
    {
        const std::string key(4000, 'k');
        FakeExchange exchange("GET", "/v1/models", {{"x-api-key", key}});
        QCOMPARE(run_with(exchange, ring_of({{"long", key}})).client, std::string("long"));
    }

    void without_keys_everybody_may()
    {
        FakeExchange bare("POST", "/v1/chat/completions");
        QVERIFY(run_with(bare, ring_of({})).reached);
        FakeExchange with("POST", "/v1/chat/completions", {{"Authorization", "Bearer sk-their-own"}});
        const auto ran = run_with(with, ring_of({}));
        QVERIFY(ran.reached);
        QCOMPARE(ran.client, std::string());
    }

    void open_paths_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<bool>("open");
        QTest::newRow("health") << QByteArray("GET") << QByteArray("/health") << true;
        QTest::newRow("health, head") << QByteArray("HEAD") << QByteArray("/health") << true;
        QTest::newRow("health, query") << QByteArray("GET") << QByteArray("/health?verbose=1") << true;
        QTest::newRow("health, post") << QByteArray("POST") << QByteArray("/health") << false;
        QTest::newRow("health, lower-case method") << QByteArray("get") << QByteArray("/health") << false;
        QTest::newRow("health, other case") << QByteArray("GET") << QByteArray("/HEALTH") << false;
        QTest::newRow("below health") << QByteArray("GET") << QByteArray("/health/../v1/models") << false;
        QTest::newRow("doubled slash") << QByteArray("GET") << QByteArray("//health") << false;
        QTest::newRow("absolute target") << QByteArray("GET") << QByteArray("http://localhost/health") << false;
        QTest::newRow("ready") << QByteArray("GET") << QByteArray("/ready") << false;
        QTest::newRow("metrics") << QByteArray("GET") << QByteArray("/metrics") << false;
        QTest::newRow("models") << QByteArray("GET") << QByteArray("/v1/models?path=/health") << false;
        QTest::newRow("options") << QByteArray("OPTIONS") << QByteArray("/v1/chat/completions") << false;
    }

    void open_paths()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, target);
        QFETCH(bool, open);
        FakeExchange bare(method.toStdString(), target.toStdString());
        QCOMPARE(run_with(bare, two_keys()).reached, open);
        // A key is known there too, and a wrong one shuts nobody out.
        FakeExchange known(method.toStdString(), target.toStdString(), {{"x-api-key", bobs}});
        QCOMPARE(run_with(known, two_keys()).client, std::string("bob"));
        FakeExchange wrong(method.toStdString(), target.toStdString(), {{"x-api-key", "sk-mallory"}});
        QCOMPARE(run_with(wrong, two_keys()).reached, open);
    }

    void speaks_the_dialect_of_the_path()
    {
        const auto refused = [](const std::string& target) {
            FakeExchange exchange("POST", target);
            run_with(exchange, two_keys());
            return nlohmann::json::parse(exchange.response.body);
        };
        const auto openai = refused("/v1/chat/completions");
        QCOMPARE(openai.at("error").at("code").get<std::string>(), std::string("unauthorized"));
        QCOMPARE(openai.at("error").at("type").get<std::string>(), std::string("authentication_error"));
        const auto anthropic = refused("/v1/messages?beta=true");
        QCOMPARE(anthropic.at("type").get<std::string>(), std::string("error"));
        QCOMPARE(anthropic.at("error").at("type").get<std::string>(), std::string("authentication_error"));
        QVERIFY(refused("/api/chat").at("error").is_string());
    }

    void what_is_not_http_is_refused_as_that()
    {
        FakeExchange garbage("", "");
        garbage.not_http = Error{.code = ErrorCode::invalid_request, .message = "no"};
        QVERIFY(run_with(garbage, two_keys()).reached);
        // A body that is too large has headers, and its handler does something about it.
        FakeExchange large("POST", "/v1/chat/completions");
        large.not_http = Error{.code = ErrorCode::body_too_large, .message = "no"};
        QVERIFY(!run_with(large, two_keys()).reached);
        QCOMPARE(large.response.status, 401U);
    }

    void bad_rings_are_refused_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("hash");
        QTest::newRow("plain key") << QByteArray("alice") << QByteArray("sk-alice-0123456789");
        QTest::newRow("no hash") << QByteArray("alice") << QByteArray();
        QTest::newRow("no name") << QByteArray() << QByteArray::fromStdString(hash_key(alices));
        QTest::newRow("nobody's name") << QByteArray("anonymous") << QByteArray::fromStdString(hash_key(alices));
    }

    void bad_rings_are_refused()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, hash);
        const auto ring = KeyRing::make({{"fine", hash_key(bobs)}, {name.toStdString(), hash.toStdString()}});
        QVERIFY(!ring);
        QCOMPARE(ring.error().code, ErrorCode::config);
        QVERIFY(ring.error().message.find("sk-alice") == std::string::npos);
    }

    void a_name_may_have_two_keys()
    {
        const auto ring = KeyRing::make({{"alice", hash_key(alices)}, {"alice", hash_key("sk-next-0123456789")}});
        QCOMPARE(ring->find({{"x-api-key", alices}}).name, std::string_view("alice"));
        QCOMPARE(ring->find({{"x-api-key", "sk-next-0123456789"}}).name, std::string_view("alice"));
        // While clients change over, both may even come at once.
        const auto both = ring->find({{"x-api-key", alices}, {"api-key", "sk-next-0123456789"}});
        QCOMPARE(both.verdict, KeyRing::Verdict::known);
    }

    void credentials_are_known_by_name()
    {
        for (const auto* name : {"Authorization", "authorization", "X-API-KEY", "api-key", "Api-Key"})
            QVERIFY(gateway::is_client_credential(name));
        for (const auto* name : {"", "x-api-key2", "x-goog-api-key", "accept", "proxy-authorization"})
            QVERIFY(!gateway::is_client_credential(name));
    }
};

QTEST_APPLESS_MAIN(TstAuth)
#include "tst_auth.moc"

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fake_exchange.h"
#include "gateway/middleware/rate_limit.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <limits>

using namespace tokenscope;
using namespace tokenscope::test;
using namespace std::chrono_literals;
using gateway::RateLimiter;
using Owner = RateLimiter::Owner;
using Counts = std::map<std::string, int>;

namespace {

const std::string alices = "sk-alice-0123456789";

/// A limiter, its clock and its metrics behind a handler.
struct Limited {
    explicit Limited(config::RateLimit limit) : limiter(limit, clock) {}

    Ran send(FakeExchange& exchange)
    {
        return run(exchange, [&](gateway::Handler next) {
            return with_rate_limit(keys, limiter, metrics, {"/moved", "/moved.json"}, std::move(next));
        });
    }
    unsigned status(const std::string& from, const net::Headers& headers = {}, const std::string& target = "/v1/models",
                    const std::string& method = "GET")
    {
        FakeExchange exchange(method, target, headers);
        exchange.from = from;
        send(exchange);
        return exchange.response.status;
    }

    ManualClock clock;
    RateLimiter limiter;
    CountingGatewayMetrics metrics;
    std::shared_ptr<const gateway::KeyRing> keys = ring_of({{"alice", alices}, {"bob", "sk-bob-0123456789"}});
};

const net::Headers as_alice = {{"Authorization", "Bearer " + alices}};
const net::Headers as_bob = {{"x-api-key", "sk-bob-0123456789"}};

} // namespace

/// Token buckets by a manual clock, and the replies of those who find theirs empty.
class TstRateLimit : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void a_burst_then_a_steady_rate()
    {
        ManualClock clock;
        RateLimiter limiter({.requests_per_second = 2, .burst = 3}, clock);
        for (std::size_t i = 0; i < 3; ++i) {
            const auto verdict = limiter.take(Owner::address, "a");
            QVERIFY(verdict.admitted);
            QCOMPARE(verdict.remaining, 2 - i);
            QCOMPARE(verdict.limit, std::size_t(3));
        }
        auto refused = limiter.take(Owner::address, "a");
        QVERIFY(!refused.admitted);
        QCOMPARE(refused.remaining, std::size_t(0));
        QCOMPARE(refused.retry_after, Nanos(500ms));
        QCOMPARE(refused.reset, Nanos(1500ms));
        // Being refused costs nothing: whoever insists is not shut out for ever.
        for (int i = 0; i < 100; ++i)
            QVERIFY(!limiter.take(Owner::address, "a").admitted);
        clock.advance(499ms);
        QVERIFY(!limiter.take(Owner::address, "a").admitted);
        clock.advance(1ms);
        QVERIFY(limiter.take(Owner::address, "a").admitted);
        QVERIFY(!limiter.take(Owner::address, "a").admitted);
        // However long it was quiet, a bucket holds no more than its size.
        clock.advance(24h);
        for (int i = 0; i < 3; ++i)
            QVERIFY(limiter.take(Owner::address, "a").admitted);
        QVERIFY(!limiter.take(Owner::address, "a").admitted);
    }

    void the_long_run_is_the_configured_rate_data()
    {
        QTest::addColumn<double>("rate");
        QTest::addColumn<int>("admitted"); // of a request each millisecond for ten seconds, besides the burst of 1
        QTest::newRow("a third") << 1.0 / 3 << 3;
        QTest::newRow("one") << 1.0 << 9;
        QTest::newRow("three") << 3.0 << 29;
        QTest::newRow("a hundred") << 100.0 << 999;
    }

    void the_long_run_is_the_configured_rate()
    {
        QFETCH(double, rate);
        QFETCH(int, admitted);
        ManualClock clock;
        RateLimiter limiter({.requests_per_second = rate, .burst = 1}, clock);
        QVERIFY(limiter.take(Owner::key, "a").admitted);
        int count = 0;
        for (int ms = 1; ms < 10'000; ++ms) {
            clock.advance(1ms);
            count += limiter.take(Owner::key, "a").admitted;
        }
        QVERIFY2(std::abs(count - admitted) <= 1, qPrintable(QString::number(count)));
    }

    void burst_defaults_to_a_second_data()
    {
        QTest::addColumn<double>("rate");
        QTest::addColumn<int>("burst");
        QTest::newRow("a tenth") << 0.1 << 1;
        QTest::newRow("two and a half") << 2.5 << 3;
        QTest::newRow("ten") << 10.0 << 10;
    }

    void burst_defaults_to_a_second()
    {
        QFETCH(double, rate);
        QFETCH(int, burst);
        ManualClock clock;
        RateLimiter limiter({.requests_per_second = rate}, clock);
        int count = 0;
        while (limiter.take(Owner::key, "a").admitted)
            ++count;
        QCOMPARE(count, burst);
    }

    void strange_limits_do_not_overflow()
    {
        ManualClock clock;
        const auto most = std::numeric_limits<std::size_t>::max();
        for (const double rate : {1e-300, 1e-9, 1e12, 1e300, std::numeric_limits<double>::infinity()}) {
            for (const auto burst : {std::size_t(1), most}) {
                RateLimiter limiter({.requests_per_second = rate, .burst = burst}, clock);
                QVERIFY(limiter.enabled());
                const auto verdict = limiter.take(Owner::key, "a");
                QVERIFY(verdict.admitted);
                QVERIFY(verdict.reset >= Nanos(0));
            }
        }
        for (const double rate : {0.0, -0.0, -1.0, std::numeric_limits<double>::quiet_NaN()})
            QVERIFY(!RateLimiter({.requests_per_second = rate, .burst = 5}, clock).enabled());
    }

    void many_addresses_do_not_grow_memory()
    {
        ManualClock clock;
        RateLimiter limiter({.requests_per_second = 1, .burst = 2}, clock, 100);
        QVERIFY(limiter.take(Owner::key, "alice").admitted);
        QVERIFY(limiter.take(Owner::key, "alice").admitted);
        for (int i = 0; i < 10'000; ++i)
            limiter.take(Owner::address, std::to_string(i));
        QCOMPARE(limiter.buckets(), std::size_t(101));
        // The crowd has not refilled a key's bucket.
        QVERIFY(!limiter.take(Owner::key, "alice").admitted);
        // The most recent addresses are still known.
        QVERIFY(limiter.take(Owner::address, "9999").admitted);
        QVERIFY(!limiter.take(Owner::address, "9999").admitted);
    }

    void idle_buckets_are_forgotten()
    {
        ManualClock clock;
        RateLimiter limiter({.requests_per_second = 1, .burst = 2}, clock);
        for (int i = 0; i < 50; ++i)
            limiter.take(Owner::address, std::to_string(i));
        QCOMPARE(limiter.buckets(), std::size_t(50));
        clock.advance(1min);
        for (int i = 0; i < 50; ++i)
            limiter.take(Owner::address, "busy");
        QCOMPARE(limiter.buckets(), std::size_t(1));
        limiter.set_limit({});
        QCOMPARE(limiter.buckets(), std::size_t(0));
    }

    void a_changed_limit_takes_effect_at_once()
    {
        ManualClock clock;
        RateLimiter limiter({.requests_per_second = 0.001, .burst = 1}, clock);
        QVERIFY(limiter.take(Owner::key, "a").admitted);
        QVERIFY(limiter.take(Owner::address, "b").admitted);
        QVERIFY(!limiter.take(Owner::key, "a").admitted);
        limiter.set_limit({.requests_per_second = 10, .burst = 5});
        // What was used stays used, but is owed at the new rate.
        QVERIFY(!limiter.take(Owner::key, "a").admitted);
        QVERIFY(!limiter.take(Owner::address, "b").admitted);
        clock.advance(100ms);
        QVERIFY(limiter.take(Owner::key, "a").admitted);
        QVERIFY(limiter.take(Owner::address, "b").admitted);
        limiter.set_limit({});
        QVERIFY(!limiter.enabled());
    }

    void refusals_say_when_to_come_back()
    {
        Limited limited({.requests_per_second = 0.1, .burst = 1});
        FakeExchange first("POST", "/v1/chat/completions", as_alice);
        QVERIFY(limited.send(first).reached);
        QCOMPARE(first.reply_header("x-ratelimit-limit-requests"), std::string("1"));
        QCOMPARE(first.reply_header("x-ratelimit-remaining-requests"), std::string("0"));
        QCOMPARE(first.reply_header("x-ratelimit-reset-requests"), std::string("10s"));
        QCOMPARE(first.reply_header("retry-after"), std::string());

        limited.clock.advance(2500ms);
        FakeExchange second("POST", "/v1/chat/completions", as_alice);
        const auto ran = limited.send(second);
        QVERIFY(!ran.reached);
        QCOMPARE(second.response.status, 429U);
        QCOMPARE(second.reply_header("retry-after"), std::string("8")); // 7.5, rounded up
        QCOMPARE(second.reply_header("x-ratelimit-reset-requests"), std::string("7.5s"));
        QCOMPARE(ran.error->code, ErrorCode::rate_limited);
        QCOMPARE(ran.client, std::string("alice"));
        QCOMPARE(limited.metrics.limited, (Counts{{"alice", 1}}));

        limited.clock.advance(7400ms);
        FakeExchange third("POST", "/v1/chat/completions", as_alice);
        limited.send(third);
        QCOMPARE(third.reply_header("retry-after"), std::string("1")); // never 0
        limited.clock.advance(100ms);
        QCOMPARE(limited.status("127.0.0.1:1", as_alice), 200U);
    }

    void clients_have_buckets_of_their_own()
    {
        Limited limited({.requests_per_second = 1, .burst = 1});
        const std::string here = "10.0.0.1:1000";
        QCOMPARE(limited.status(here, as_alice), 200U);
        QCOMPARE(limited.status(here, as_alice), 429U);
        QCOMPARE(limited.status("10.0.0.2:1000", as_alice), 429U); // wherever she is
        QCOMPARE(limited.status(here, as_bob), 200U);
        QCOMPARE(limited.status(here), 200U);
        QCOMPARE(limited.status("10.0.0.1:2000"), 429U); // another port is the same client
        QCOMPARE(limited.status("10.0.0.2:1000"), 200U);
        // Guessing keys is done from an address, whatever was guessed.
        QCOMPARE(limited.status(here, {{"x-api-key", "guess-1"}}), 429U);
        QCOMPARE(limited.status(here, {{"x-api-key", alices}, {"api-key", "sk-bob-0123456789"}}), 429U);
        QCOMPARE(limited.metrics.limited, (Counts{{"alice", 2}, {"anonymous", 3}}));
    }

    void monitors_are_not_limited_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<bool>("free");
        for (const auto* path : {"/health", "/ready", "/moved", "/moved.json", "/moved?name[]=x"}) {
            QTest::addRow("GET %s", path) << QByteArray("GET") << QByteArray(path) << true;
            QTest::addRow("HEAD %s", path) << QByteArray("HEAD") << QByteArray(path) << true;
            QTest::addRow("POST %s", path) << QByteArray("POST") << QByteArray(path) << false;
        }
        QTest::newRow("models") << QByteArray("GET") << QByteArray("/v1/models") << false;
        QTest::newRow("below") << QByteArray("GET") << QByteArray("/moved/../v1/models") << false;
        QTest::newRow("where the pages are not") << QByteArray("GET") << QByteArray("/metrics") << false;
        QTest::newRow("nothing there") << QByteArray("GET") << QByteArray("/nothing") << false;
    }

    void monitors_are_not_limited()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, target);
        QFETCH(bool, free);
        Limited limited({.requests_per_second = 1, .burst = 1});
        for (int i = 0; i < 3; ++i) {
            const auto status = limited.status("10.0.0.1:1", {}, target.toStdString(), method.toStdString());
            QCOMPARE(status, free || i == 0 ? 200U : 429U);
        }
        QCOMPARE(limited.limiter.buckets(), std::size_t(free ? 0 : 1));
    }

    void no_limit_leaves_replies_alone()
    {
        Limited limited({});
        for (int i = 0; i < 50; ++i) {
            FakeExchange exchange("GET", "/v1/models");
            QVERIFY(limited.send(exchange).reached);
            QVERIFY(exchange.response.headers.empty());
        }
        QCOMPARE(limited.limiter.buckets(), std::size_t(0));
    }

    void speaks_the_dialect_of_the_path()
    {
        Limited limited({.requests_per_second = 1, .burst = 1});
        limited.status("10.0.0.1:1");
        const auto refused = [&](const std::string& target) {
            FakeExchange exchange("POST", target);
            exchange.from = "10.0.0.1:1";
            limited.send(exchange);
            return nlohmann::json::parse(exchange.response.body);
        };
        const auto openai = refused("/v1/responses");
        QCOMPARE(openai.at("error").at("code").get<std::string>(), std::string("rate_limited"));
        QCOMPARE(openai.at("error").at("type").get<std::string>(), std::string("rate_limit_error"));
        const auto anthropic = refused("/v1/messages");
        QCOMPARE(anthropic.at("error").at("type").get<std::string>(), std::string("rate_limit_error"));
        QVERIFY(refused("/api/generate").at("error").is_string());
    }

    void addresses_data()
    {
        QTest::addColumn<QByteArray>("peer");
        QTest::addColumn<QByteArray>("bucket");
        QTest::newRow("IPv4") << QByteArray("10.0.0.1:50314") << QByteArray("10.0.0.1");
        QTest::newRow("IPv6") << QByteArray("[2001:db8:1:2:3:4:5:6]:80") << QByteArray("2001:db8:1:2::/64");
        QTest::newRow("its neighbour") << QByteArray("[2001:db8:1:2:ffff::1]:81") << QByteArray("2001:db8:1:2::/64");
        QTest::newRow("loopback") << QByteArray("[::1]:80") << QByteArray("::/64");
        QTest::newRow("mapped") << QByteArray("[::ffff:10.0.0.1]:80") << QByteArray("10.0.0.1");
        QTest::newRow("mapped neighbour") << QByteArray("[::ffff:10.0.0.2]:80") << QByteArray("10.0.0.2");
        QTest::newRow("gone already") << QByteArray() << QByteArray();
    }

    void addresses()
    {
        QFETCH(QByteArray, peer);
        QFETCH(QByteArray, bucket);
        QCOMPARE(QByteArray::fromStdString(gateway::rate_limit_address(peer.toStdString())), bucket);
    }

    void durations_data()
    {
        QTest::addColumn<qint64>("us");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("0") << qint64(0) << QByteArray("0s");
        QTest::newRow("1us") << qint64(1) << QByteArray("1ms");
        QTest::newRow("12ms") << qint64(12'000) << QByteArray("12ms");
        QTest::newRow("nearly 1s") << qint64(999'999) << QByteArray("1s");
        QTest::newRow("10s") << qint64(10'000'000) << QByteArray("10s");
        QTest::newRow("8.64s") << qint64(8'640'000) << QByteArray("8.64s");
        QTest::newRow("6m") << qint64(360'000'000) << QByteArray("6m0s");
        QTest::newRow("1m1.005s") << qint64(61'005'000) << QByteArray("1m1.005s");
        QTest::newRow("25h") << qint64(90'000'000'000) << QByteArray("25h0m0s");
    }

    void durations()
    {
        QFETCH(qint64, us);
        QFETCH(QByteArray, text);
        QCOMPARE(QByteArray::fromStdString(gateway::short_duration(std::chrono::microseconds(us))), text);
    }
};

QTEST_APPLESS_MAIN(TstRateLimit)
#include "tst_rate_limit.moc"

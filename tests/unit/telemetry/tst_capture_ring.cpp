// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/capture/capture_ring.h"

#include "telemetry/capture/masking.h"

#include <QTest>

#include <optional>
#include <thread>

using namespace tokenscope;
using namespace tokenscope::telemetry;

namespace {

const std::string dots = "\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2";

CapturedExchange exchange_of(const std::string& question, bool wanted = true)
{
    CapturedExchange exchange{.method = "POST", .target = "/v1/chat/completions", .status = 200};
    exchange.request_body.wanted = exchange.reply_body.wanted = wanted;
    append(exchange.request_body, question, 1 << 16);
    append(exchange.reply_body, "answer", 1 << 16);
    return exchange;
}

std::string question_of(const CaptureStore& store, const std::string& id)
{
    const auto found = store.find(id);
    return found ? found->request_body.bytes : "nothing";
}

} // namespace

class TstCaptureRing : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void what_was_kept_is_found()
    {
        CaptureRing ring({.bodies = true});
        QVERIFY(ring.bodies());
        QVERIFY(!ring.find("1"));
        ring.keep("1", exchange_of("one"));
        ring.keep("2", exchange_of("two"));
        QCOMPARE(question_of(ring, "1"), std::string("one"));
        QCOMPARE(question_of(ring, "2"), std::string("two"));
        QCOMPARE(ring.find("2")->reply_body.bytes, std::string("answer"));
        QVERIFY(!ring.find(""));
    }

    void the_newest_of_one_id()
    {
        CaptureRing ring({.bodies = true, .bytes = 3000});
        ring.keep("same", exchange_of("first"));
        ring.keep("same", exchange_of("second"));
        QCOMPARE(question_of(ring, "same"), std::string("second"));
        // The older of the two is forgotten first, and must not take the newer one's name with it.
        for (int i = 0; i < 2; ++i)
            ring.keep("other" + std::to_string(i), exchange_of(std::string(400, 'x')));
        QCOMPARE(question_of(ring, "same"), std::string("second"));
        for (int i = 0; i < 3; ++i)
            ring.keep("more" + std::to_string(i), exchange_of(std::string(400, 'x')));
        QVERIFY(!ring.find("same"));
    }

    void it_stays_within_its_budget()
    {
        CaptureRing ring({.bodies = true, .bytes = 100'000});
        for (int i = 0; i < 1000; ++i) {
            ring.keep(std::to_string(i), exchange_of(std::string(static_cast<std::size_t>(i * 37 % 9000), 'x')));
            QVERIFY(ring.bytes() <= 100'000);
            QVERIFY(ring.find(std::to_string(i)));
        }
        QVERIFY(!ring.find("0"));
        QVERIFY(ring.bytes() > 80'000); // and makes use of it
        const auto held = ring.find("999");
        ring.configure({.bodies = true, .bytes = 2'000});
        QVERIFY(ring.bytes() <= 2'000);
        ring.configure({.bodies = true, .bytes = 0});
        QCOMPARE(ring.bytes(), std::size_t{0});
        QVERIFY(!ring.keeps_any());
        QVERIFY(!ring.find("999"));
        QCOMPARE(held->reply_body.bytes, std::string("answer")); // whoever has it, has it
    }

    void what_is_larger_than_all_of_it()
    {
        CaptureRing ring({.bodies = true, .bytes = 4'000});
        ring.keep("small", exchange_of("small"));
        ring.keep("large", exchange_of(std::string(5'000, 'x')));
        QVERIFY(!ring.find("large"));
        QVERIFY(ring.find("small")); // which did not have to go for it
    }

    void bodies_switched_off()
    {
        CaptureRing ring({.bodies = true});
        ring.keep("1", exchange_of(std::string(100, 'p')));
        const auto before = ring.bytes();
        ring.configure({.bodies = false});
        QVERIFY(!ring.bodies());
        const auto bare = ring.find("1");
        QVERIFY(bare);
        QVERIFY(!bare->request_body.wanted && bare->request_body.bytes.empty() && bare->reply_body.bytes.empty());
        QCOMPARE(bare->request_body.whole, std::uint64_t{100});
        QCOMPARE(bare->status, 200U);
        QVERIFY(ring.bytes() < before);
        // One that was in flight meanwhile.
        ring.keep("2", exchange_of("private"));
        QVERIFY(!ring.find("2"));
        ring.keep("3", exchange_of("private", false));
        QVERIFY(ring.find("3"));
        QCOMPARE(ring.find("3")->request_body.bytes, std::string());
        QCOMPARE(ring.find("3")->request_body.whole, std::uint64_t{7});
    }

    void cut_bodies_data()
    {
        QTest::addColumn<QList<QByteArray>>("pieces");
        QTest::addColumn<QByteArray>("kept");
        using L = QList<QByteArray>;
        const auto row = [](const char* name, L pieces, const QByteArray& kept) {
            QTest::newRow(name) << pieces << kept;
        };
        row("nothing", {}, "");
        row("fits", {"12345678"}, "12345678");
        row("in pieces", {"1234", "5678"}, "12345678");
        row("one too many", {"123456789"}, "12345678");
        row("nothing more after the cut", {"1234567\xC3\xA4", "x"}, "1234567");
        row("two bytes that fit", {"123456\xC3\xA4z"}, "123456\xC3\xA4");
        row("half of three", {"123456\xE6\xA8\xA1"}, "123456");
        row("three bytes that fit", {"12345\xE6\xA8\xA1z"}, "12345\xE6\xA8\xA1");
        row("three of four", {"12345\xF0\x9F\x98\x80"}, "12345");
        row("a character in two pieces", {"12345\xE6", "\xA8\xA1"}, "12345\xE6\xA8\xA1");
        row("binary", {QByteArray("\x00\xFF\x00\xFE\x00\x01\x02\x03\x04", 9)},
            QByteArray("\x00\xFF\x00\xFE\x00\x01\x02\x03", 8));
        row("continuations alone", {QByteArray(12, '\x80')}, QByteArray(8, '\x80'));
    }

    void cut_bodies()
    {
        QFETCH(QList<QByteArray>, pieces);
        QFETCH(QByteArray, kept);
        CapturedBody body{.wanted = true};
        CapturedBody unwanted;
        std::uint64_t whole = 0;
        for (const auto& piece : pieces) {
            append(body, piece.toStdString(), 8);
            append(unwanted, piece.toStdString(), 8);
            whole += static_cast<std::uint64_t>(piece.size());
        }
        QCOMPARE(QByteArray::fromStdString(body.bytes), kept);
        QCOMPARE(body.whole, whole);
        QCOMPARE(body.cut(), static_cast<std::uint64_t>(kept.size()) < whole);
        QVERIFY(unwanted.bytes.empty());
        QCOMPARE(unwanted.whole, whole);
    }

    void headers_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("shown"); ///< '*' for the dots, "..." for the ellipsis
        const auto row = [](const char* name, const QByteArray& value, const QByteArray& shown) {
            QTest::addRow("%s: %s", name, value.constData()) << QByteArray(name) << value << shown;
        };
        row("Content-Type", "application/json", "application/json");
        row("x-ratelimit-remaining-tokens", "149984", "149984");
        row("anthropic-ratelimit-tokens-reset", "2026-01-01", "2026-01-01");
        row("Authorization", "Bearer sk-0123456789abcdef0123456789ab3f9a", "Bearer sk-...3f9a");
        row("authorization", "bearer   sk-0123456789abcdef0123456789ab3f9a ", "bearer sk-...3f9a");
        row("Authorization", "Bearer short-one", "Bearer *");
        row("Authorization", "Bearer 01234567890123456789012", "Bearer *");        // 23
        row("Authorization", "Bearer 012345678901234567890123", "Bearer ...0123"); // 24
        row("Authorization", "sk-0123456789abcdef0123456789ab3f9a", "sk-...3f9a");
        row("Authorization", "Basic dXNlcjpwYXNzd29yZC10aGF0LWlzLWxvbmc=", "Basic *");
        row("Authorization", "Digest username=\"bob\", response=\"6629fae49393a05397450978507c4ef1\"", "Digest *");
        row("Authorization", "correct horse battery staple", "*");
        row("Authorization", "Bearer a secret of several words that is long", "Bearer *");
        row("Authorization", "Bearer", "*");
        row("Authorization", "", "*");
        row("Proxy-Authorization", "Bearer sk-0123456789abcdef0123456789ab3f9a", "Bearer sk-...3f9a");
        row("X-API-Key", "0123456789abcdef01234567", "...4567");
        row("x-goog-api-key", "AIzaSyA-short", "*");
        row("Api-Key", "hunter2", "*");
        row("Ocp-Apim-Subscription-Key", "hunter2", "*");
        row("X-Amz-Security-Token", "hunter2", "*");
        row("X-Client-Secret", "hunter2", "*");
        row("X-Auth", "hunter2", "*");
        row("Cookie", "session=hunter2; theme=dark", "session=*; theme=*");
        row("Cookie", "hunter2", "*");
        row("Set-Cookie", "id=hunter2=x; Path=/; HttpOnly", "id=*; Path=/; HttpOnly");
        row("Location", "https://u:hunter2@h/x?key=hunter2&y=1", "https://*@h/x?key=*&y=1");
    }

    void headers()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, value);
        QFETCH(QByteArray, shown);
        shown.replace("*", QByteArray::fromStdString(dots)).replace("...", "\xE2\x80\xA6");
        QCOMPARE(QByteArray::fromStdString(masked_header(name.toStdString(), value.toStdString())), shown);
    }

    void targets_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("shown");
        const auto row = [](const char* target, const char* shown) {
            QTest::newRow(target) << QByteArray(target) << QByteArray(shown);
        };
        row("/v1/chat/completions", "/v1/chat/completions");
        row("/v1/x?limit=5&after=a%20b", "/v1/x?limit=5&after=a%20b");
        row("/v1/x?key=hunter2", "/v1/x?key=*");
        row("/v1/x?a=1&api_key=hunter2&b=2", "/v1/x?a=1&api_key=*&b=2");
        row("/v1/x?a=1;API-KEY=hunter2;b", "/v1/x?a=1;API-KEY=*;b");
        row("/v1/x?access_token=a=b", "/v1/x?access_token=*");
        row("/v1/x?%6Bey=hunter2", "/v1/x?%6Bey=*");
        row("/v1/x?%6=1&%zz=2&%", "/v1/x?%6=1&%zz=2&%");
        row("/v1/x?sig=hunter2&signature=hunter2", "/v1/x?sig=*&signature=*");
        row("/v1/x?key", "/v1/x?key");
        row("/v1/x?key=", "/v1/x?key=*");
        row("/v1/x?", "/v1/x?");
        row("/v1/x?&&", "/v1/x?&&");
        row("http://user:hunter2@host/v1?x=1", "http://*@host/v1?x=1");
        row("http://host/a@b", "http://host/a@b");
        row("", "");
    }

    void targets()
    {
        QFETCH(QByteArray, target);
        QFETCH(QByteArray, shown);
        shown.replace("*", QByteArray::fromStdString(dots));
        QCOMPARE(QByteArray::fromStdString(masked_target(target.toStdString())), shown);
    }

    void secrets_never_get_in()
    {
        CaptureRing ring({.bodies = false});
        auto exchange = exchange_of("x", false);
        exchange.target = "/v1/messages?key=hunter2";
        exchange.request_headers = {{"X-Api-Key", "hunter2"}, {"Host", "h"}};
        exchange.reply_headers = {{"Set-Cookie", "a=hunter2"}, {"x-request-id", "1"}};
        ring.keep("1", std::move(exchange));
        const auto kept = ring.find("1");
        QCOMPARE(kept->request_headers, (CapturedHeaders{{"X-Api-Key", dots}, {"Host", "h"}}));
        QCOMPARE(kept->reply_headers, (CapturedHeaders{{"Set-Cookie", "a=" + dots}, {"x-request-id", "1"}}));
        QCOMPARE(kept->target, "/v1/messages?key=" + dots);
    }

    void several_threads()
    {
        CaptureRing ring({.bodies = true, .bytes = 50'000});
        const auto work = [&ring](int thread) {
            for (int i = 0; i < 500; ++i) {
                const auto id = std::to_string(thread) + "/" + std::to_string(i);
                ring.keep(id, exchange_of(id));
                if (const auto found = ring.find(id); found && found->request_body.bytes != id)
                    qFatal("another's exchange");
                if (i % 100 == 0)
                    ring.configure({.bodies = true, .bytes = static_cast<std::size_t>(20'000 + i * 100)});
            }
        };
        std::thread other(work, 1);
        work(2);
        other.join();
        QVERIFY(ring.bytes() <= ring.settings().bytes);
    }
};

QTEST_APPLESS_MAIN(TstCaptureRing)
#include "tst_capture_ring.moc"

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/http_words.h"
#include "remote/tls_words.h"
#include "remote/series_text.h"
#include "remote/shortened.h"
#include "unit/net/test_ca.h"

#include <QTest>

using namespace tokenscope;
using namespace tokenscope::remote;
using namespace std::chrono_literals;

class TestHttpWords : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void retryAfter_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("seconds"); // -1: nothing
        QTest::newRow("none") << QByteArray() << -1;
        QTest::newRow("seconds") << QByteArray("7") << 7;
        QTest::newRow("at once") << QByteArray("0") << 0;
        QTest::newRow("an hour") << QByteArray("3600") << 3'600;
        QTest::newRow("more than an hour") << QByteArray("3601") << 3'600;
        QTest::newRow("words") << QByteArray("soon") << -1;
        QTest::newRow("a date that is over") << QByteArray("Sun, 06 Nov 1994 08:49:37 GMT") << 0;
        QTest::newRow("a date far ahead") << QByteArray("Fri, 06 Nov 2093 08:49:37 GMT") << 3'600;
    }
    void retryAfter()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, seconds);
        const auto read = read_retry_after(text.toStdString());
        QCOMPARE(read ? int(read->count()) : -1, seconds);
    }

    /// With TLS 1.3 this comes after the handshake, as an error of the connection.
    void alertsOfAClientCertificate()
    {
        const char* alert = "error:0A000415:SSL routines::sslv3 alert certificate expired";
        QVERIFY(wants_certificate(alert));
        const auto pem = test::TestCa().issue({}).pem;
        const QSslCertificate own(QByteArray::fromStdString(pem), QSsl::Pem);
        QCOMPARE(tls_error("https://a", {}, alert, own).message,
                 std::string("https://a refused the client certificate as expired, which by this machine's clock it is "
                             "not: check the clocks of both machines."));
        QCOMPARE(tls_error("https://a", {}, "tlsv1 alert certificate revoked", own).message,
                 std::string("https://a refused the client certificate: give one that it accepts."));
        QVERIFY(!wants_certificate("Connection reset by peer"));
    }

    void webPages()
    {
        for (const char* type : {"text/html", "TEXT/HTML; charset=utf-8", "application/xhtml+xml"})
            QVERIFY(is_html(type));
        for (const char* type : {"", "text/plain", "application/json", "html"})
            QVERIFY(!is_html(type));
    }

    void wordsAreShort()
    {
        QCOMPARE(words_of("text/plain", " a \n\t b "), std::string("a b"));
        QCOMPARE(words_of("text/plain", std::string(300, 'a')), std::string(300, 'a'));
        QCOMPARE(words_of("text/plain", std::string(301, 'a')), std::string(300, 'a') + "\u2026");
        QCOMPARE(words_of("text/html", "<TITLE lang=\"en\"> Sign\n in </title>x"), std::string("Sign in"));
        QCOMPARE(words_of("application/json", "{\"status\":\"error\",\"errorType\":\"x\",\"error\":\"not\\nnow\"}"),
                 std::string("not now"));
        QCOMPARE(words_of("application/json", "{\"message\":\"Unauthorized\"}"), std::string("Unauthorized"));
        QCOMPARE(words_of("application/json", "{\"error\":{\"code\":1}}"), std::string("{\"error\":{\"code\":1}}"));
        QCOMPARE(words_of("application/json", "{\"error\":\"cut o"), std::string("{\"error\":\"cut o"));
        QCOMPARE(words_of("text/html", "<title>"), std::string("<title>"));
    }

    void shortenedTextIsValid()
    {
        QCOMPARE(shortened("", 0), std::string());
        QCOMPARE(shortened("ab", 2), std::string("ab"));
        QCOMPARE(shortened("abc", 2), std::string("ab\u2026"));
        QCOMPARE(shortened("a\u00f6b", 2), std::string("a\u2026")); // within the second character
        QCOMPARE(shortened("a\u00f6b", 3), std::string("a\u00f6\u2026"));
        QCOMPARE(shortened("\U0001f600x", 3), std::string("\u2026"));
        QCOMPARE(shortened("\x80\x80\x80", 2), std::string("\u2026")); // no UTF-8 at all
    }

    void seriesAsPromQl()
    {
        QCOMPARE(series_text({}), std::string("{}"));
        QCOMPARE(series_text({{"__name__", "up"}}), std::string("up"));
        QCOMPARE(series_text({{"__name__", "up"}, {"a", "x\"y\n"}, {"b", "\xff"}}),
                 std::string("up{a=\"x\\\"y\\n\", b=\"\ufffd\"}"));
    }

    void seriesAreToldApartByWhatComesFirst()
    {
        std::vector<query::Column> columns;
        for (const char* mode : {"idle", "nice", "user"}) {
            for (const char* cpu : {"0", "1"})
                columns.push_back({.name = {},
                                   .labels = {{"cpu", cpu}, {"instance", "a:1"}, {"job", "node"}, {"mode", mode}},
                                   .values = {}});
        }
        name_series(columns);
        QCOMPARE(columns[0].name, std::string("{mode=\"idle\", cpu=\"0\", instance=\"a:1\", job=\"node\"}"));
        QCOMPARE(columns[5].name, std::string("{mode=\"user\", cpu=\"1\", instance=\"a:1\", job=\"node\"}"));
        columns = {{.name = {}, .labels = {{"__name__", "up"}, {"job", "a"}}, .values = {}},
                   {.name = {}, .labels = {{"__name__", "up"}, {"job", "a"}, {"zone", "z"}}, .values = {}}};
        name_series(columns);
        QCOMPARE(columns[0].name, std::string("up{job=\"a\"}"));
        QCOMPARE(columns[1].name, std::string("up{zone=\"z\", job=\"a\"}"));
    }
};

QTEST_APPLESS_MAIN(TestHttpWords)
#include "tst_http_words.moc"

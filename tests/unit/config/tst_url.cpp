// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/url.h"
#include "unit/config/config_support.h"

#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::test;

class TestUrl : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void good_data();
    void good();
    void bad_data();
    void bad();
    void host_ports();
    void loopback_data();
    void loopback();
};

void TestUrl::good_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<int>("port");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("host_header");
    const auto row = [](const char* text, const char* host, int port, const char* path, const char* header) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(host) << port << QByteArray(path) << QByteArray(header);
    };
    row("http://localhost", "localhost", 80, "", "localhost");
    row("http://localhost/", "localhost", 80, "", "localhost");
    row("https://API.OpenAI.com/v1", "api.openai.com", 443, "/v1", "api.openai.com");
    row("https://h:443/v1///", "h", 443, "/v1", "h");
    row("http://h:443", "h", 443, "", "h:443");
    row("https://h:80", "h", 80, "", "h:80");
    row("HTTP://127.0.0.1:11434", "127.0.0.1", 11434, "", "127.0.0.1:11434");
    row("http://[::1]:8080/a/b", "::1", 8080, "/a/b", "[::1]:8080");
    row("http://[2001:DB8::1]", "2001:db8::1", 80, "", "[2001:db8::1]");
    row("http://[::ffff:1.2.3.4]", "::ffff:1.2.3.4", 80, "", "[::ffff:1.2.3.4]");
    row("http://[1:2:3:4:5:6:7:8]:1", "1:2:3:4:5:6:7:8", 1, "", "[1:2:3:4:5:6:7:8]:1");
    row("http://my_service.internal.:65535/x%20y", "my_service.internal.", 65535, "/x%20y",
        "my_service.internal.:65535");
    row("http://xn--bcher-kva.example/~u/@v;1", "xn--bcher-kva.example", 80, "/~u/@v;1", "xn--bcher-kva.example");
    row("http://1.example", "1.example", 80, "", "1.example");
}

void TestUrl::good()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, host);
    QFETCH(int, port);
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, host_header);
    const auto url = parse_url(text.toStdString());
    QVERIFY2(url, url ? "" : url.error().message.c_str());
    QCOMPARE(bytes(url->host), host);
    QCOMPARE(int(url->port), port);
    QCOMPARE(bytes(url->path), path);
    QCOMPARE(bytes(url->host_header()), host_header);
    QCOMPARE(url->tls, url->scheme == "https");
    const auto again = parse_url(url->to_string());
    QVERIFY(again);
    QVERIFY(*again == *url);
}

void TestUrl::bad_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char* text : {"",
                             "http",
                             "http:",
                             "http:/h",
                             "http://",
                             "http:///v1",
                             "://h",
                             "ftp://h",
                             "file:///etc/passwd",
                             "h:80",
                             "//h/v1",
                             " http://h",
                             "http://h ",
                             "http://h\n",
                             "http://h/\r\nX: y",
                             "http://h\t",
                             "http://\x7f",
                             "http://hö",
                             "http://h/ä",
                             "http://a b/",
                             "http://user@h",
                             "http://u:p@h",
                             "http://@h",
                             "http://h?q",
                             "http://h/v1?q=1",
                             "http://h#f",
                             "http://h/#",
                             "http://h\\v1",
                             "http://h:0",
                             "http://h:",
                             "http://h:/v1",
                             "http://h:65536",
                             "http://h:-1",
                             "http://h:+1",
                             "http://h:8a",
                             "http://h:000080",
                             "http://h:1:2",
                             "http://::1",
                             "http://[::1",
                             "http://[]",
                             "http://[::1]x",
                             "http://[:::]",
                             "http://[1::2::3]",
                             "http://[1:2:3:4:5:6:7]",
                             "http://[1:2:3:4:5:6:7:8:9]",
                             "http://[1:2:3:4:5:6:7::8]",
                             "http://[12345::]",
                             "http://[g::]",
                             "http://[::1.2.3]",
                             "http://[::1.2.3.4:5]",
                             "http://[1.2.3.4::]",
                             "http://[fe80::1%25eth0]",
                             "http://[127.0.0.1]",
                             "http://256.1.1.1",
                             "http://1.2.3",
                             "http://127.1",
                             "http://2130706433",
                             "http://01.2.3.4",
                             "http://1.2.3.4.5",
                             "http://-h",
                             "http://h-",
                             "http://a..b",
                             "http://.h",
                             "http://.",
                             "http://h*",
                             "http://h%41",
                             "http://h/%",
                             "http://h/%4",
                             "http://h/%zz",
                             "http://h/<a>",
                             "http://h/\"",
                             "http://h/{x}",
                             "http://h/^"})
        QTest::newRow(*text ? text : "empty") << QByteArray(text);
    QTest::newRow("NUL") << QByteArray("http://h\0x", 10);
    QTest::newRow("long label") << QByteArray("http://" + QByteArray(64, 'a'));
    QTest::newRow("long name") << QByteArray("http://" + QByteArray("a.").repeated(130) + "b");
}

void TestUrl::bad()
{
    QFETCH(QByteArray, text);
    const auto url = parse_url(text.toStdString());
    QVERIFY2(!url, url ? url->to_string().c_str() : "");
    QCOMPARE(url.error().code, ErrorCode::config);
    QVERIFY(!url.error().message.empty());
    for (const char c : url.error().message)
        QVERIFY(c >= ' ' && c < 0x7F);
}

void TestUrl::host_ports()
{
    const auto v6 = parse_host_port("[::1]:0");
    QVERIFY(v6);
    QCOMPARE(bytes(v6->host), QByteArray("::1"));
    QCOMPARE(int(v6->port), 0);
    QCOMPARE(bytes(v6->to_string()), QByteArray("[::1]:0"));
    const auto name = parse_host_port("Host.example:65535");
    QVERIFY(name);
    QCOMPARE(bytes(name->to_string()), QByteArray("host.example:65535"));
    for (const char* text :
         {"", ":", "h", "h:", ":1", "h:65536", "h:1:2", "::1:2", "[::1]", "h:1/", "u@h:1", "h:1 ", "*:1"})
        QVERIFY2(!parse_host_port(text), text);
}

void TestUrl::loopback_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<bool>("expected");
    for (const char* host : {"localhost", "LOCALHOST", "127.0.0.1", "127.255.0.3", "::1", "0:0:0:0:0:0:0:1", "0::01",
                             "::ffff:127.0.0.1", "::FFFF:7f00:1"})
        QTest::newRow(host) << QByteArray(host) << true;
    for (const char* host : {"", "0.0.0.0", "::", "128.0.0.1", "1.127.0.0", "localhost.example", "127.0.0.1.example",
                             "::2", "1::1", "::127.0.0.1", "::ffff:128.0.0.1", "::fffe:127.0.0.1", "[::1]", "example"})
        QTest::newRow(*host ? host : "empty") << QByteArray(host) << false;
}

void TestUrl::loopback()
{
    QFETCH(QByteArray, host);
    QFETCH(bool, expected);
    QCOMPARE(is_loopback_host(host.toStdString()), expected);
}

QTEST_APPLESS_MAIN(TestUrl)
#include "tst_url.moc"

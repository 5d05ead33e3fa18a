// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "unit/net/echo_server.h"
#include "unit/net/loop_server.h"
#include "unit/net/test_client.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace tokenscope;
using namespace tokenscope::test;

namespace {

/// Whatever the name, it is this machine.
net::Resolved to_loopback(const std::string&)
{
    return {.addresses = {asio::ip::address_v4::loopback()}, .error = {}};
}

asio::ssl::context trusting(const TestCa& ca)
{
    auto context = net::make_client_tls();
    SSL_CTX_set_cert_store(context.native_handle(), X509_STORE_new()); // not the one that all contexts share
    context.add_certificate_authority(asio::buffer(ca.pem()));
    return context;
}

net::ProxyRules proxied(const std::string& url)
{
    return net::ProxyRules::from_environment(
        [&](const std::string& name) { return name == "all_proxy" ? std::optional<std::string>(url) : std::nullopt; });
}

net::HttpClientOptions local_names()
{
    net::HttpClientOptions options;
    options.lookup = to_loopback;
    return options;
}

/// Through a proxy no name is looked up here.
net::HttpClientOptions behind(const std::string& proxy)
{
    net::HttpClientOptions options;
    options.lookup = [](const std::string& host) {
        return net::Resolved{.addresses = {}, .error = "asked for " + host};
    };
    options.proxies = proxied(proxy);
    return options;
}

std::string https(const std::string& host, const LoopServer& server)
{
    return "https://" + host + ":" + std::to_string(server.port());
}

QByteArray text_of(const Result<std::string>& answer)
{
    return QByteArray::fromStdString(answer ? *answer : answer.error().message + " | " + answer.error().detail);
}

} // namespace

class TstTls : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void certificates_data()
    {
        QTest::addColumn<QByteArray>("names");
        QTest::addColumn<int>("from");
        QTest::addColumn<int>("to");
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<QByteArray>("expected"); // a part of the message; "hello": trusted
        const auto row = [](const char* name, QByteArray names, int from, int to, QByteArray host,
                            QByteArray expected) { QTest::newRow(name) << names << from << to << host << expected; };
        const int hour = 3'600;
        row("good", "DNS:api.example", -hour, hour, "api.example", "hello");
        row("good, of several names", "DNS:other,DNS:api.example", -hour, hour, "api.example", "hello");
        row("absolute name", "DNS:api.example", -hour, hour, "api.example.", "hello");
        row("wildcard", "DNS:*.b.example", -hour, hour, "api.b.example", "hello");
        row("wildcard of one level only", "DNS:*.b.example", -hour, hour, "a.c.b.example", "made out to another name");
        row("partial wildcard", "DNS:a*.b.example", -hour, hour, "api.b.example", "made out to another name");
        row("address", "IP:127.0.0.1", -hour, hour, "127.0.0.1", "hello");
        row("address as a name", "DNS:127.0.0.1", -hour, hour, "127.0.0.1", "made out to another name");
        row("wrong host", "DNS:other.example", -hour, hour, "api.example", "made out to another name");
        row("wrong address", "IP:127.0.0.2", -hour, hour, "127.0.0.1", "made out to another name");
        row("suffix is not the name", "DNS:example", -hour, hour, "api.example", "made out to another name");
        row("expired", "DNS:api.example", -2 * hour, -hour, "api.example", "has expired");
        row("not yet valid", "DNS:api.example", hour, 2 * hour, "api.example", "not valid yet");
    }

    void certificates()
    {
        QFETCH(QByteArray, names);
        QFETCH(int, from);
        QFETCH(int, to);
        QFETCH(QByteArray, host);
        QFETCH(QByteArray, expected);
        const TlsServer server(m_ca.issue({.names = names.toStdString(), .not_before = from, .not_after = to}));
        Client client(local_names(), trusting(m_ca));
        const auto answer = client.ask(https(host.toStdString(), server));
        QVERIFY2(text_of(answer).contains(expected), text_of(answer).constData());
        QCOMPARE(answer.has_value(), expected == "hello");
        if (answer)
            return;
        QCOMPARE(int(answer.error().code), int(ErrorCode::upstream_tls));
        QVERIFY(answer.error().message.find(host.toStdString()) != std::string::npos);
        QVERIFY(server.heads().empty());
    }

    void unknown_authorities_are_not_trusted()
    {
        const CertificateText text{.names = "DNS:api.example"};
        for (const auto& certificate : {m_ca.issue(text), TestCa::self_signed(text)}) {
            const TlsServer server(certificate);
            Client client(local_names());
            const auto answer = client.ask(https("api.example", server));
            QVERIFY(!answer && answer.error().code == ErrorCode::upstream_tls);
            QVERIFY2(text_of(answer).contains("SSL_CERT_FILE"), text_of(answer).constData());
            QCOMPARE(client.http.stats().open, std::size_t(0));
        }
    }

    void ssl_cert_file_adds_an_authority()
    {
        const QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("ca.pem")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(m_ca.pem()));
        file.close();
        qputenv("SSL_CERT_FILE", file.fileName().toUtf8());
        Client client(local_names());
        qunsetenv("SSL_CERT_FILE");
        const TlsServer server(m_ca.issue({.names = "DNS:api.example"}));
        QCOMPARE(text_of(client.ask(https("api.example", server))), QByteArray("hello"));
    }

    void connections_are_reused()
    {
        const TlsServer server(m_ca.issue({.names = "DNS:api.example"}));
        Client client(local_names(), trusting(m_ca));
        for (int i = 0; i < 4; ++i)
            QCOMPARE(text_of(client.ask(https("api.example", server))), QByteArray("hello"));
        QCOMPARE(server.connections(), 1);
        QCOMPARE(client.http.stats().reused, std::uint64_t(3));
    }

    void servers_without_tls_are_named_as_such()
    {
        EchoServer plain;
        Client client(local_names(), trusting(m_ca));
        const auto answer = client.ask("https://api.example:" + std::to_string(plain.port()));
        QVERIFY(!answer && answer.error().code == ErrorCode::upstream_tls);
        QVERIFY2(text_of(answer).contains("does not speak TLS"), text_of(answer).constData());
    }

    void tunnels_through_a_proxy()
    {
        const TlsServer server(m_ca.issue({.names = "DNS:api.example"}));
        const TunnelProxy proxy("HTTP/1.1 200 Connection established\r\nContent-Length: 99\r\n\r\n", server.port());
        const auto url = "http://user:s3cret@127.0.0.1:" + std::to_string(proxy.port());
        Client client(behind(url), trusting(m_ca));
        QCOMPARE(text_of(client.ask("https://api.example")), QByteArray("hello"));
        QCOMPARE(text_of(client.ask("https://api.example")), QByteArray("hello"));
        QCOMPARE(proxy.connections(), 1);
        const auto heads = proxy.heads();
        QCOMPARE(heads.size(), std::size_t(1));
        QCOMPARE(QByteArray::fromStdString(heads.front()),
                 QByteArray("CONNECT api.example:443 HTTP/1.1\r\nHost: api.example:443\r\n"
                            "Proxy-Authorization: Basic dXNlcjpzM2NyZXQ=\r\n\r\n"));
        // Inside the tunnel nothing tells of the proxy.
        QVERIFY(server.heads().front().starts_with("POST /x HTTP/1.1\r\nHost: api.example\r\n"));
        QVERIFY(server.heads().front().find("Proxy") == std::string::npos);
    }

    void certificates_count_in_a_tunnel_too()
    {
        const TlsServer server(m_ca.issue({.names = "DNS:other.example"}));
        const TunnelProxy proxy("HTTP/1.1 200 OK\r\n\r\n", server.port());
        Client client(behind(proxy.url()), trusting(m_ca));
        const auto answer = client.ask("https://api.example");
        QVERIFY(!answer && answer.error().code == ErrorCode::upstream_tls);
        QVERIFY2(text_of(answer).contains(QByteArray::fromStdString(proxy.url())), text_of(answer).constData());
    }

    void refused_tunnels_say_so_data()
    {
        QTest::addColumn<QByteArray>("reply");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("407") << QByteArray(
            "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n")
                             << QByteArray("user name and password");
        QTest::newRow("403") << QByteArray("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno")
                             << QByteArray("403 Forbidden");
        QTest::newRow("502") << QByteArray("HTTP/1.1 502 Bad Gateway\r\n\r\n") << QByteArray("502 Bad Gateway");
        QTest::newRow("redirect") << QByteArray("HTTP/1.1 302 Found\r\nLocation: http://evil\r\n\r\n")
                                  << QByteArray("302");
        QTest::newRow("no HTTP") << QByteArray("220 mail.example ESMTP\r\n\r\n") << QByteArray("not HTTP");
        QTest::newRow("cut") << QByteArray("HTTP/1.1 200 OK\r\n") << QByteArray("opened no tunnel");
        QTest::newRow("nothing") << QByteArray() << QByteArray("opened no tunnel");
        QTest::newRow("bytes of its own")
            << QByteArray("HTTP/1.1 200 OK\r\n\r\nhello") << QByteArray("something of its own");
        QTest::newRow("endless") << QByteArray("HTTP/1.1 200 OK\r\nX: " + QByteArray(100'000, 'y'))
                                 << QByteArray("opened no tunnel");
        QTest::newRow("endless fields") << QByteArray("HTTP/1.1 200 OK\r\n" + QByteArray("X: y\r\n").repeated(20'000))
                                        << QByteArray("opened no tunnel");
    }

    void refused_tunnels_say_so()
    {
        QFETCH(QByteArray, reply);
        QFETCH(QByteArray, expected);
        const TunnelProxy proxy(reply.toStdString(), 0);
        const auto url = "http://user:s3cret@127.0.0.1:" + std::to_string(proxy.port());
        Client client(behind(url), trusting(m_ca));
        client.connect_timeout = std::chrono::milliseconds(2'000);
        const auto answer = client.ask("https://api.example");
        QVERIFY(!answer);
        QVERIFY2(answer.error().code == ErrorCode::upstream_unreachable, text_of(answer).constData());
        QVERIFY2(text_of(answer).contains(expected), text_of(answer).constData());
        QVERIFY(text_of(answer).contains(QByteArray::fromStdString(proxy.url())));
        QVERIFY(!text_of(answer).contains("s3cret") && !text_of(answer).contains("dXNlcjpzM2NyZXQ="));
        QCOMPARE(client.http.stats().open, std::size_t(0));
    }

    void plain_requests_ask_the_proxy_for_the_whole_url()
    {
        const auto proxy = always({FakeUpstream::reply(200, "text/plain", "hello")});
        Client client(behind("http://user:s3cret@127.0.0.1:" + std::to_string(proxy.port())));
        QCOMPARE(text_of(client.ask("http://api.example")), QByteArray("hello"));
        QCOMPARE(text_of(client.ask("http://api.example:8080")), QByteArray("hello"));
        QCOMPARE(proxy.requests().value(0).target, QByteArray("http://api.example/x"));
        QCOMPARE(proxy.requests().value(0).header("host"), QByteArray("api.example"));
        QCOMPARE(proxy.requests().value(0).header("proxy-authorization"), QByteArray("Basic dXNlcjpzM2NyZXQ="));
        QCOMPARE(proxy.requests().value(1).target, QByteArray("http://api.example:8080/x"));
        // Each origin has connections of its own, also to the same proxy.
        QCOMPARE(proxy.connections(), 2);
    }

    void a_plain_proxy_that_wants_credentials_is_an_error()
    {
        const auto proxy = always({FakeUpstream::reply(407, "text/html", "<h1>Log in</h1>")});
        Client client(behind(proxy.url().toStdString()));
        const auto answer = client.ask("http://api.example");
        QVERIFY(!answer && answer.error().code == ErrorCode::upstream_unreachable);
        QVERIFY(text_of(answer).contains("user name and password"));
    }

    void a_proxy_that_is_not_there_is_named()
    {
        std::uint16_t port = 0;
        {
            const auto gone = always({});
            port = gone.port();
        }
        const auto place = "127.0.0.1:" + std::to_string(port);
        for (const char* url : {"http://api.example", "https://api.example"}) {
            Client client(behind("http://user:s3cret@" + place));
            const auto answer = client.ask(url);
            QVERIFY(!answer && answer.error().code == ErrorCode::upstream_unreachable);
            QVERIFY2(text_of(answer).contains(QByteArray("proxy http://" + QByteArray::fromStdString(place))),
                     text_of(answer).constData());
            QVERIFY(text_of(answer).contains("refused") && !text_of(answer).contains("s3cret"));
        }
    }

private:
    const TestCa m_ca;
};

QTEST_GUILESS_MAIN(TstTls)
#include "tst_tls.moc"

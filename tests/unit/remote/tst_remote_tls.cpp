// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/http_client.h"
#include "unit/remote/scripted_source.h"
#include "unit/remote/strict_server.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>

#include <sys/stat.h>

using namespace tokenscope;
using namespace tokenscope::remote;
using tokenscope::test::Awaited;
using tokenscope::test::Certificate;
using tokenscope::test::ScriptedSource;
using tokenscope::test::TestCa;
using tokenscope::test::variables;

/// What a user is told of every way in which TLS can fail, word by word; SERVER stands for the origin.
class TestRemoteTls : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tells_data()
    {
        QTest::addColumn<QString>("certificate");
        QTest::addColumn<QString>("client");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, const char* certificate, const char* client, const char* message) {
            QTest::newRow(name) << QString::fromLatin1(certificate) << QString::fromLatin1(client)
                                << QString::fromLatin1(message);
        };
        row("own CA, given", "good", "ca", "");
        row("own CA, not given", "good", "",
            "The certificate of SERVER is signed by a CA that this machine does not know: give its certificate as CA "
            "file.");
        row("another CA given", "good", "other-ca",
            "The certificate of SERVER is signed by a CA that this machine does not know: give its certificate as CA "
            "file.");
        row("wrong host", "other host", "ca",
            "The certificate of SERVER is for a.example, b.example: use one of its names in the URL.");
        row("expired", "expired", "ca", "The certificate of SERVER expired on DATE UTC: renew it on the server.");
        row("not yet valid", "future", "ca",
            "The certificate of SERVER is valid only from DATE UTC on: check the clocks of both machines.");
        row("self-signed", "self-signed", "",
            "The certificate of SERVER is signed by itself: give that certificate as CA file if you trust it.");
        row("client certificate missing", "wants client", "ca",
            "SERVER closed the connection without an answer: it may want a client certificate; give one and its key in "
            "the "
            "connection.");
        row("client certificate", "wants client", "ca client", "");
        row("client certificate and key in one file", "wants client", "ca client-together", "");
        row("client certificate of another CA", "wants client", "ca foreign-client",
            "SERVER closed the connection without an answer: it may not accept the client certificate.");
        row("expired client certificate", "wants client", "ca expired-client",
            "SERVER closed the connection without an answer: the client certificate expired on DATE UTC; give one that "
            "is "
            "valid now.");
        row("no TLS there", "plain", "", "SERVER does not speak TLS: try http:// in place of https://.");
        row("CA file missing", "good", "missing-ca",
            "The CA file 'DIR/none.pem' cannot be read: check its path and permissions.");
        row("CA file without certificate", "good", "empty-ca",
            "The CA file 'DIR/empty.pem' has no certificate: give a file in PEM format.");
        row("CA file a pipe", "good", "pipe-ca",
            "The CA file 'DIR/pipe.pem' cannot be read: check its path and permissions.");
        row("key of another certificate", "wants client", "ca foreign-key",
            "The key in 'DIR/foreign-key.pem' does not belong to the certificate in 'DIR/client.pem': give that "
            "certificate's own key.");
        row("key of another certificate, for a server that wants none", "good", "ca foreign-key",
            "The key in 'DIR/foreign-key.pem' does not belong to the certificate in 'DIR/client.pem': give that "
            "certificate's own key.");
        row("no key", "wants client", "ca keyless",
            "The key file 'DIR/client.pem' has no private key: give a file in PEM format.");
    }

    /// Servers that say why they take no certificate. Each has another moment for it: with TLS 1.3 the handshake is over.
    void tellsWhatTheServerSays_data()
    {
        QTest::addColumn<int>("version");
        QTest::addColumn<QString>("client");
        QTest::addColumn<QString>("message");
        for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
            const auto row = [version](const char* name, const char* client, const char* message) {
                QTest::addRow("%s, TLS 1.%d", name, version == TLS1_2_VERSION ? 2 : 3)
                    << version << QString::fromLatin1(client) << QString::fromLatin1(message);
            };
            row("good", "ca client", "");
            row("none", "ca", "SERVER wants a client certificate: give one and its key in the connection.");
            row("expired", "ca expired-client",
                "SERVER refused the client certificate, which expired on DATE UTC: give one that is valid now.");
            row("not yet valid", "ca future-client",
                "SERVER refused the client certificate, which is valid only from DATE UTC on: give one that is valid "
                "now.");
            row("of another CA", "ca foreign-client",
                "SERVER refused the client certificate: give one that it accepts.");
        }
    }
    void tellsWhatTheServerSays()
    {
        QFETCH(int, version);
        QFETCH(QString, client);
        QFETCH(QString, message);
        const test::StrictServer server(m_ca.issue({.names = "IP:127.0.0.1"}), m_ca.pem(), version);
        sources::Connection connection{.name = "test", .url = server.url()};
        equip(connection, client);
        const auto result = ask(connection);
        QCOMPARE(said(result, connection), message);
        QCOMPARE(server.answered(), message.isEmpty() ? 1 : 0);
        if (!result) {
            QCOMPARE(result.error().code, ErrorCode::upstream_tls);
            QVERIFY(!result.error().detail.empty());
        }
    }

    void tells()
    {
        QFETCH(QString, certificate);
        QFETCH(QString, client);
        QFETCH(QString, message);
        auto text = server_text(certificate);
        const auto pair = certificate == QLatin1String("self-signed") ? TestCa::self_signed(text) : m_ca.issue(text);
        const bool wants_client = certificate == QLatin1String("wants client");
        std::optional<QSslConfiguration> tls;
        if (certificate != QLatin1String("plain"))
            tls = ScriptedSource::tls(pair, wants_client ? m_ca.pem() : std::string());
        ScriptedSource server([](const auto&) { return ScriptedSource::json("{}"); }, tls);

        sources::Connection connection{.name = "test", .url = server.url()};
        connection.url.replace(0, connection.url.find(':'), "https");
        connection.auth = sources::AuthKind::bearer;
        connection.secret = "do-not-tell";
        equip(connection, client);
        const auto result = ask(connection);
        QCOMPARE(said(result, connection), message);
        if (!result && result.error().code != ErrorCode::config) {
            QCOMPARE(result.error().code, ErrorCode::upstream_tls);
            QVERIFY(!result.error().detail.empty());
            QVERIFY(certificate == QLatin1String("plain") || server.requests().isEmpty());
        }
        // A page asks many questions at once, and Qt tells the errors of a connection to one of those who wait for it.
        for (const auto& each : askAtOnce(connection, 12))
            QCOMPARE(said(each, connection), message);
    }

private:
    Result<HttpReply> ask(const sources::Connection& connection)
    {
        HttpClient http(m_thread, connection, variables());
        Awaited<HttpReply> reply;
        http.fetch({.path = "/q"}, {}, reply.callback());
        auto result = reply.get();
        if (!result)
            qInfo("%s", result.error().detail.c_str());
        return result;
    }

    std::vector<Result<HttpReply>> askAtOnce(const sources::Connection& connection, std::size_t count)
    {
        HttpClient http(m_thread, connection, variables());
        std::vector<Awaited<HttpReply>> replies(count);
        for (auto& reply : replies)
            http.fetch({.path = "/q"}, {}, reply.callback());
        std::vector<Result<HttpReply>> results;
        for (auto& reply : replies)
            results.push_back(reply.get());
        return results;
    }

    QString said(const Result<HttpReply>& result, const sources::Connection& connection) const
    {
        auto words = QString::fromStdString(result ? std::string() : result.error().message);
        words.replace(QString::fromStdString(connection.url), QStringLiteral("SERVER"));
        words.replace(m_directory.path(), QStringLiteral("DIR"));
        return words.replace(QRegularExpression(QStringLiteral("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d")),
                             QStringLiteral("DATE"));
    }

    static test::CertificateText server_text(const QString& certificate)
    {
        test::CertificateText text{.names = "IP:127.0.0.1"};
        if (certificate == QLatin1String("other host"))
            text.names = "DNS:b.example,DNS:a.example";
        if (certificate == QLatin1String("expired"))
            text = {.names = text.names, .not_before = -7'200, .not_after = -3'600};
        if (certificate == QLatin1String("future"))
            text = {.names = text.names, .not_before = 3'600, .not_after = 7'200};
        return text;
    }

    std::string write(const char* name, const std::string& text)
    {
        QFile file(m_directory.filePath(QString::fromLatin1(name)));
        if (!file.open(QIODevice::WriteOnly))
            qFatal("Cannot write.");
        file.write(QByteArray::fromStdString(text));
        return file.fileName().toStdString();
    }

    void equip(sources::Connection& connection, const QString& client)
    {
        const auto words = client.split(QLatin1Char(' '));
        const auto has = [&](const char* word) { return words.contains(QString::fromLatin1(word)); };
        if (has("ca"))
            connection.ca_file = write("ca.pem", m_ca.pem());
        if (has("other-ca"))
            connection.ca_file = write("other-ca.pem", TestCa().pem());
        if (has("missing-ca"))
            connection.ca_file = m_directory.filePath(QStringLiteral("none.pem")).toStdString();
        if (has("empty-ca"))
            connection.ca_file = write("empty.pem", "nothing");
        const auto pair = has("foreign-client")   ? TestCa().issue({})
                          : has("expired-client") ? m_ca.issue({.not_before = -7'200, .not_after = -3'600})
                          : has("future-client")  ? m_ca.issue({.not_before = 3'600, .not_after = 7'200})
                                                  : m_ca.issue({});
        if (has("client") || has("foreign-client") || has("expired-client") || has("future-client")) {
            connection.certificate_file = write("client.pem", pair.pem);
            connection.key_file = write("key.pem", pair.key_pem);
        }
        if (has("client-together"))
            connection.certificate_file = write("together.pem", pair.pem + pair.key_pem);
        if (has("keyless") || has("foreign-key"))
            connection.certificate_file = write("client.pem", pair.pem);
        if (has("foreign-key"))
            connection.key_file = write("foreign-key.pem", m_ca.issue({}).key_pem);
        if (has("pipe-ca")) {
            connection.ca_file = m_directory.filePath(QStringLiteral("pipe.pem")).toStdString();
            ::mkfifo(connection.ca_file.c_str(), 0600);
        }
    }

    TestCa m_ca;
    QTemporaryDir m_directory;
    std::shared_ptr<SourceThread> m_thread = std::make_shared<SourceThread>();
};

QTEST_GUILESS_MAIN(TestRemoteTls)
#include "tst_remote_tls.moc"

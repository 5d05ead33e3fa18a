// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/head_watch.h"
#include "remote/http_client.h"
#include "unit/remote/scripted_source.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <memory>
#include <thread>

using namespace tokenscope;
using namespace tokenscope::remote;
using tokenscope::test::Awaited;
using tokenscope::test::ScriptedSource;
using tokenscope::test::variables;
using namespace std::chrono_literals;

namespace {

/// Answers the first request with `head`, and then with `piece` again and again, as fast as it is taken, until it is destroyed.
class EndlessServer {
public:
    EndlessServer(std::string head, std::string piece) : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        auto* const any = reinterpret_cast<sockaddr*>(&address);
        if (::bind(m_socket, any, length) != 0 || ::listen(m_socket, 1) != 0
            || ::getsockname(m_socket, any, &length) != 0)
            qFatal("Cannot listen.");
        m_port = ntohs(address.sin_port);
        m_thread = std::jthread([this, head = std::move(head), piece = std::move(piece)](const std::stop_token& stop) {
            const int client = ::accept(m_socket, nullptr, nullptr);
            if (client < 0)
                return;
            const timeval patience{.tv_sec = 0, .tv_usec = 50'000};
            ::setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
            std::string text;
            for (int i = 0; i < 1'000; ++i)
                text += piece;
            char request[4'096];
            m_sending = ::recv(client, request, sizeof request, 0) > 0 && send(client, head);
            while (m_sending && !stop.stop_requested())
                m_sending = send(client, text);
            m_sending = false;
            ::close(client);
        });
    }
    ~EndlessServer()
    {
        m_thread.request_stop();
        ::shutdown(m_socket, SHUT_RDWR);
        m_thread.join();
        ::close(m_socket);
    }
    EndlessServer(const EndlessServer&) = delete;
    EndlessServer& operator=(const EndlessServer&) = delete;

    std::string url() const { return "http://127.0.0.1:" + std::to_string(m_port); }
    bool sending() const { return m_sending; }

private:
    /// False once the other side is gone; that it takes nothing for a while is no matter.
    static bool send(int client, const std::string& text)
    {
        return ::send(client, text.data(), text.size(), MSG_NOSIGNAL) > 0 || errno == EAGAIN || errno == EWOULDBLOCK;
    }

    int m_socket;
    int m_port = 0;
    std::atomic<bool> m_sending = false;
    std::jthread m_thread;
};

} // namespace

/// A server that begins its answer and never comes to the end of its head.
class TestEndlessHead : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isGivenUpAndKeepsNobodyUp_data()
    {
        QTest::addColumn<QByteArray>("head");
        QTest::addColumn<QByteArray>("piece");
        QTest::newRow("status line") << QByteArray("HTTP/1.1 200 ") << QByteArray("aaaaaaaa");
        QTest::newRow("one header") << QByteArray("HTTP/1.1 200 OK\r\nX: ") << QByteArray("aaaaaaaa");
        QTest::newRow("many headers") << QByteArray("HTTP/1.1 200 OK\r\n") << QByteArray("A: b\r\n");
    }

    void isGivenUpAndKeepsNobodyUp()
    {
        QFETCH(QByteArray, head);
        QFETCH(QByteArray, piece);
        auto endless = std::make_unique<EndlessServer>(head.toStdString(), piece.toStdString());
        ScriptedSource good([](const auto&) { return ScriptedSource::json("{}"); });
        const auto thread = std::make_shared<SourceThread>();
        auto client = std::make_unique<HttpClient>(
            thread, sources::Connection{.name = "endless", .url = endless->url(), .timeout = 500ms}, variables());
        HttpClient other(thread, {.name = "good", .url = good.url()}, variables());

        Awaited<HttpReply> reply;
        client->fetch({.path = "/q"}, {}, reply.callback());
        const auto failed = reply.get();
        QVERIFY(!failed);
        // Which of the two depends on how fast it sends.
        const auto message = QByteArray::fromStdString(failed.error().message);
        const auto url = QByteArray::fromStdString(endless->url());
        if (failed.error().code == ErrorCode::upstream_timeout)
            QVERIFY2(message.contains(" did not answer within 0.5 s: "), message);
        else
            QCOMPARE(message, url
                                  + QByteArray(" sends headers without an end: correct the URL, and look into the "
                                               "server, or the proxy before it."));

        // The connection is closed while the server goes on, and nothing waits for it.
        QTRY_VERIFY_WITH_TIMEOUT(!endless->sending(), 5'000);
        Awaited<HttpReply> answer;
        other.fetch({.path = "/q"}, {}, answer.callback());
        QVERIFY(answer.get());
    }

    void isGivenUpLongBeforeTheTimeOut()
    {
        EndlessServer endless("HTTP/1.1 200 OK\r\n", "X-A: " + std::string(1'000, 'y') + "\r\n");
        HttpClient client(std::make_shared<SourceThread>(), {.name = "endless", .url = endless.url(), .timeout = 60s},
                          variables());
        Awaited<HttpReply> reply;
        client.fetch({.path = "/q"}, {}, reply.callback());
        const auto failed = reply.get();
        QVERIFY(!failed);
        QCOMPARE(failed.error().code, ErrorCode::upstream_bad_reply);
        QTRY_VERIFY_WITH_TIMEOUT(!endless.sending(), 5'000);
    }

    /// What a body receives is not taken for the head of another answer that is waited for.
    void aBodyIsNoHead()
    {
        EndlessServer body("HTTP/1.1 200 OK\r\n\r\n", "0123456789");
        const auto thread = std::make_shared<SourceThread>();
        HttpClient reading(thread, {.name = "body", .url = body.url(), .timeout = 60s}, variables());
        std::atomic<std::size_t> read = 0;
        CancelSource enough;
        reading.stream({.path = "/q"}, enough.token(),
                       {.read =
                            [&](const HttpHead&, BodyPipe& pipe) {
                                for (auto bytes = pipe.next(); !bytes.empty(); bytes = pipe.next())
                                    read += bytes.size();
                            },
                        .fail = [](const Error&) {}});
        QTRY_VERIFY_WITH_TIMEOUT(read > 0, 10'000);
        bool endless = false;
        HeadWatch watch([&] { endless = true; });
        watch.start(QUrl(QString::fromStdString(body.url())).port());
        QTest::qWait(1'000); // several of its looks
        QTRY_VERIFY_WITH_TIMEOUT(read > (std::size_t{32} << 20), 30'000);
        QVERIFY(!endless);
        enough.cancel();
    }
};

QTEST_GUILESS_MAIN(TestEndlessHead)
#include "tst_endless_head.moc"

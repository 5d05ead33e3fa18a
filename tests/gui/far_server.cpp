// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "far_server.h"

#include <QTimer>
#include <QUrlQuery>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

namespace tokenscope::test {

namespace {

constexpr qsizetype largeReply = 20 << 20;
constexpr qsizetype piece = 256 << 10;

QByteArray http(const QByteArray& type, const QByteArray& body)
{
    return "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: " + QByteArray::number(body.size())
           + "\r\n\r\n" + body;
}

} // namespace

FarServer::FarServer(double value, Manner manner) : m_value(value), m_manner(manner)
{
    m_context.moveToThread(&m_thread);
    m_thread.start();
    start();
}

FarServer::~FarServer()
{
    stop();
    m_thread.quit();
    m_thread.wait();
}

template <typename Work>
void FarServer::run(Work work)
{
    QMetaObject::invokeMethod(&m_context, std::move(work), Qt::BlockingQueuedConnection);
}

void FarServer::start()
{
    run([this] {
        m_server = std::make_unique<QTcpServer>();
        QObject::connect(m_server.get(), &QTcpServer::newConnection, &m_context, [this] { accept(); });
        if (!m_server->listen(QHostAddress::LocalHost, m_port))
            qFatal("no free port");
        m_port = m_server->serverPort();
    });
}

void FarServer::stop()
{
    run([this] {
        if (!m_server)
            return;
        for (auto* socket : m_server->findChildren<QTcpSocket*>()) {
            socket->disconnect(&m_context);
            socket->abort();
        }
        m_received.clear();
        m_server.reset();
    });
}

void FarServer::accept()
{
    while (auto* socket = m_server->nextPendingConnection()) {
        QObject::connect(socket, &QTcpSocket::readyRead, &m_context, [this, socket] { read(socket); });
        QObject::connect(socket, &QTcpSocket::disconnected, &m_context, [this, socket] {
            m_received.erase(socket);
            socket->deleteLater();
        });
    }
}

void FarServer::read(QTcpSocket* socket)
{
    auto& received = m_received[socket];
    received += socket->readAll();
    const auto end = received.indexOf("\r\n\r\n");
    if (end < 0)
        return;
    qsizetype length = 0;
    for (const auto& line : received.left(end).split('\n')) {
        if (line.toLower().startsWith("content-length:"))
            length = line.mid(15).trimmed().toLongLong();
    }
    if (received.size() < end + 4 + length)
        return;
    const auto form = received.mid(end + 4, length);
    const auto path = received.split(' ').value(1).split('?').value(0);
    received.remove(0, end + 4 + length);
    ++m_asked;
    if (m_manner != Manner::silent)
        send(socket, answer(path, form));
}

QByteArray FarServer::answer(const QByteArray& path, const QByteArray& form) const
{
    const QByteArray json("application/json");
    if (path == "/metrics")
        return http("text/plain; version=0.0.4",
                    "# TYPE load gauge\nload{pod=\"a\"} " + QByteArray::number(m_value) + '\n');
    if (path.endsWith("/query_range"))
        return http(json, range(form));
    if (path.endsWith("/query"))
        return http(json, instant(form));
    if (path.endsWith("/__name__/values"))
        return http(json, R"({"status":"success","data":["load"]})");
    if (path.endsWith("/metadata"))
        return http(json, R"({"status":"success","data":{}})");
    if (path.endsWith("/targets"))
        return http(json, R"({"status":"success","data":{"activeTargets":[]}})");
    if (path.endsWith("/rules"))
        return http(json, R"({"status":"success","data":{"groups":[]}})");
    return http(json, R"({"status":"success","data":[]})");
}

QByteArray FarServer::instant(const QByteArray& form) const
{
    const auto time = QUrlQuery(QString::fromLatin1(form)).queryItemValue(QStringLiteral("time")).toLatin1();
    return R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{"pod":"pod-0"},"value":[)" + time
           + ",\"" + QByteArray::number(m_value) + "\"]}]}}";
}

QByteArray FarServer::range(const QByteArray& form) const
{
    const QUrlQuery query(QString::fromLatin1(form));
    const auto number = [&query](const char* name) { return query.queryItemValue(QLatin1StringView(name)).toDouble(); };
    const auto step = std::max(0.001, number("step"));
    QByteArray values;
    for (int i = 0; number("start") + i * step <= number("end") + 1e-6; ++i)
        values +=
            '[' + QByteArray::number(number("start") + i * step, 'f', 3) + ",\"" + QByteArray::number(m_value) + "\"],";
    values.chop(1);
    const auto count =
        m_manner == Manner::trickles ? std::max<qsizetype>(1, largeReply / std::max<qsizetype>(1, values.size())) : 1;
    QByteArray body(R"({"status":"success","data":{"resultType":"matrix","result":[)");
    for (qsizetype i = 0; i < count; ++i)
        body += QByteArray(i > 0 ? "," : "") + "{\"metric\":{\"pod\":\"pod-" + QByteArray::number(i)
                + "\"},\"values\":[" + values + "]}";
    return body + "]}}";
}

void FarServer::send(QTcpSocket* socket, const QByteArray& reply)
{
    if (m_manner != Manner::trickles) {
        socket->write(reply);
        return;
    }
    auto* timer = new QTimer(socket);
    QObject::connect(timer, &QTimer::timeout, socket, [socket, timer, reply, at = qsizetype{0}]() mutable {
        if (socket->bytesToWrite() > piece)
            return;
        socket->write(reply.mid(at, piece));
        at += piece;
        if (at >= reply.size())
            timer->deleteLater();
    });
    timer->start(2);
}

BlackHole::BlackHole()
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* place = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    m_sockets.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::bind(m_sockets[0], place, size) != 0 || ::listen(m_sockets[0], 0) != 0
        || ::getsockname(m_sockets[0], place, &size) != 0)
        qFatal("no free port");
    m_port = ntohs(address.sin_port);
    // Nobody accepts: when the queue is full, the system drops what else comes.
    for (int i = 0; i < 8; ++i) {
        m_sockets.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        [[maybe_unused]] const auto pending = ::connect(m_sockets.back(), place, size);
    }
}

BlackHole::~BlackHole()
{
    for (const auto socket : m_sockets)
        ::close(socket);
}

} // namespace tokenscope::test

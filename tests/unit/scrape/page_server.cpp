// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "unit/scrape/page_server.h"

#include <algorithm>
#include <utility>

namespace tokenscope::test {

PageServer::PageServer(Handler handler) : m_handler(std::move(handler))
{
    connect(&m_server, &QTcpServer::newConnection, this, &PageServer::accept);
    if (!m_server.listen(QHostAddress::LocalHost))
        qFatal("no free port");
    m_port = m_server.serverPort();
}

PageServer::~PageServer()
{
    stop();
}

void PageServer::stop()
{
    m_server.close();
    for (auto* socket : m_server.findChildren<QTcpSocket*>()) {
        socket->disconnect(this);
        socket->abort();
        socket->deleteLater();
    }
    m_received.clear();
    m_busy = 0;
}

void PageServer::restart()
{
    if (!m_server.listen(QHostAddress::LocalHost, m_port))
        qFatal("the port is taken");
}

QByteArray PageServer::url(const QByteArray& path) const
{
    return "http://127.0.0.1:" + QByteArray::number(m_port) + path;
}

PageServer::Handler PageServer::page(const QByteArray& body, const QByteArray& type, const QByteArray& more)
{
    return [body, type, more](QTcpSocket& socket, const QByteArray&) { reply(socket, "200 OK", type, body, more); };
}

void PageServer::reply(QTcpSocket& socket, const QByteArray& status, const QByteArray& type, const QByteArray& body,
                       const QByteArray& more)
{
    socket.write("HTTP/1.1 " + status + "\r\nContent-Type: " + type + "\r\nContent-Length: "
                 + QByteArray::number(body.size()) + "\r\nConnection: close\r\n" + more + "\r\n" + body);
    socket.disconnectFromHost();
}

void PageServer::accept()
{
    while (auto* socket = m_server.nextPendingConnection()) {
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] {
            auto& received = m_received[socket];
            const bool had_head = received.contains("\r\n\r\n");
            received += socket->readAll();
            if (had_head || !received.contains("\r\n\r\n"))
                return;
            m_most = std::max(m_most, ++m_busy);
            m_heads.push_back(received);
            m_handler(*socket, QByteArray(received));
        });
        connect(socket, &QTcpSocket::disconnected, this, [this, socket] {
            const auto found = m_received.find(socket);
            if (found != m_received.end() && found->second.contains("\r\n\r\n"))
                --m_busy;
            m_received.erase(socket);
            socket->deleteLater();
        });
    }
}

} // namespace tokenscope::test

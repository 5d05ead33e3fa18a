// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "scripted_server.h"

#include <QTimer>

namespace tokenscope::test {

ScriptedServer::ScriptedServer(QObject* parent) : QObject(parent)
{
    connect(&m_server, &QTcpServer::newConnection, this, &ScriptedServer::accept);
    if (!m_server.listen(QHostAddress::LocalHost))
        qFatal("no free port");
}

ScriptedServer::~ScriptedServer()
{
    // The sockets belong to m_server and say "disconnected" as they go, when the maps are gone already.
    for (auto* socket : m_server.findChildren<QTcpSocket*>())
        socket->disconnect(this);
}

void ScriptedServer::script(const QByteArray& path, QList<QByteArray> pieces, bool hold)
{
    m_scripts[path] = {std::move(pieces), hold};
}

QString ScriptedServer::apiUrl() const
{
    return QStringLiteral("http://127.0.0.1:%1/v1").arg(m_server.serverPort());
}

QByteArray ScriptedServer::streamHead()
{
    return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nConnection: close\r\n\r\n";
}

QByteArray ScriptedServer::reply(const QByteArray& status, const QByteArray& type, const QByteArray& body)
{
    return "HTTP/1.1 " + status + "\r\nContent-Type: " + type
           + "\r\nConnection: close\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

void ScriptedServer::accept()
{
    while (auto* socket = m_server.nextPendingConnection()) {
        socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(socket); });
        connect(socket, &QTcpSocket::disconnected, this, [this, socket] {
            ++m_disconnects;
            m_received.erase(socket);
            socket->deleteLater();
        });
    }
}

void ScriptedServer::read(QTcpSocket* socket)
{
    auto& received = m_received[socket];
    received += socket->readAll();
    const auto headEnd = received.indexOf("\r\n\r\n");
    if (headEnd < 0)
        return;
    qsizetype length = 0;
    for (const auto& line : received.left(headEnd).split('\n')) {
        if (line.toLower().startsWith("content-length:"))
            length = line.mid(15).trimmed().toLongLong();
    }
    if (received.size() < headEnd + 4 + length)
        return;
    m_bodies.push_back(received.mid(headEnd + 4, length));
    const auto path = received.split(' ').value(1);
    received.clear();
    const auto found = m_scripts.find(path);
    play(socket, found == m_scripts.end() ? Script{{reply("404 Not Found", "text/plain", "no")}} : found->second, 0);
}

void ScriptedServer::play(const QPointer<QTcpSocket>& socket, const Script& script, qsizetype index)
{
    if (!socket)
        return;
    if (index == script.pieces.size()) {
        if (!script.hold)
            socket->disconnectFromHost();
        return;
    }
    socket->write(script.pieces[index]);
    socket->flush();
    QTimer::singleShot(1, this, [this, socket, script, index] { play(socket, script, index + 1); });
}

} // namespace tokenscope::test

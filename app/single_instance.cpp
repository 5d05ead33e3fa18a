// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "single_instance.h"

#include <QCryptographicHash>
#include <QLocalSocket>
#include <QStandardPaths>

#include <utility>

namespace tokenscope::app {

namespace {

constexpr int patienceMs = 2'000;
const QByteArray shown = "shown\n";

QString socketOf(const QString& what)
{
    const auto place = QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation);
    // Short: a socket's path has about a hundred characters.
    const auto hash = QCryptographicHash::hash(what.toUtf8(), QCryptographicHash::Sha256).toHex().left(16);
    return place.isEmpty() ? QString() : place + QStringLiteral("/tokenscope-") + QString::fromLatin1(hash);
}

} // namespace

SingleInstance::SingleInstance(const QString& what) : m_path(socketOf(what))
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
}

bool SingleInstance::showOther() const
{
    QLocalSocket socket;
    socket.connectToServer(m_path);
    return socket.waitForConnected(patienceMs) && socket.waitForReadyRead(patienceMs) && socket.readAll() == shown;
}

void SingleInstance::listen(std::function<void()> asked)
{
    if (m_path.isEmpty())
        return;
    QObject::connect(&m_server, &QLocalServer::newConnection, &m_server, [this, asked = std::move(asked)] {
        while (auto* socket = m_server.nextPendingConnection()) {
            asked();
            QObject::connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
            socket->write(shown);
            socket->disconnectFromServer(); // once that is written
        }
    });
    QLocalServer::removeServer(m_path);
    m_server.listen(m_path);
}

} // namespace tokenscope::app

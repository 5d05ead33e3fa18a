// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "unit/remote/scripted_source.h"

#include <QSslCertificate>
#include <QSslKey>
#include <QSslSocket>

#include <sys/socket.h>

namespace tokenscope::test {

ScriptedSource::ScriptedSource(Handler handler, std::optional<QSslConfiguration> tls)
    : m_handler(std::move(handler)), m_tls(std::move(tls))
{
    if (!listen(QHostAddress::LocalHost))
        qFatal("Cannot listen.");
}

ScriptedSource::~ScriptedSource()
{
    for (auto* socket : findChildren<QTcpSocket*>())
        socket->disconnect(this);
}

std::string ScriptedSource::url(const char* host) const
{
    return std::string(m_tls ? "https://" : "http://") + host + ':' + std::to_string(serverPort());
}

ScriptedSource::Answer ScriptedSource::reply(int status, const QByteArray& type, const QByteArray& body,
                                             const QByteArray& more_headers)
{
    QByteArray head = QByteArray("HTTP/1.1 ") + QByteArray::number(status) + QByteArray(" Status\r\nContent-Length: ")
                      + QByteArray::number(body.size()) + QByteArray("\r\n");
    if (!type.isEmpty())
        head += QByteArray("Content-Type: ") + type + QByteArray("\r\n");
    return {.pieces = {head + more_headers + QByteArray("\r\n") + body}};
}

QSslConfiguration ScriptedSource::tls(const Certificate& certificate, const std::string& client_ca)
{
    auto configuration = QSslConfiguration::defaultConfiguration();
    configuration.setLocalCertificate(QSslCertificate(QByteArray::fromStdString(certificate.pem)));
    configuration.setPrivateKey(QSslKey(QByteArray::fromStdString(certificate.key_pem), QSsl::Ec));
    configuration.setPeerVerifyMode(client_ca.empty() ? QSslSocket::VerifyNone : QSslSocket::VerifyPeer);
    if (!client_ca.empty())
        configuration.setCaCertificates(QSslCertificate::fromData(QByteArray::fromStdString(client_ca)));
    return configuration;
}

void ScriptedSource::incomingConnection(qintptr handle)
{
    QTcpSocket* socket = nullptr;
    if (m_tls) {
        auto* secure = new QSslSocket(this);
        secure->setSslConfiguration(*m_tls);
        secure->setSocketDescriptor(handle);
        secure->startServerEncryption();
        socket = secure;
        connect(secure, &QSslSocket::encryptedBytesWritten, this, [this](qint64 bytes) { m_written += bytes; });
    } else {
        socket = new QTcpSocket(this);
        socket->setSocketDescriptor(handle);
        connect(socket, &QTcpSocket::bytesWritten, this, [this](qint64 bytes) { m_written += bytes; });
    }
    ++m_open;
    connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(socket); });
    connect(socket, &QTcpSocket::disconnected, this, [this, socket] {
        --m_open;
        m_received.erase(socket);
        socket->deleteLater();
    });
}

void ScriptedSource::read(QTcpSocket* socket)
{
    auto& bytes = m_received[socket];
    bytes += socket->readAll();
    if (bytes.startsWith('\x16')) { // somebody tries TLS
        play(socket, reply(400, "text/plain", ""), 0);
        return;
    }
    const auto end = bytes.indexOf("\r\n\r\n");
    if (end < 0)
        return;
    Request request;
    auto lines = bytes.left(end).split('\n');
    const auto first = lines.takeFirst().trimmed().split(' ');
    request.method = first.value(0);
    request.target = first.value(1);
    for (const auto& line : lines) {
        const auto colon = line.indexOf(':');
        request.headers.insert(line.left(colon).toLower(), line.mid(colon + 1).trimmed());
    }
    const auto length = request.headers.value("content-length").toLongLong();
    if (bytes.size() < end + 4 + length)
        return;
    request.body = bytes.mid(end + 4, length);
    bytes.remove(0, end + 4 + length);
    m_requests << request;
    play(socket, m_handler(request), 0);
}

void ScriptedSource::play(const QPointer<QTcpSocket>& socket, const Answer& answer, qsizetype index)
{
    if (!socket || socket->state() != QAbstractSocket::ConnectedState)
        return;
    if (index == answer.pieces.size()) {
        if (answer.reset) {
            const linger none{.l_onoff = 1, .l_linger = 0};
            ::setsockopt(static_cast<int>(socket->socketDescriptor()), SOL_SOCKET, SO_LINGER, &none, sizeof none);
            socket->abort();
        } else if (!answer.hold) {
            socket->disconnectFromHost();
        }
        return;
    }
    socket->write(answer.pieces[index]);
    socket->flush();
    QMetaObject::invokeMethod(
        this, [this, socket, answer, index] { play(socket, answer, index + 1); }, Qt::QueuedConnection);
}

} // namespace tokenscope::test

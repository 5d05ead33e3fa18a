// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/raw_http.h"

#include <QDeadlineTimer>
#include <QHostAddress>

namespace tokenscope::test {

RawHttp::RawHttp(std::uint16_t port)
{
    m_socket.connectToHost(QHostAddress(QHostAddress::LocalHost), port);
    m_socket.waitForConnected(5'000);
    m_clock.start();
}

void RawHttp::send(const QByteArray& bytes)
{
    m_received.clear();
    m_pieces.clear();
    m_clock.restart();
    m_socket.write(bytes);
    while (m_socket.bytesToWrite() > 0 && m_socket.waitForBytesWritten(5'000)) {}
}

void RawHttp::post(const QByteArray& target, const QByteArray& body, const QByteArray& extra_headers)
{
    send("POST " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
         + QByteArray::number(body.size()) + "\r\n" + extra_headers + "\r\n" + body);
}

void RawHttp::get(const QByteArray& target)
{
    send("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
}

bool RawHttp::read_reply(int timeout_ms)
{
    return read_until([](const QByteArray&) { return false; }, timeout_ms);
}

bool RawHttp::read_until(const std::function<bool(const QByteArray&)>& enough, int timeout_ms)
{
    const QDeadlineTimer deadline(timeout_ms);
    while (!complete() && !enough(body())) {
        const auto left = static_cast<int>(deadline.remainingTime());
        if (left <= 0)
            return false;
        if (!m_socket.bytesAvailable() && !m_socket.waitForReadyRead(left))
            return m_socket.state() != QAbstractSocket::ConnectedState;
        const auto bytes = m_socket.readAll();
        m_pieces.append({m_clock.elapsed(), bytes});
        m_received += bytes;
    }
    return true;
}

QByteArray RawHttp::head() const
{
    const auto end = m_received.indexOf("\r\n\r\n");
    return end < 0 ? QByteArray() : m_received.left(end + 2);
}

int RawHttp::status() const
{
    return head().mid(9, 3).toInt();
}

QByteArray RawHttp::header(const QByteArray& name) const
{
    for (const auto& line : head().split('\n')) {
        const auto colon = line.indexOf(':');
        if (colon > 0 && line.left(colon).toLower() == name)
            return line.mid(colon + 1).trimmed();
    }
    return {};
}

QByteArray RawHttp::decoded(bool* complete) const
{
    *complete = false;
    const auto end = m_received.indexOf("\r\n\r\n");
    if (end < 0)
        return {};
    const auto rest = m_received.mid(end + 4);
    if (header("transfer-encoding") != "chunked") {
        const auto length = header("content-length");
        *complete = !length.isEmpty() && rest.size() >= length.toLongLong();
        return rest;
    }
    QByteArray out;
    for (qsizetype at = 0;;) {
        const auto line = rest.indexOf("\r\n", at);
        if (line < 0)
            return out;
        const auto size = rest.mid(at, line - at).toLongLong(nullptr, 16);
        if (size == 0) {
            *complete = true;
            return out;
        }
        out += rest.mid(line + 2, size);
        at = line + 2 + size + 2;
        if (at > rest.size())
            return out;
    }
}

QByteArray RawHttp::body() const
{
    bool complete = false;
    return decoded(&complete);
}

bool RawHttp::complete() const
{
    bool complete = false;
    decoded(&complete);
    return complete;
}

void RawHttp::close()
{
    m_socket.abort();
}

} // namespace tokenscope::test

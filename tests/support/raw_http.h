// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QElapsedTimer>
#include <QList>
#include <QTcpSocket>

#include <cstdint>
#include <functional>

namespace tokenscope::test {

/// An HTTP client that shows everything: exact bytes out, exact bytes in, and when they came.
class RawHttp {
public:
    explicit RawHttp(std::uint16_t port);

    struct Piece {
        qint64 ms; ///< since the request was sent
        QByteArray bytes;
    };

    void send(const QByteArray& bytes);
    void post(const QByteArray& target, const QByteArray& body, const QByteArray& extra_headers = {});
    void get(const QByteArray& target);

    /// Reads until a whole reply is there (by its framing) or the connection ends; false after `timeout_ms`.
    bool read_reply(int timeout_ms = 10'000);
    /// Reads until `enough(body so far)` or the connection ends; false after `timeout_ms`.
    bool read_until(const std::function<bool(const QByteArray& body)>& enough, int timeout_ms = 10'000);

    int status() const;
    QByteArray header(const QByteArray& name) const;     ///< lower-case name
    QByteArray body() const;                             ///< decoded so far
    bool complete() const;                               ///< the framing says that the body has ended
    const QByteArray& raw() const { return m_received; } ///< everything since the last send()
    const QList<Piece>& pieces() const { return m_pieces; }
    bool connection_closed() const { return m_socket.state() != QAbstractSocket::ConnectedState; }
    void close(); ///< abruptly

private:
    QByteArray head() const;
    QByteArray decoded(bool* complete) const;

    QTcpSocket m_socket;
    QElapsedTimer m_clock;
    QByteArray m_received;
    QList<Piece> m_pieces;
};

} // namespace tokenscope::test

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QElapsedTimer>
#include <QList>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>

namespace tokenscope::test {

/// A connection to a loopback port without anything in between, for thousands of quick conversations.
class RawSocket {
public:
    explicit RawSocket(std::uint16_t port) : m_socket(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (connect(m_socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
            qFatal("Cannot connect to port %d.", int(port));
        const int on = 1;
        setsockopt(m_socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    ~RawSocket() { ::close(m_socket); }
    RawSocket(const RawSocket&) = delete;
    RawSocket& operator=(const RawSocket&) = delete;

    /// Stops when the other side takes nothing more.
    void send(QByteArrayView bytes)
    {
        while (!bytes.isEmpty()) {
            const auto count = ::send(m_socket, bytes.data(), size_t(bytes.size()), MSG_NOSIGNAL);
            if (count <= 0)
                return;
            bytes = bytes.sliced(count);
        }
    }
    void end() { shutdown(m_socket, SHUT_WR); }

    /// Everything until the other side closes; `closed` says whether it did within `ms`.
    QByteArray read_to_end(bool* closed, int ms = 5'000)
    {
        QByteArray out;
        QElapsedTimer clock;
        clock.start();
        *closed = false;
        while (!*closed && clock.elapsed() < ms) {
            pollfd waiting{m_socket, POLLIN, 0};
            if (poll(&waiting, 1, 50) <= 0)
                continue;
            char bytes[16384];
            const auto count = recv(m_socket, bytes, sizeof bytes, 0);
            if (count > 0)
                out.append(bytes, count);
            else
                *closed = true;
        }
        return out;
    }

private:
    const int m_socket;
};

struct RawReply {
    int status = 0;
    QByteArray head, body;
};

/// The replies in `bytes`, each with a Content-Length; what does not look like one becomes a last reply of status -1.
inline QList<RawReply> split_replies(QByteArray bytes)
{
    QList<RawReply> out;
    while (!bytes.isEmpty()) {
        const auto end = bytes.indexOf("\r\n\r\n");
        RawReply reply{.status = -1, .head = bytes.left(end + 2), .body = bytes};
        const auto mark = reply.head.indexOf("Content-Length: ");
        if (!bytes.startsWith("HTTP/1.1 ") || end < 0 || mark < 0)
            return out << reply;
        const auto length = reply.head.mid(mark + 16, reply.head.indexOf('\r', mark) - mark - 16).toLongLong();
        reply.status = reply.head.mid(9, 3).toInt();
        reply.body = bytes.mid(end + 4, length);
        bytes.remove(0, end + 4 + length);
        out << reply;
    }
    return out;
}

} // namespace tokenscope::test

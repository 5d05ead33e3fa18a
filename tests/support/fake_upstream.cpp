// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fake_upstream.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <list>
#include <mutex>
#include <thread>

namespace tokenscope::test {

namespace {

/// The length of a complete request at the start of `data`, or 0.
qsizetype complete_request(const QByteArray& data, FakeUpstream::Request& request)
{
    const auto end = data.indexOf("\r\n\r\n");
    if (end < 0)
        return 0;
    request.head = data.left(end + 2);
    const auto line = request.head.left(request.head.indexOf("\r\n")).split(' ');
    request.method = line.value(0);
    request.target = line.value(1);
    const auto length = request.header("content-length").toLongLong();
    if (data.size() < end + 4 + length)
        return 0;
    request.body = data.mid(end + 4, length);
    return end + 4 + length;
}

} // namespace

QByteArray FakeUpstream::Request::header(const QByteArray& name) const
{
    for (const auto& line : head.split('\n')) {
        const auto colon = line.indexOf(':');
        if (colon > 0 && line.left(colon).toLower() == name)
            return line.mid(colon + 1).trimmed();
    }
    return {};
}

struct FakeUpstream::Server {
    std::function<Script(const Request&)> answer;
    int listener = -1;
    std::uint16_t port = 0;
    std::atomic<bool> stopping = false;
    std::atomic<int> connections = 0;
    std::atomic<int> disconnects = 0;
    mutable std::mutex mutex;
    bool released = false;
    QList<Request> requests;
    std::list<std::thread> threads;
    std::thread acceptor;

    void accept_all()
    {
        while (!stopping) {
            pollfd waiting{listener, POLLIN, 0};
            if (poll(&waiting, 1, 20) <= 0)
                continue;
            const int socket = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
            if (socket < 0)
                continue;
            const int on = 1;
            setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            ++connections;
            threads.emplace_back([this, socket] { serve(socket); });
        }
    }

    /// Whether the other side has closed; waits up to `ms`.
    static bool closed(int socket, int ms)
    {
        pollfd waiting{socket, POLLIN | POLLRDHUP, 0};
        if (poll(&waiting, 1, ms) <= 0)
            return false;
        char probe = 0;
        return recv(socket, &probe, 1, MSG_PEEK | MSG_DONTWAIT) == 0 || (waiting.revents & (POLLERR | POLLHUP)) != 0;
    }

    void serve(int socket)
    {
        QByteArray data;
        bool open = true;
        while (open && !stopping) {
            Request request;
            const auto length = complete_request(data, request);
            if (length == 0) {
                pollfd waiting{socket, POLLIN, 0};
                if (poll(&waiting, 1, 20) <= 0)
                    continue;
                char bytes[16384];
                const auto count = recv(socket, bytes, sizeof bytes, 0);
                if (count <= 0) {
                    ++disconnects;
                    break;
                }
                data.append(bytes, count);
                continue;
            }
            data.remove(0, length);
            {
                const std::scoped_lock lock(mutex);
                requests.append(request);
            }
            for (const auto& step : answer(request)) {
                open = run(socket, step);
                if (!open)
                    break;
            }
        }
        ::close(socket);
    }

    bool run(int socket, const Step& step)
    {
        if (const auto* send_step = std::get_if<Send>(&step)) {
            const auto& bytes = send_step->bytes;
            for (qsizetype sent = 0; sent < bytes.size();) {
                const auto count =
                    send(socket, bytes.data() + sent, static_cast<size_t>(bytes.size() - sent), MSG_NOSIGNAL);
                if (count <= 0) {
                    ++disconnects;
                    return false;
                }
                sent += count;
            }
            return true;
        }
        if (const auto* pause = std::get_if<Wait>(&step)) {
            for (int left = pause->ms; left > 0 && !stopping; left -= 10)
                if (closed(socket, std::min(left, 10))) {
                    ++disconnects;
                    return false;
                }
            return !stopping;
        }
        if (std::holds_alternative<Hold>(step)) {
            while (!stopping) {
                if (closed(socket, 5)) {
                    ++disconnects;
                    return false;
                }
                const std::scoped_lock lock(mutex);
                if (released)
                    return true;
            }
            return false;
        }
        if (std::holds_alternative<Reset>(step)) {
            const linger at_once{1, 0};
            setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        }
        return false;
    }
};

FakeUpstream::FakeUpstream(std::function<Script(const Request&)> answer) : m_server(std::make_unique<Server>())
{
    m_server->answer = std::move(answer);
    m_server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(m_server->listener, reinterpret_cast<sockaddr*>(&address), size) != 0
        || listen(m_server->listener, 512) != 0
        || getsockname(m_server->listener, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        qFatal("The fake upstream cannot listen.");
    m_server->port = ntohs(address.sin_port);
    m_server->acceptor = std::thread([server = m_server.get()] { server->accept_all(); });
}

FakeUpstream::~FakeUpstream()
{
    m_server->stopping = true;
    m_server->acceptor.join();
    for (auto& thread : m_server->threads)
        thread.join();
    ::close(m_server->listener);
}

std::uint16_t FakeUpstream::port() const
{
    return m_server->port;
}

QString FakeUpstream::url() const
{
    return QStringLiteral("http://127.0.0.1:%1").arg(m_server->port);
}

QList<FakeUpstream::Request> FakeUpstream::requests() const
{
    const std::scoped_lock lock(m_server->mutex);
    return m_server->requests;
}

int FakeUpstream::connections() const
{
    return m_server->connections;
}

int FakeUpstream::disconnects() const
{
    return m_server->disconnects;
}

void FakeUpstream::release()
{
    const std::scoped_lock lock(m_server->mutex);
    m_server->released = true;
}

FakeUpstream::Step FakeUpstream::reply(int status, const QByteArray& type, const QByteArray& body)
{
    return Send{"HTTP/1.1 " + QByteArray::number(status) + " Scripted\r\nContent-Type: " + type
                + "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body};
}

FakeUpstream::Step FakeUpstream::chunked_head(int status, const QByteArray& type)
{
    return Send{"HTTP/1.1 " + QByteArray::number(status) + " Scripted\r\nContent-Type: " + type
                + "\r\nTransfer-Encoding: chunked\r\n\r\n"};
}

FakeUpstream::Step FakeUpstream::chunk(const QByteArray& bytes)
{
    return Send{QByteArray::number(bytes.size(), 16) + "\r\n" + bytes + "\r\n"};
}

FakeUpstream::Step FakeUpstream::last_chunk()
{
    return Send{"0\r\n\r\n"};
}

} // namespace tokenscope::test

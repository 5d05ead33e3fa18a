// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/head_watch.h"

// Not netinet/tcp.h, whose tcp_info ends before the bytes.
#include <arpa/inet.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

namespace tokenscope::remote {

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t longest_head = 8 << 20;
constexpr auto between_looks = 250ms;

std::atomic<std::uint64_t> bodies_begun = 0, bodies_ended = 0;

int peer_port(int file)
{
    sockaddr_storage peer{};
    socklen_t length = sizeof peer;
    if (::getpeername(file, reinterpret_cast<sockaddr*>(&peer), &length) != 0)
        return -1;
    if (peer.ss_family == AF_INET)
        return ntohs(reinterpret_cast<const sockaddr_in&>(peer).sin_port);
    return peer.ss_family == AF_INET6 ? ntohs(reinterpret_cast<const sockaddr_in6&>(peer).sin6_port) : -1;
}

std::uint64_t received_by(int file)
{
    tcp_info info{};
    int kept_alive = 0;
    socklen_t length = sizeof kept_alive;
    if (::getsockopt(file, SOL_SOCKET, SO_KEEPALIVE, &kept_alive, &length) != 0 || kept_alive == 0)
        return 0; // the gateway's: Qt asks for it on each of its own
    length = sizeof info;
    if (::getsockopt(file, IPPROTO_TCP, TCP_INFO, &info, &length) != 0)
        return 0;
    constexpr auto needed = offsetof(tcp_info, tcpi_bytes_received) + sizeof info.tcpi_bytes_received;
    return length >= needed ? info.tcpi_bytes_received : 0;
}

/// By the connections that are open now, in all of this process.
std::uint64_t received_from_port(int port)
{
    std::uint64_t sum = 0;
    std::error_code error;
    for (std::filesystem::directory_iterator at("/proc/self/fd", error), end; !error && at != end;
         at.increment(error)) {
        const auto name = at->path().filename().string();
        int file = -1;
        std::from_chars(name.data(), name.data() + name.size(), file);
        if (file >= 0 && peer_port(file) == port)
            sum += received_by(file);
    }
    return sum;
}

} // namespace

HeadWatch::Body::Body()
{
    ++bodies_begun;
}

HeadWatch::Body::~Body()
{
    ++bodies_ended;
}

HeadWatch::HeadWatch(std::function<void()> on_endless) : m_on_endless(std::move(on_endless))
{
    m_timer.setInterval(between_looks);
    m_timer.callOnTimeout([this] { look(); });
}

void HeadWatch::start(int port)
{
    m_port = port;
    m_begin.reset();
    m_timer.start();
}

void HeadWatch::look()
{
    const auto ended = bodies_ended.load();
    const auto begun = bodies_begun.load();
    if (begun != ended) {
        m_begin.reset();
        return;
    }
    const auto received = received_from_port(m_port);
    if (!m_begin || m_begin->bodies != begun) {
        m_begin = {.received = received, .bodies = begun};
    } else if (received > m_begin->received + longest_head) {
        stop();
        m_on_endless();
    }
}

} // namespace tokenscope::remote

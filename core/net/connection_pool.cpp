// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/connection_pool.h"

#include <boost/asio/error.hpp>

#include <utility>

namespace tokenscope::net {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr std::chrono::seconds sweep_interval{1};

/// A byte, or an end, on an idle connection means that the upstream has closed it, or is not to be trusted.
bool is_silent(ClientConnection& connection)
{
    char probe = 0;
    auto& socket = connection.stream.socket();
    IoError error;
    socket.non_blocking(true, error);
    socket.receive(asio::buffer(&probe, 1), tcp::socket::message_peek, error);
    return error == asio::error::would_block;
}

} // namespace

bool ConnectionPool::usable(ClientConnection& connection, TimePoint now) const
{
    return now - connection.idle_since < m_limits.idle_lifetime && is_silent(connection);
}

void ConnectionPool::sweep(TimePoint now)
{
    if (now - m_swept < sweep_interval)
        return;
    m_swept = now;
    for (auto origin = m_idle.begin(); origin != m_idle.end();) {
        std::erase_if(origin->second, [&](const ConnectionPtr& connection) { return !usable(*connection, now); });
        origin = origin->second.empty() ? m_idle.erase(origin) : std::next(origin);
    }
}

ConnectionPtr ConnectionPool::take(const std::string& name, TimePoint now)
{
    sweep(now);
    const auto origin = m_idle.find(name);
    if (origin == m_idle.end())
        return nullptr;
    auto& connections = origin->second;
    while (!connections.empty()) {
        auto connection = std::move(connections.back());
        connections.pop_back();
        if (!usable(*connection, now))
            continue;
        connection->answered = false;
        connection->reused = true;
        ++m_reused;
        return connection;
    }
    return nullptr;
}

void ConnectionPool::give(ConnectionPtr connection, TimePoint now)
{
    sweep(now);
    auto& connections = m_idle[connection->name];
    if (connections.size() >= m_limits.idle_per_origin)
        return;
    connection->idle_since = now;
    connection->buffer.shrink_to_fit(); // empty: a connection that does nothing keeps nothing
    connections.push_back(std::move(connection));
}

PoolStats ConnectionPool::stats() const
{
    PoolStats stats{.open = *m_open, .idle = 0, .created = m_created, .reused = m_reused};
    for (const auto& [name, connections] : m_idle)
        stats.idle += connections.size();
    return stats;
}

} // namespace tokenscope::net

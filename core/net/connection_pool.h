// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/client_connection.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tokenscope::net {

struct PoolLimits {
    std::size_t idle_per_origin = 128;
    std::chrono::milliseconds idle_lifetime{90'000};
};

struct PoolStats {
    std::size_t open = 0;      ///< connections that exist now, those being made included
    std::size_t idle = 0;      ///< of them, those kept for later
    std::uint64_t created = 0; ///< connections made so far
    std::uint64_t reused = 0;  ///< requests that found one
};

/// Kept-alive connections that nobody uses. It has no timer, so that it keeps no io_context busy: connections that are too
/// old or that the upstream has closed are dropped whenever one is taken or given, at most once a second for all, always
/// for the one taken. Used on one I/O thread.
class ConnectionPool {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    explicit ConnectionPool(PoolLimits limits = {}) : m_limits(limits) {}

    /// The one used last that is still good, or nothing.
    ConnectionPtr take(const std::string& name, TimePoint now);
    /// Keeps it, unless there are enough of its origin.
    void give(ConnectionPtr connection, TimePoint now);
    void close_all() { m_idle.clear(); }

    void count_created() { ++m_created; }
    const std::shared_ptr<std::size_t>& open_counter() const { return m_open; }
    PoolStats stats() const;

private:
    void sweep(TimePoint now);
    bool usable(ClientConnection& connection, TimePoint now) const;

    const PoolLimits m_limits;
    std::map<std::string, std::vector<ConnectionPtr>> m_idle;
    TimePoint m_swept;
    std::shared_ptr<std::size_t> m_open = std::make_shared<std::size_t>(0);
    std::uint64_t m_created = 0;
    std::uint64_t m_reused = 0;
};

} // namespace tokenscope::net

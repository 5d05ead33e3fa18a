// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/task.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <optional>
#include <vector>

namespace tokenscope::net {

/// The same endpoints with the families taking turns, beginning with that of the first (RFC 8305, 4): a network whose IPv6 leads
/// nowhere costs one attempt's head start, not all of them.
std::vector<boost::asio::ip::tcp::endpoint> interleave(std::vector<boost::asio::ip::tcp::endpoint> endpoints);

/// One race of connection attempts ("happy eyeballs", RFC 8305, 5): the next one starts when `head_start` has passed or the
/// one before has failed, the first to connect wins, and the others are dropped. Used once, on one I/O thread; kept alive by
/// its own operations.
class Dial : public std::enable_shared_from_this<Dial> {
public:
    using tcp = boost::asio::ip::tcp;
    static constexpr std::chrono::milliseconds default_head_start{250};

    Dial(boost::asio::any_io_executor executor, std::vector<tcp::endpoint> endpoints,
         std::chrono::milliseconds head_start = default_head_start);

    /// A connected socket, or why the last attempt failed. There is no deadline: abort() it.
    Task<std::tuple<IoError, std::optional<tcp::socket>>> run();
    /// Ends every attempt; run() returns operation_aborted.
    void abort();

private:
    void start_next();
    void on_connect(std::list<tcp::socket>::iterator attempt, const IoError& error);
    void finish(const IoError& error);

    const boost::asio::any_io_executor m_executor;
    const std::vector<tcp::endpoint> m_endpoints;
    const std::chrono::milliseconds m_head_start;
    std::size_t m_next = 0;
    std::list<tcp::socket> m_attempts; ///< under way
    boost::asio::steady_timer m_stagger;
    boost::asio::steady_timer m_finished; ///< cancelled when the race is over
    bool m_over = false;
    IoError m_error;
    std::optional<tcp::socket> m_winner;
};

} // namespace tokenscope::net

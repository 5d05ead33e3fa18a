// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "net/stream.h"
#include "net/watchdog.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace tokenscope::net {

/// A connection to an upstream: being made, in use or idle. Shared by whoever waits on it and whoever may abort it.
struct ClientConnection {
    /// `open` counts the connections alive.
    ClientConnection(const boost::asio::any_io_executor& executor, Watchdog& watchdog, std::string name,
                     std::shared_ptr<std::size_t> open);
    ~ClientConnection();
    ClientConnection(const ClientConnection&) = delete;
    ClientConnection& operator=(const ClientConnection&) = delete;

    /// Ends whatever is under way on it at once, however far it has come.
    void abort();
    /// Cancelled or out of time: what comes next need not be tried.
    bool given_up() const { return cancelled || guard.expired(); }

    /// What a failed operation means: cancelled and timed out look like any other closed socket to Asio.
    Error explain(ErrorCode code, std::string message, std::string detail) const;
    Error explain(ErrorCode code, std::string message, const IoError& error) const;
    /// The same for bytes that are not the HTTP they should be.
    Error explain_bad_reply(const IoError& error) const;

    Stream stream;
    boost::beast::flat_buffer buffer;
    Watchdog::Guard guard;
    const std::string name;          ///< of the upstream, and the proxy: for people, and the pool's key
    std::function<void()> interrupt; ///< ends what is waited for besides the socket while connecting
    std::chrono::steady_clock::time_point idle_since;
    bool reused = false;    ///< taken from the pool
    bool answered = false;  ///< a byte of the present reply has arrived
    bool cancelled = false; ///< closed by our own side

private:
    const std::shared_ptr<std::size_t> m_open;
};

using ConnectionPtr = std::shared_ptr<ClientConnection>;

} // namespace tokenscope::net

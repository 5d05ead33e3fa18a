// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "unit/net/test_ca.h"

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>

#include <atomic>
#include <string>
#include <thread>

namespace tokenscope::test {

namespace asio = boost::asio;

/// An HTTPS server by OpenSSL itself, on a free loopback port: it wants a certificate of this authority from every client, and
/// where it takes none it says why by OpenSSL's own alert, as the servers do that are built on it. One connection at a time.
class StrictServer {
public:
    /// `version`: the only one of TLS that it speaks, e.g. TLS1_3_VERSION.
    StrictServer(const Certificate& own, const std::string& client_ca, int version);
    ~StrictServer();
    StrictServer(const StrictServer&) = delete;
    StrictServer& operator=(const StrictServer&) = delete;

    std::string url() const;
    int answered() const { return m_answered; } ///< requests

private:
    void serve();
    void talk(asio::ip::tcp::socket& socket);

    asio::io_context m_io;
    asio::ssl::context m_tls{asio::ssl::context::tls_server};
    asio::ip::tcp::acceptor m_acceptor;
    std::atomic<bool> m_stopping = false;
    std::atomic<int> m_answered = 0;
    std::thread m_thread;
};

} // namespace tokenscope::test

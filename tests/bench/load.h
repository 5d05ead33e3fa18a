// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/url.h"
#include "net/http_client.h"
#include "net/http_server.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace tokenscope::bench {

/// A request of usual size for a whole reply, and a small one for a stream of 64 chunks.
extern const std::string plain_request;
extern const std::string stream_request;

/// A server on a thread of its own. Without a handler it answers both at once, so that nothing but what is in front of it
/// takes time.
class Upstream {
public:
    Upstream();
    explicit Upstream(net::HttpServer::Handler handler); ///< called on that thread
    ~Upstream();
    std::uint16_t port() const { return m_port; }

private:
    SystemClock m_clock;
    boost::asio::io_context m_io{1};
    net::Watchdog m_watchdog{m_io.get_executor()};
    net::HttpServer m_server;
    std::uint16_t m_port = 0;
    std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> m_work;
    std::thread m_thread;
};

/// A closed loop of clients: each sends its next request when it has its reply in full, or when it is due. Used once.
class Load {
public:
    struct Limits {
        int connections = 64;
        std::chrono::milliseconds time{1'000};
        int requests = std::numeric_limits<int>::max(); ///< in all
        double per_second = 0; ///< sent at even distances, by whichever client is free; 0: at once
    };
    Load(std::uint16_t port, const std::string& body, Limits limits);

    /// Requests answered in full, and the seconds they took.
    struct Outcome {
        int done = 0;
        double seconds = 0;
        double per_second() const { return done / seconds; }
    };
    Outcome run();

private:
    net::Task<void> client();

    const Url m_target;
    const std::string& m_body;
    const Limits m_limits;
    boost::asio::io_context m_io{1};
    net::Watchdog m_watchdog{m_io.get_executor()};
    boost::asio::ssl::context m_tls = net::make_client_tls();
    net::HttpClient m_client{m_io.get_executor(), m_tls, m_watchdog};
    std::chrono::steady_clock::time_point m_began, m_end;
    int m_sent = 0;
    int m_done = 0;
    int m_finished = 0;
};

double median(std::vector<double> values);

} // namespace tokenscope::bench

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/http_server.h"

#include <QString>
#include <QStringList>
#include <QtGlobal>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace tokenscope::test {

namespace asio = boost::asio;

/// A server on a thread of its own that echoes bodies, streams at /stream, floods at /flood, and waits for its client to leave at /wait.
class EchoServer {
public:
    explicit EchoServer(net::ServerLimits limits = {})
        : m_server(m_io, m_watchdog, m_clock, limits, [this](net::Exchange& exchange) { return answer(exchange); })
    {
        if (!m_server.listen({.host = "127.0.0.1", .port = 0}))
            qFatal("The server cannot listen.");
        m_thread = std::thread([this] { m_io.run(); });
    }

    ~EchoServer()
    {
        asio::post(m_io, [this] {
            m_server.drain();
            m_server.abort();
            m_watchdog.stop();
            m_work.reset();
        });
        m_thread.join();
    }

    std::uint16_t port() const { return m_server.port(); }
    std::atomic<int> handled = 0;
    std::atomic<int> left = 0;            ///< clients seen to leave
    std::atomic<std::size_t> flooded = 0; ///< bytes taken by the system at /flood

    /// Targets of the requests that were whole and valid.
    QStringList served() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_served;
    }

private:
    void note(std::string_view target)
    {
        const std::scoped_lock lock(m_mutex);
        m_served += QString::fromUtf8(target.data(), qsizetype(target.size()));
    }

    static net::Task<void> refuse(net::Exchange& exchange, Error error)
    {
        unsigned status = 400;
        if (error.code == ErrorCode::headers_too_large)
            status = 431;
        else if (error.code == ErrorCode::body_too_large)
            status = 413;
        else if (error.code == ErrorCode::client_timeout)
            status = 408;
        net::Response refusal{.status = status, .headers = {}, .body = std::move(error.message)};
        co_await exchange.reply(std::move(refusal));
    }

    net::Task<void> answer(net::Exchange& exchange)
    {
        ++handled;
        if (exchange.broken()) {
            co_await refuse(exchange, *exchange.broken());
            co_return;
        }
        if (exchange.target() == "/unread") {
            net::Response early{.status = 403, .headers = {}, .body = "no"};
            co_await exchange.reply(std::move(early));
            co_return;
        }
        auto body = co_await exchange.read_body();
        if (!body) {
            co_await refuse(exchange, body.error());
            co_return;
        }
        note(exchange.target());
        if (exchange.target() == "/stream") {
            net::Headers headers{{"Content-Type", "text/plain"}};
            co_await exchange.begin_stream(200, std::move(headers));
            co_await exchange.write("one");
            co_await exchange.write("");
            co_await exchange.write("two");
            co_await exchange.end_stream();
            co_return;
        }
        if (exchange.target() == "/evil") {
            exchange.add_reply_header("x-request-id", "a\r\nSet-Cookie: b");
            net::Response evil{.status = 200,
                               .headers = {{"X-A", "1\nX-Evil: 1"},
                                           {"X-B\r\nX-Evil", "1"},
                                           {"X-C", std::string("1\0", 2)},
                                           {"", "1"},
                                           {"X D", "1"},
                                           {"Content-Length", "0"},
                                           {"Transfer-Encoding", "chunked"},
                                           {"Connection", "close"},
                                           {"X-Good", "w\xC3\xB6rld \t"}},
                               .body = "hello"};
            co_await exchange.reply(std::move(evil));
            co_return;
        }
        if (exchange.target() == "/204") {
            net::Response empty{.status = 204, .headers = {}, .body = "not to be sent"};
            co_await exchange.reply(std::move(empty));
            co_return;
        }
        if (exchange.target() == "/flood") {
            net::Headers headers;
            co_await exchange.begin_stream(200, std::move(headers));
            const std::string block(1 << 16, 'x');
            while (co_await exchange.write(block))
                flooded += block.size();
            ++left;
            co_return;
        }
        if (exchange.target() == "/cut") {
            net::Headers headers;
            co_await exchange.begin_stream(200, std::move(headers));
            co_await exchange.write("half");
            co_return;
        }
        if (exchange.target() == "/wait") {
            const auto gone = exchange.gone().on_cancel([this] { ++left; });
            while (!exchange.gone().cancelled()) {
                asio::steady_timer timer(m_io, std::chrono::milliseconds(5));
                co_await timer.async_wait(net::awaiting);
            }
            co_return;
        }
        net::Response echo{.status = 200, .headers = {}, .body = std::move(*body)};
        co_await exchange.reply(std::move(echo));
    }

    mutable std::mutex m_mutex;
    QStringList m_served;
    SystemClock m_clock;
    asio::io_context m_io{1};
    net::Watchdog m_watchdog{m_io.get_executor(), std::chrono::milliseconds(10)};
    std::optional<asio::executor_work_guard<asio::io_context::executor_type>> m_work{m_io.get_executor()};
    net::HttpServer m_server;
    std::thread m_thread;
};

} // namespace tokenscope::test

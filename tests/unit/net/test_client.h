// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/http_client.h"
#include "support/fake_upstream.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace tokenscope::test {

/// An HTTP client on the test's own thread: each ask() runs the loop until its answer is there.
struct Client {
    explicit Client(net::HttpClientOptions options = {}, boost::asio::ssl::context context = net::make_client_tls())
        : tls(std::move(context)), http(io.get_executor(), tls, watchdog, std::move(options))
    {
    }

    boost::asio::io_context io{1};
    net::Watchdog watchdog{io.get_executor(), std::chrono::milliseconds(10)};
    boost::asio::ssl::context tls;
    net::HttpClient http;
    std::chrono::milliseconds connect_timeout{5'000};
    net::Headers headers;
    std::string method = "POST", target = "/x", body = "hello";
    int connected = 0;

    Result<std::string> ask(const std::string& url, CancelToken cancel = {}, int idle_ms = 5'000)
    {
        std::optional<Result<std::string>> answer;
        io.restart();
        boost::asio::co_spawn(io, fetch(url, std::move(cancel), idle_ms, answer), boost::asio::detached);
        while (!answer)
            io.run_one();
        return *answer;
    }

    Result<std::string> ask(const FakeUpstream& upstream, CancelToken cancel = {}, int idle_ms = 5'000)
    {
        return ask(upstream.url().toStdString(), std::move(cancel), idle_ms);
    }

    /// The same, cancelled after a moment.
    Result<std::string> ask_and_cancel(const std::string& url)
    {
        CancelSource source;
        boost::asio::steady_timer timer(io, std::chrono::milliseconds(30));
        timer.async_wait([&](const boost::system::error_code&) { source.cancel(); });
        return ask(url, source.token());
    }

private:
    net::Task<void> fetch(std::string url, CancelToken cancel, int idle_ms, std::optional<Result<std::string>>& answer)
    {
        net::UpstreamRequest request;
        request.method = method;
        request.origin = *parse_url(url);
        request.target = target;
        request.headers = headers;
        request.body = body;
        request.connect_timeout = connect_timeout;
        request.idle_timeout = std::chrono::milliseconds(idle_ms);
        request.on_connected = [this] { ++connected; };
        auto reply = co_await http.send(std::move(request), std::move(cancel));
        if (reply)
            answer = co_await reply->read_all(1'000);
        else
            answer = failure(reply.error());
    }
};

/// An upstream that answers every request alike.
inline FakeUpstream always(FakeUpstream::Script script)
{
    return FakeUpstream([script](const FakeUpstream::Request&) { return script; });
}

} // namespace tokenscope::test

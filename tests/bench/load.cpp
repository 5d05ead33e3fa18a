// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/load.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace tokenscope::bench {

namespace asio = boost::asio;
using Steady = std::chrono::steady_clock;

const std::string plain_request =
    R"({"model":"m1","messages":[{"role":"user","content":")" + std::string(550, 'x') + R"("}]})";
const std::string stream_request = R"({"model":"m1","stream":true,"stream_options":{"include_usage":true},)"
                                   R"("messages":[{"role":"user","content":"hi"}]})";

namespace {

constexpr int chunks = 64;

const std::string reply =
    R"({"model":"m1","choices":[{"index":0,"message":{"content":")" + std::string(560, 'y')
    + R"("},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}})";
const std::string event = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"some words \"}}]}\n\n";
const std::string usage_event =
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":128,\"total_tokens\":135}}\n\n";

net::Task<void> answer(net::Exchange& exchange)
{
    const auto body = co_await exchange.read_body();
    if (exchange.method() == "GET") {
        net::Response listing{.status = 200, .headers = {}, .body = R"({"data":[{"id":"m1"}]})"};
        co_await exchange.reply(std::move(listing));
        co_return;
    }
    if (!body || body->find("\"stream\":true") == std::string::npos) {
        net::Response response{.status = 200, .headers = {{"Content-Type", "application/json"}}, .body = reply};
        co_await exchange.reply(std::move(response));
        co_return;
    }
    net::Headers headers{{"Content-Type", "text/event-stream"}};
    co_await exchange.begin_stream(200, std::move(headers));
    for (int i = 0; i < chunks; ++i)
        co_await exchange.write(event);
    co_await exchange.write(usage_event);
    co_await exchange.write("data: [DONE]\n\n");
    co_await exchange.end_stream();
}

} // namespace

Upstream::Upstream() : Upstream(answer) {}

Upstream::Upstream(net::HttpServer::Handler handler) : m_server(m_io, m_watchdog, m_clock, {}, std::move(handler))
{
    if (!m_server.listen({.host = "127.0.0.1", .port = 0}))
        std::abort(); // no loopback, nothing to measure
    m_port = m_server.port();
    m_work.emplace(m_io.get_executor());
    m_thread = std::thread([this] { m_io.run(); });
}

Upstream::~Upstream()
{
    asio::post(m_io, [this] {
        m_server.drain();
        m_server.abort();
        m_watchdog.stop();
        m_work.reset();
    });
    m_thread.join();
}

Load::Load(std::uint16_t port, const std::string& body, Limits limits)
    : m_target(*parse_url("http://127.0.0.1:" + std::to_string(port))), m_body(body), m_limits(limits)
{
}

Load::Outcome Load::run()
{
    m_began = Steady::now();
    m_end = m_began + m_limits.time;
    for (int i = 0; i < m_limits.connections; ++i)
        asio::co_spawn(m_io, client(), asio::detached);
    m_io.run();
    return {m_done, std::chrono::duration<double>(Steady::now() - m_began).count()};
}

net::Task<void> Load::client()
{
    while (Steady::now() < m_end && m_sent < m_limits.requests) {
        const auto number = m_sent++;
        if (m_limits.per_second > 0) {
            const std::chrono::duration<double> offset(number / m_limits.per_second);
            const auto due = m_began + std::chrono::duration_cast<Steady::duration>(offset);
            if (due >= m_end)
                break;
            asio::steady_timer timer(m_io, due);
            co_await timer.async_wait(net::awaiting);
        }
        net::UpstreamRequest request;
        request.method = "POST";
        request.origin = m_target;
        request.target = "/v1/chat/completions";
        request.headers = {{"Content-Type", "application/json"}};
        request.body = m_body;
        auto answered = co_await m_client.send(std::move(request), {});
        bool whole = answered.has_value() && answered->status() == 200;
        while (whole) {
            const auto part = co_await answered->read_some();
            whole = part.has_value();
            if (whole && part->empty())
                break;
        }
        m_done += whole ? 1 : 0;
    }
    if (++m_finished == m_limits.connections)
        m_watchdog.stop();
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

} // namespace tokenscope::bench

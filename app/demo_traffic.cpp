// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo_traffic.h"

#include "base/url.h"
#include "net/http_client.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <array>
#include <chrono>
#include <random>
#include <string_view>
#include <thread>
#include <utility>

namespace tokenscope::app {

namespace asio = boost::asio;

namespace {

constexpr std::array<std::string_view, 8> prompts = {
    "Explain what a histogram quantile is to somebody who knows averages.",
    "Write a haiku about a queue that never empties.",
    "List five reasons why the first token takes longer than the others.",
    "Summarise the difference between throughput and latency in two sentences.",
    "How would you find out why p99 rose while p50 stayed flat?",
    "Translate 'the cache was cold' into French, German and Spanish.",
    "Give me a shell one-liner that counts the errors in a log file by hour.",
    "Plan a small load test for a chat service with twenty users.",
};

/// Small models are asked most, as on a developer's machine.
constexpr std::array<std::string_view, 6> models = {"demo-small", "demo-tiny", "demo-small",
                                                    "demo-large", "demo-tiny", "demo-small"};

constexpr double burst_chance = 0.04;
constexpr int burst_size = 9;
constexpr double streamed_share = 0.85;

} // namespace

class DemoTraffic::Runner {
public:
    Runner(Url gateway, Options options)
        : m_gateway(std::move(gateway)), m_options(options), m_random(options.seed), m_watchdog(m_io.get_executor()),
          m_tls(net::make_client_tls()), m_client(m_io.get_executor(), m_tls, m_watchdog), m_timer(m_io)
    {
        asio::co_spawn(m_io, arrive(), asio::detached);
        m_thread = std::thread([this] { m_io.run(); });
    }

    ~Runner()
    {
        asio::post(m_io, [this] {
            m_stopping.cancel();
            m_timer.cancel();
            m_client.close_idle();
            m_watchdog.stop();
        });
        m_thread.join();
    }

private:
    net::Task<void> arrive()
    {
        std::exponential_distribution<double> gap(m_options.requests_per_second);
        std::uniform_real_distribution<double> chance;
        while (!m_stopping.cancelled()) {
            const int together = chance(m_random) < burst_chance ? burst_size : 1;
            for (int i = 0; i < together; ++i)
                asio::co_spawn(m_io, ask(), asio::detached);
            const std::chrono::duration<double> pause(gap(m_random));
            m_timer.expires_after(std::chrono::duration_cast<std::chrono::milliseconds>(pause));
            co_await m_timer.async_wait(net::awaiting);
        }
    }

    net::Task<void> ask()
    {
        const auto pick = [&](const auto& list) { return list[m_random() % list.size()]; };
        const bool stream = std::uniform_real_distribution<double>()(m_random) < streamed_share;
        net::UpstreamRequest request;
        request.method = "POST";
        request.origin = m_gateway;
        request.target = "/v1/chat/completions";
        request.headers = {{"Content-Type", "application/json"}, {"User-Agent", "tokenscope-demo-traffic"}};
        if (auto authorization = m_options.authorization ? m_options.authorization() : std::string();
            !authorization.empty())
            request.headers.emplace_back("Authorization", std::move(authorization));
        request.body = fmt::format(R"({{"model":"{}","stream":{},"messages":[{{"role":"user","content":"{}"}}]}})",
                                   pick(models), stream, pick(prompts));
        auto reply = co_await m_client.send(std::move(request), m_stopping.token());
        // What comes of it shows in the gateway's own numbers; here it only has to be read to its end.
        while (reply) {
            const auto part = co_await reply->read_some();
            if (!part || part->empty())
                break;
        }
    }

    const Url m_gateway;
    const Options m_options;
    std::mt19937_64 m_random;
    asio::io_context m_io{1};
    net::Watchdog m_watchdog;
    asio::ssl::context m_tls;
    net::HttpClient m_client;
    asio::steady_timer m_timer;
    CancelSource m_stopping;
    std::thread m_thread;
};

DemoTraffic::DemoTraffic(const std::string& base_url, Options options)
{
    // Without a gateway there is nothing to send to, and the console says so.
    if (auto url = parse_url(base_url))
        m_runner = std::make_unique<Runner>(std::move(*url), options);
}

DemoTraffic::~DemoTraffic() = default;

} // namespace tokenscope::app

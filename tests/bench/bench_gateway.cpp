// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How much the gateway costs: requests a second through it, as a ratio to nginx (proxy_pass, one worker) and to no proxy at
// all, measured in turns in one run against the same upstream. Absolute numbers belong to one machine; the ratios hold.
#include "base/clock.h"
#include "base/url.h"
#include "net/http_client.h"
#include "net/http_server.h"
#include "support/gateway_process.h"

#include <QCoreApplication>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace tokenscope;
namespace asio = boost::asio;
using Steady = std::chrono::steady_clock;

namespace {

constexpr int connections = 64;
constexpr int rounds = 5;
constexpr std::chrono::milliseconds round_time{1'000};
constexpr int chunks = 64;

const std::string plain_request =
    R"({"model":"m1","messages":[{"role":"user","content":")" + std::string(550, 'x') + R"("}]})";
const std::string stream_request = R"({"model":"m1","stream":true,"stream_options":{"include_usage":true},)"
                                   R"("messages":[{"role":"user","content":"hi"}]})";
const std::string reply =
    R"({"model":"m1","choices":[{"index":0,"message":{"content":")" + std::string(560, 'y')
    + R"("},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}})";
const std::string event = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"some words \"}}]}\n\n";

/// Answers at once: one JSON reply, or a stream of `chunks` events.
net::Task<void> upstream(net::Exchange& exchange)
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
    co_await exchange.write("data: [DONE]\n\n");
    co_await exchange.end_stream();
}

/// A closed loop of `connections` clients; counts what was answered in full.
class Load {
public:
    Load(const Url& target, const std::string& body) : m_target(target), m_body(body) {}

    double per_second()
    {
        m_end = Steady::now() + round_time;
        const auto began = Steady::now();
        for (int i = 0; i < connections; ++i)
            asio::co_spawn(m_io, client(), asio::detached);
        m_io.run();
        return static_cast<double>(m_done) / std::chrono::duration<double>(Steady::now() - began).count();
    }

private:
    net::Task<void> client()
    {
        while (Steady::now() < m_end) {
            net::UpstreamRequest request;
            request.method = "POST";
            request.origin = m_target;
            request.target = "/v1/chat/completions";
            request.headers = {{"Content-Type", "application/json"}};
            request.body = m_body;
            auto answer = co_await m_client.send(std::move(request), {});
            bool whole = answer.has_value() && answer->status() == 200;
            while (whole) {
                const auto part = co_await answer->read_some();
                whole = part.has_value();
                if (whole && part->empty())
                    break;
            }
            m_done += whole ? 1 : 0;
        }
        if (++m_finished == connections)
            m_watchdog.stop();
    }

    const Url m_target;
    const std::string& m_body;
    asio::io_context m_io{1};
    net::Watchdog m_watchdog{m_io.get_executor()};
    asio::ssl::context m_tls = net::make_client_tls();
    net::HttpClient m_client{m_io.get_executor(), m_tls, m_watchdog};
    Steady::time_point m_end;
    int m_done = 0;
    int m_finished = 0;
};

std::unique_ptr<QProcess> start_nginx(const QTemporaryDir& home, std::uint16_t upstream_port, std::uint16_t& port)
{
    auto nginx = QStandardPaths::findExecutable(QStringLiteral("nginx"));
    if (nginx.isEmpty())
        nginx = QStandardPaths::findExecutable(QStringLiteral("nginx"), {QStringLiteral("/usr/sbin")});
    if (nginx.isEmpty())
        return nullptr;
    QTcpServer probe;
    probe.listen(QHostAddress::LocalHost);
    port = probe.serverPort();
    probe.close();
    QFile config(home.filePath(QStringLiteral("nginx.conf")));
    if (!config.open(QIODevice::WriteOnly))
        return nullptr;
    config.write(fmt::format(R"(daemon off; worker_processes 1; pid {0}/pid; error_log {0}/error.log;
events {{ worker_connections 1024; }}
http {{ access_log off; client_body_temp_path {0}/b; proxy_temp_path {0}/p; fastcgi_temp_path {0}/f; uwsgi_temp_path {0}/u;
  scgi_temp_path {0}/s; keepalive_requests 1000000;
  upstream up {{ server 127.0.0.1:{1}; keepalive 128; keepalive_requests 1000000; }}
  server {{ listen 127.0.0.1:{2}; location / {{ proxy_pass http://up; proxy_http_version 1.1; proxy_buffering off;
    proxy_set_header Connection ""; }} }} }}
)",
                             home.path().toStdString(), upstream_port, port)
                     .c_str());
    config.close();
    auto process = std::make_unique<QProcess>();
    process->start(nginx, {QStringLiteral("-c"), config.fileName(), QStringLiteral("-p"), home.path()});
    if (!process->waitForStarted())
        return nullptr;
    QTest::qWait(300);
    return process;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    SystemClock clock;
    asio::io_context io(1);
    net::Watchdog watchdog(io.get_executor());
    net::HttpServer server(io, watchdog, clock, {}, upstream);
    if (!server.listen({.host = "127.0.0.1", .port = 0}))
        return 1;
    auto work = asio::make_work_guard(io);
    std::thread thread([&io] { io.run(); });

    const QTemporaryDir home;
    test::GatewayProcess gateway(
        QStringLiteral(
            "providers: [{ name: up, kind: openai, base_url: \"http://127.0.0.1:%1/v1\", max_in_flight: 1000 }]\n")
            .arg(server.port()),
        {QStringLiteral("--log-level"), QStringLiteral("error")});
    if (!gateway.started())
        qFatal("The gateway did not start: %s", gateway.log().constData());
    std::uint16_t nginx_port = 0;
    const auto nginx = start_nginx(home, server.port(), nginx_port);

    std::map<std::string, std::uint16_t> targets = {{"direct", server.port()}, {"gateway", gateway.port()}};
    if (nginx)
        targets["nginx"] = nginx_port;
    else
        fmt::print("nginx is not installed: only the ratio to no proxy is given.\n");
    for (const auto* body : {&plain_request, &stream_request}) {
        std::map<std::string, std::vector<double>> rates;
        for (int round = 0; round < rounds; ++round)
            for (const auto& [name, port] : targets)
                rates[name].push_back(Load(*parse_url("http://127.0.0.1:" + std::to_string(port)), *body).per_second());
        fmt::print("{}\n",
                   body == &plain_request ? "Whole replies, 64 connections" : "Streams of 64 chunks, 64 connections");
        const auto own = median(rates["gateway"]);
        for (const auto& [name, values] : rates)
            fmt::print("  {:8} {:9.0f} /s   gateway is {:.2f} of it\n", name, median(values), own / median(values));
    }
    if (nginx) {
        nginx->terminate();
        nginx->waitForFinished();
    }
    asio::post(io, [&] {
        server.drain();
        server.abort();
        watchdog.stop();
        work.reset();
    });
    thread.join();
    return 0;
}

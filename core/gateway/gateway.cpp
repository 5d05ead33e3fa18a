// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/gateway.h"

#include "gateway/error_reply.h"
#include "gateway/handlers/chat_completions.h"
#include "gateway/handlers/models.h"
#include "gateway/middleware/logging.h"
#include "gateway/middleware/metrics.h"
#include "gateway/middleware/origin.h"
#include "gateway/middleware/tracing.h"
#include "gateway/model_catalog.h"
#include "gateway/router.h"
#include "net/http_client.h"
#include "net/http_server.h"
#include "providers/registry.h"
#include "telemetry/exposition.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <set>
#include <thread>
#include <utility>

namespace tokenscope::gateway {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds listing_interval{10};
constexpr std::chrono::milliseconds drain_poll{20};
/// After requests have been cut, how long their coroutines may take to notice.
constexpr std::chrono::milliseconds unwind_time{2'000};

net::ServerLimits server_limits(const config::Limits& limits)
{
    return {.body_bytes = limits.body_bytes,
            .header_bytes = limits.header_bytes,
            .header_timeout = limits.header_timeout,
            .body_timeout = limits.body_timeout,
            .idle_timeout = limits.idle_timeout,
            .write_timeout = limits.write_timeout};
}

} // namespace

class Gateway::Core {
public:
    Core(config::Config config, GatewayServices services)
        : m_config(std::move(config)), m_services(std::move(services)), m_watchdog(m_io.get_executor()),
          m_tls(net::make_client_tls()), m_client(m_io.get_executor(), m_tls, m_watchdog)
    {
    }

    ~Core() { stop(); }

    Result<void> start();
    void stop();

    const config::Config m_config;
    const GatewayServices m_services;
    std::string m_base_url;

private:
    void add_routes();
    net::Task<void> keep_listing();
    net::Task<void> shut_down();
    net::Task<void> wait(std::chrono::milliseconds duration);

    asio::io_context m_io{1};
    net::Watchdog m_watchdog;
    asio::ssl::context m_tls;
    net::HttpClient m_client;
    std::optional<ModelCatalog> m_catalog;
    std::optional<ChatCompletions> m_chat;
    std::optional<Models> m_models;
    Router m_router;
    Handler m_pipeline;
    std::optional<net::HttpServer> m_server;
    CancelSource m_stopping;
    std::optional<asio::steady_timer> m_listing_timer;
    std::optional<asio::executor_work_guard<asio::io_context::executor_type>> m_work;
    std::thread m_thread;
};

Result<void> Gateway::Core::start()
{
    auto providers =
        providers::make_providers(m_config.providers, {m_client, m_watchdog, m_services.queues, m_services.clock});
    if (!providers)
        return failure(std::move(providers.error()));
    m_catalog.emplace(std::move(*providers), m_config.aliases, m_services.clock, m_stopping.token());
    m_chat.emplace(*m_catalog, m_services.tokens, m_services.records, m_services.clock);
    m_models.emplace(*m_catalog);
    add_routes();

    std::set<std::string, std::less<>> uncounted;
    if (!m_config.metrics.count_scrapes)
        uncounted.insert("/metrics");
    m_pipeline = with_logging(
        m_services.log, m_services.clock,
        with_tracing(with_metrics(m_services.http, m_services.clock, std::move(uncounted),
                                  with_origin_check([this](RequestContext& context) { return m_router(context); }))));

    const auto address = parse_host_port(m_config.listen);
    if (!address)
        return failure(address.error());
    m_server.emplace(m_io, m_watchdog, m_services.clock, server_limits(m_config.limits),
                     [this](net::Exchange& exchange) -> net::Task<void> {
                         RequestContext context{.exchange = exchange};
                         co_await m_pipeline(context);
                     });
    if (auto listening = m_server->listen(*address); !listening)
        return listening;
    const auto bound = HostPort{.host = address->host, .port = m_server->port()};
    m_base_url = "http://" + bound.to_string();

    m_listing_timer.emplace(m_io);
    asio::co_spawn(m_io, keep_listing(), asio::detached);
    m_work.emplace(m_io.get_executor());
    m_thread = std::thread([this] { m_io.run(); });
    return {};
}

void Gateway::Core::add_routes()
{
    const auto reply_text = [](RequestContext& context, std::string type, std::string body) -> net::Task<void> {
        net::Response response{.status = 200, .headers = {{"Content-Type", std::move(type)}}, .body = std::move(body)};
        co_await context.exchange.reply(std::move(response));
    };
    m_router.add("POST", "/v1/chat/completions", [this](RequestContext& context) { return m_chat->handle(context); });
    m_router.add("GET", "/v1/models", [this](RequestContext& context) { return m_models->list(context); });
    m_router.add("GET", "/v1/models/{id}", [this](RequestContext& context) { return m_models->one(context); });
    m_router.add("GET", "/health", [reply_text](RequestContext& context) {
        return reply_text(context, "application/json", "{\"status\":\"ok\"}\n");
    });
    m_router.add("GET", "/ready", [this](RequestContext& context) { return m_models->ready(context); });
    m_router.add("GET", "/metrics", [this, reply_text](RequestContext& context) {
        return reply_text(context, telemetry::text_content_type, m_services.metrics_page());
    });
}

net::Task<void> Gateway::Core::keep_listing()
{
    while (!m_stopping.cancelled()) {
        co_await m_catalog->refresh();
        if (m_stopping.cancelled())
            break;
        m_listing_timer->expires_after(listing_interval);
        co_await m_listing_timer->async_wait(net::awaiting);
    }
}

net::Task<void> Gateway::Core::wait(std::chrono::milliseconds duration)
{
    asio::steady_timer timer(m_io, duration);
    co_await timer.async_wait(net::awaiting);
}

net::Task<void> Gateway::Core::shut_down()
{
    using Steady = std::chrono::steady_clock;
    m_stopping.cancel();
    m_listing_timer->cancel();
    m_server->drain();
    const auto deadline = Steady::now() + m_config.limits.drain_timeout;
    while (m_server->connections() > 0 && Steady::now() < deadline)
        co_await wait(drain_poll);
    m_server->abort();
    const auto unwound = Steady::now() + unwind_time;
    while (m_server->connections() > 0 && Steady::now() < unwound)
        co_await wait(drain_poll);
    m_client.close_idle();
    m_watchdog.stop();
    m_work.reset();
}

void Gateway::Core::stop()
{
    if (!m_thread.joinable())
        return;
    asio::co_spawn(m_io, shut_down(), asio::detached);
    m_thread.join();
}

Gateway::Gateway(config::Config config, GatewayServices services)
    : m_core(std::make_unique<Core>(std::move(config), std::move(services)))
{
}

Gateway::~Gateway() = default;

Result<void> Gateway::start()
{
    return m_core->start();
}

void Gateway::stop()
{
    m_core->stop();
}

std::string Gateway::base_url() const
{
    return m_core->m_base_url;
}

} // namespace tokenscope::gateway

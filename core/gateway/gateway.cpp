// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/gateway.h"

#include "gateway/capturing_exchange.h"
#include "gateway/model_memory_watch.h"
#include "gateway/runtime.h"
#include "net/http_client.h"
#include "net/http_server.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <algorithm>
#include <chrono>
#include <future>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace tokenscope::gateway {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds listing_interval{10};
constexpr std::chrono::milliseconds drain_poll{20};
/// For telling clients that their requests are cut off.
constexpr std::chrono::milliseconds tell_time{1'000};
/// After connections have been cut, how long their coroutines may take to notice.
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
        : m_services(std::move(services)), m_unmeasured(without_metrics(m_services, m_no_metrics)),
          m_watchdog(m_io.get_executor()), m_tls(net::make_client_tls()),
          m_client(m_io.get_executor(), m_tls, m_watchdog,
                   {.proxies = m_services.env ? net::ProxyRules::from_environment(m_services.env) : net::ProxyRules()}),
          m_first_config(std::move(config))
    {
    }

    ~Core() { stop(); }

    Result<void> start();
    Result<void> apply(config::Config config);
    void stop();
    std::string base_url() const;
    std::string metrics_url() const;

private:
    using Server = std::unique_ptr<net::HttpServer>;

    Result<Server> listen(const std::string& address, const config::Limits& limits, net::HttpServer::Handler handler);
    Result<Server> listen_for_all(const config::Config& config);
    Result<Server> listen_for_pages(const config::Config& config);
    /// What can fail, before anything has changed.
    struct Next {
        std::shared_ptr<Runtime> runtime;
        Server server; ///< null: goes on listening where it does
        Server pages;  ///< null: as before, or nowhere
    };
    Result<Next> prepare(config::Config config);
    void adopt(Next next);
    /// Puts `next` in the place of `server`, if there is one; else the one that is there gets the limits.
    void replace(Server& server, Server next);
    void retire(Server server);
    void note_urls();
    Result<void> apply_here(config::Config config);

    net::Task<void> serve(net::Exchange& exchange);
    net::Task<void> serve_pages(net::Exchange& exchange);
    net::Task<void> keep_listing();
    net::Task<void> shut_down();
    /// Until all have ended, or `longest` has passed.
    net::Task<void> wait_for_connections(std::chrono::milliseconds longest);
    std::size_t connections() const;

    telemetry::NoMetrics m_no_metrics;
    const GatewayServices m_services;
    const GatewayServices m_unmeasured; ///< for configurations without metrics
    asio::io_context m_io{1};
    asio::thread_pool m_page_writer{1};
    net::Watchdog m_watchdog;
    asio::ssl::context m_tls;
    net::HttpClient m_client;
    config::Config m_first_config;
    CancelSource m_stopping; ///< requests in flight may finish
    CancelSource m_cut;      ///< they may not any more
    std::shared_ptr<Runtime> m_runtime;
    Server m_server;
    Server m_pages;                ///< of the metrics' own address; null: there is none
    std::vector<Server> m_retired; ///< of addresses before, until their last connection has ended
    std::optional<asio::steady_timer> m_listing_timer;
    std::optional<ModelMemoryWatch> m_memory_watch;
    std::optional<asio::executor_work_guard<asio::io_context::executor_type>> m_work;
    std::thread m_thread;
    mutable std::mutex m_mutex; ///< of what follows
    std::string m_base_url;
    std::string m_metrics_url;
    bool m_running = false;
};

Result<Gateway::Core::Server> Gateway::Core::listen(const std::string& address, const config::Limits& limits,
                                                    net::HttpServer::Handler handler)
{
    const auto place = parse_host_port(address);
    if (!place)
        return failure(place.error());
    auto server = std::make_unique<net::HttpServer>(m_io, m_watchdog, m_services.clock, server_limits(limits),
                                                    std::move(handler));
    if (auto listening = server->listen(*place); !listening)
        return failure(std::move(listening.error()));
    return server;
}

Result<Gateway::Core::Server> Gateway::Core::listen_for_all(const config::Config& config)
{
    return listen(config.listen, config.limits,
                  [this](net::Exchange& exchange) -> net::Task<void> { return serve(exchange); });
}

Result<Gateway::Core::Server> Gateway::Core::listen_for_pages(const config::Config& config)
{
    auto server = listen(config.observability.pages_address(), config.limits,
                         [this](net::Exchange& exchange) -> net::Task<void> { return serve_pages(exchange); });
    if (!server)
        server.error().message = "observability.metrics.address: " + server.error().message;
    return server;
}

Result<Gateway::Core::Next> Gateway::Core::prepare(config::Config config)
{
    const auto* const before = m_runtime ? &m_runtime->config() : nullptr;
    const auto& services = config.observability.metrics_on() ? m_services : m_unmeasured;
    auto runtime = Runtime::make(std::move(config),
                                 {m_io.get_executor(), m_client, m_watchdog, services, m_stopping.token(),
                                  m_cut.token(), m_page_writer.get_executor(), [this] { return base_url(); }},
                                 m_runtime.get());
    if (!runtime)
        return failure(std::move(runtime.error()));
    Next next{.runtime = std::move(*runtime), .server = {}, .pages = {}};
    const auto& after = next.runtime->config();
    if (!before || before->listen != after.listen) {
        auto listening = listen_for_all(after);
        if (!listening)
            return failure(std::move(listening.error()));
        next.server = std::move(*listening);
    }
    const auto pages = after.observability.pages_address();
    if (!pages.empty() && (!before || before->observability.pages_address() != pages)) {
        auto listening = listen_for_pages(after);
        if (!listening) {
            retire(std::move(next.server));
            return failure(std::move(listening.error()));
        }
        next.pages = std::move(*listening);
    }
    return next;
}

void Gateway::Core::adopt(Next next)
{
    m_runtime = std::move(next.runtime);
    if (m_memory_watch)
        m_memory_watch->watch(m_runtime->config().observability.metrics_on() ? m_runtime->providers()
                                                                             : Runtime::Providers());
    std::erase_if(m_retired, [](const Server& server) { return server->connections() == 0; });
    replace(m_server, std::move(next.server));
    if (m_runtime->config().observability.pages_address().empty())
        retire(std::move(m_pages));
    else
        replace(m_pages, std::move(next.pages));
    note_urls();
}

void Gateway::Core::replace(Server& server, Server next)
{
    if (!next) {
        server->set_limits(server_limits(m_runtime->config().limits));
        return;
    }
    retire(std::move(server));
    server = std::move(next);
}

void Gateway::Core::retire(Server server)
{
    if (!server)
        return;
    server->drain();
    m_retired.push_back(std::move(server));
}

void Gateway::Core::note_urls()
{
    const auto& config = m_runtime->config();
    const auto url = [](const std::string& address, const net::HttpServer& server) {
        return "http://" + HostPort{.host = parse_host_port(address)->host, .port = server.port()}.to_string();
    };
    auto base = url(config.listen, *m_server);
    auto metrics =
        m_pages ? url(config.observability.metrics.address, *m_pages) + config.observability.metrics.path : "";
    const std::lock_guard lock(m_mutex);
    m_base_url = std::move(base);
    m_metrics_url = std::move(metrics);
}

Result<void> Gateway::Core::start()
{
    auto next = prepare(std::move(m_first_config));
    if (!next)
        return failure(std::move(next.error()));
    if (m_services.model_memory)
        m_memory_watch.emplace(m_io.get_executor(), *m_services.model_memory);
    adopt(std::move(*next));
    m_listing_timer.emplace(m_io);
    asio::co_spawn(m_io, keep_listing(), asio::detached);
    m_work.emplace(m_io.get_executor());
    m_thread = std::thread([this] { m_io.run(); });
    const std::lock_guard lock(m_mutex);
    m_running = true;
    return {};
}

Result<void> Gateway::Core::apply_here(config::Config config)
{
    auto next = prepare(std::move(config));
    if (!next)
        return failure(std::move(next.error()));
    adopt(std::move(*next));
    m_listing_timer->cancel(); // the new providers are asked for their models at once
    return {};
}

Result<void> Gateway::Core::apply(config::Config config)
{
    auto applied = std::make_shared<std::promise<Result<void>>>();
    auto future = applied->get_future();
    {
        // Posted before the shutdown is, and therefore run.
        const std::lock_guard lock(m_mutex);
        if (!m_running)
            return failure(ErrorCode::shutting_down, "The gateway is not running.");
        asio::post(m_io, [this, applied, config = std::move(config)]() mutable {
            applied->set_value(apply_here(std::move(config)));
        });
    }
    return future.get();
}

std::string Gateway::Core::base_url() const
{
    const std::lock_guard lock(m_mutex);
    return m_base_url;
}

std::string Gateway::Core::metrics_url() const
{
    const std::lock_guard lock(m_mutex);
    return m_metrics_url;
}

net::Task<void> Gateway::Core::serve(net::Exchange& exchange)
{
    const auto runtime = m_runtime; // this one to the end, whatever is configured meanwhile
    std::optional<CapturingExchange> capturing;
    if (m_services.capture)
        capturing.emplace(exchange, *m_services.capture);
    RequestContext context{.exchange = capturing ? *capturing : exchange};
    context.capturing = capturing ? &*capturing : nullptr;
    co_await runtime->handle(context);
}

net::Task<void> Gateway::Core::serve_pages(net::Exchange& exchange)
{
    const auto runtime = m_runtime;
    RequestContext context{.exchange = exchange};
    co_await runtime->handle_pages(context);
}

net::Task<void> Gateway::Core::keep_listing()
{
    while (!m_stopping.cancelled()) {
        const auto runtime = m_runtime;
        co_await runtime->catalog().refresh();
        if (m_stopping.cancelled())
            break;
        if (runtime != m_runtime)
            continue;
        m_listing_timer->expires_after(listing_interval);
        co_await m_listing_timer->async_wait(net::awaiting);
    }
}

net::Task<void> Gateway::Core::wait_for_connections(std::chrono::milliseconds longest)
{
    const auto deadline = std::chrono::steady_clock::now() + longest;
    asio::steady_timer timer(m_io);
    while (connections() > 0 && std::chrono::steady_clock::now() < deadline) {
        timer.expires_after(drain_poll);
        co_await timer.async_wait(net::awaiting);
    }
}

std::size_t Gateway::Core::connections() const
{
    std::size_t sum = m_server->connections() + (m_pages ? m_pages->connections() : 0);
    for (const auto& server : m_retired)
        sum += server->connections();
    return sum;
}

net::Task<void> Gateway::Core::shut_down()
{
    m_stopping.cancel();
    m_listing_timer->cancel();
    if (m_memory_watch)
        m_memory_watch->stop();
    m_server->drain();
    retire(std::move(m_pages));
    co_await wait_for_connections(m_runtime->config().limits.drain_timeout);
    m_cut.cancel();
    co_await wait_for_connections(tell_time);
    m_server->abort();
    for (const auto& server : m_retired)
        server->abort();
    co_await wait_for_connections(unwind_time);
    m_runtime->stop();
    m_client.close_idle();
    m_watchdog.stop();
    m_work.reset();
}

void Gateway::Core::stop()
{
    if (!m_thread.joinable())
        return;
    {
        const std::lock_guard lock(m_mutex);
        m_running = false;
    }
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

Result<void> Gateway::apply(config::Config config)
{
    return m_core->apply(std::move(config));
}

void Gateway::stop()
{
    m_core->stop();
}

std::string Gateway::base_url() const
{
    return m_core->base_url();
}

std::string Gateway::metrics_url() const
{
    return m_core->metrics_url();
}

} // namespace tokenscope::gateway

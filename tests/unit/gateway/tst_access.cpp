// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fake_exchange.h"
#include "gateway/middleware/auth.h"
#include "gateway/middleware/cors.h"
#include "gateway/middleware/logging.h"
#include "gateway/middleware/origin.h"
#include "gateway/middleware/rate_limit.h"
#include "gateway/router.h"
#include "net/http_server.h"
#include "support/raw_http.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <QTest>

#include <nlohmann/json.hpp>

#include <mutex>
#include <thread>

using namespace tokenscope;
using namespace tokenscope::test;
using namespace tokenscope::gateway;

namespace {

const QByteArray alices = "sk-alice-0123456789";

net::Task<void> say_who(RequestContext& context)
{
    auto body = co_await context.exchange.read_body();
    if (!body) {
        context.error = body.error();
        auto refused = error_reply(*context.error, context.error_shape());
        co_await context.exchange.reply(std::move(refused));
        co_return;
    }
    net::Response ok{.status = 200, .body = context.client.empty() ? "nobody" : context.client};
    co_await context.exchange.reply(std::move(ok));
}

/// All that guards a gateway, in its order, on a real server: origin and CORS, rate limit, keys, routes.
class GuardedServer {
public:
    explicit GuardedServer(config::Auth auth, config::RateLimit limit = {})
        : m_log({.to_stderr = false, .sink = [this](std::string_view line) { keep(line); }}), m_limiter(limit, m_clock)
    {
        const auto keys = std::make_shared<const KeyRing>(KeyRing::make(auth.keys).value());
        const auto policy = std::make_shared<const OriginPolicy>(OriginPolicy::make(auth, "devbox").value());
        m_router.add("POST", "/v1/chat/completions", say_who);
        m_router.add("GET", "/v1/models", say_who);
        m_router.add("GET", "/health", say_who);
        m_pipeline =
            with_logging(m_log, m_clock,
                         with_origin_check(
                             policy, with_cors(policy, with_rate_limit(keys, m_limiter, m_metrics, {},
                                                                       with_auth(keys, [this](RequestContext& context) {
                                                                           return m_router(context);
                                                                       })))));
        m_server.emplace(m_io, m_watchdog, m_clock, net::ServerLimits{.body_bytes = 1000, .header_bytes = 16'384},
                         [this](net::Exchange& exchange) -> net::Task<void> {
                             RequestContext context{.exchange = exchange};
                             co_await m_pipeline(context);
                         });
        const auto listening = m_server->listen({.host = "127.0.0.1"});
        if (!listening)
            qFatal("%s", listening.error().message.c_str());
        m_thread = std::thread([this] { m_io.run(); });
    }
    ~GuardedServer()
    {
        boost::asio::post(m_io, [this] {
            m_server->drain();
            m_server->abort();
            m_watchdog.stop();
            m_work.reset();
        });
        m_thread.join();
    }

    std::uint16_t port() const { return m_server->port(); }
    QByteArray log_lines() const
    {
        const std::lock_guard lock(m_mutex);
        return m_lines;
    }

private:
    void keep(std::string_view line)
    {
        const std::lock_guard lock(m_mutex);
        m_lines += QByteArray(line.data(), qsizetype(line.size()));
    }

    boost::asio::io_context m_io{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> m_work{m_io.get_executor()};
    net::Watchdog m_watchdog{m_io.get_executor()};
    ManualClock m_clock;
    mutable std::mutex m_mutex;
    QByteArray m_lines;
    telemetry::Logger m_log;
    RateLimiter m_limiter;
    CountingGatewayMetrics m_metrics;
    Router m_router;
    Handler m_pipeline;
    std::optional<net::HttpServer> m_server;
    std::thread m_thread;
};

config::Auth keys_and_a_page()
{
    auto auth = auth_of({{"alice", alices.toStdString()}});
    auth.allowed_origins = {"https://app.example"};
    return auth;
}

} // namespace

/// The guards together, over real sockets.
class TstAccess : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void a_key_opens_it()
    {
        GuardedServer server(keys_and_a_page());
        RawHttp client(server.port());
        client.post("/v1/chat/completions", "{}", "Authorization: Bearer " + alices + "\r\n");
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 200);
        QCOMPARE(client.body(), QByteArray("alice"));
        client.post("/v1/chat/completions", "{}");
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 401);
        QCOMPARE(client.header("www-authenticate"), QByteArray("Bearer"));
        QVERIFY(!client.header("x-request-id").isEmpty());
    }

    void refusals_are_logged_without_the_key()
    {
        GuardedServer server(keys_and_a_page());
        RawHttp client(server.port());
        client.post("/v1/chat/completions", "{}", "x-api-key: sk-guess-0123\r\n");
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 401);
        QTRY_VERIFY(server.log_lines().contains("unauthorized"));
        QVERIFY(!server.log_lines().contains("sk-guess"));
    }

    void folded_and_doubled_keys()
    {
        GuardedServer server(keys_and_a_page());
        RawHttp doubled(server.port());
        doubled.post("/v1/chat/completions", "{}",
                     "Authorization: Bearer " + alices + "\r\nAuthorization: Bearer other\r\n");
        QVERIFY(doubled.read_reply());
        QCOMPARE(doubled.status(), 401);
        QVERIFY(doubled.body().contains("different keys"));
        RawHttp latin(server.port());
        latin.post("/v1/chat/completions", "{}", "Authorization: Bearer schl\xfcssel\r\n");
        QVERIFY(latin.read_reply());
        QVERIFY(latin.status() == 401 || latin.status() == 400);
    }

    void a_body_that_is_too_large_needs_a_key_too()
    {
        GuardedServer server(keys_and_a_page());
        RawHttp stranger(server.port());
        stranger.post("/v1/chat/completions", QByteArray(2000, ' '));
        QVERIFY(stranger.read_reply());
        QCOMPARE(stranger.status(), 401);
        RawHttp alice(server.port());
        alice.post("/v1/chat/completions", QByteArray(2000, ' '), "x-api-key: " + alices + "\r\n");
        QVERIFY(alice.read_reply());
        QCOMPARE(alice.status(), 413);
    }

    void garbage_is_refused_as_garbage()
    {
        GuardedServer server(keys_and_a_page(), {.requests_per_second = 1, .burst = 1});
        for (int i = 0; i < 3; ++i) {
            RawHttp client(server.port());
            client.send("this is not http\r\n\r\n");
            QVERIFY(client.read_reply());
            QCOMPARE(client.status(), 400);
        }
        RawHttp large(server.port());
        large.send("GET /health HTTP/1.1\r\nHost: localhost\r\nX-Big: " + QByteArray(20'000, 'a') + "\r\n\r\n");
        QVERIFY(large.read_reply());
        QCOMPARE(large.status(), 431);
    }

    void a_page_can_read_refusals()
    {
        GuardedServer server(keys_and_a_page(), {.requests_per_second = 0.1, .burst = 1});
        RawHttp client(server.port());
        const QByteArray page = "Origin: https://app.example\r\n";
        client.post("/v1/chat/completions", "{}", page);
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 401);
        QCOMPARE(client.header("access-control-allow-origin"), QByteArray("https://app.example"));
        RawHttp again(server.port());
        again.post("/v1/chat/completions", "{}", page);
        QVERIFY(again.read_reply());
        QCOMPARE(again.status(), 429);
        QCOMPARE(again.header("access-control-allow-origin"), QByteArray("https://app.example"));
        QVERIFY(again.header("access-control-expose-headers").contains("retry-after"));
        QCOMPARE(again.header("retry-after"), QByteArray("10"));
        QCOMPARE(again.header("x-ratelimit-remaining-requests"), QByteArray("0"));
    }

    void a_preflight_needs_no_key_and_costs_nothing()
    {
        GuardedServer server(keys_and_a_page(), {.requests_per_second = 0.1, .burst = 1});
        for (int i = 0; i < 3; ++i) {
            RawHttp client(server.port());
            client.send("OPTIONS /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        "Origin: https://app.example\r\nAccess-Control-Request-Method: POST\r\n"
                        "Access-Control-Request-Headers: authorization\r\n\r\n");
            QVERIFY(client.read_reply());
            QCOMPARE(client.status(), 204);
            QCOMPARE(client.header("access-control-allow-headers"), QByteArray("authorization"));
        }
        RawHttp program(server.port());
        program.send("OPTIONS /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QVERIFY(program.read_reply());
        QCOMPARE(program.status(), 401);
    }

    void foreign_pages_use_up_nobodys_limit()
    {
        GuardedServer server({}, {.requests_per_second = 0.1, .burst = 1});
        for (int i = 0; i < 3; ++i) {
            RawHttp client(server.port());
            client.post("/v1/chat/completions", "{}", "Origin: https://evil.example\r\n");
            QVERIFY(client.read_reply());
            QCOMPARE(client.status(), 403);
            QCOMPARE(client.header("access-control-allow-origin"), QByteArray());
        }
        RawHttp client(server.port());
        client.post("/v1/chat/completions", "{}");
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 200);
        QCOMPARE(client.body(), QByteArray("nobody"));
    }

    void health_stays_open()
    {
        GuardedServer server(keys_and_a_page(), {.requests_per_second = 0.1, .burst = 1});
        RawHttp client(server.port());
        for (int i = 0; i < 5; ++i) {
            client.get("/health");
            QVERIFY(client.read_reply());
            QCOMPARE(client.status(), 200);
        }
        client.get("/v1/models");
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 401);
    }
};

QTEST_GUILESS_MAIN(TstAccess)
#include "tst_access.moc"

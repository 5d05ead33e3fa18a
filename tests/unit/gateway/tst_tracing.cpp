// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fake_exchange.h"
#include "gateway/middleware/tracing.h"
#include "trace_collector.h"

#include <QTest>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <stdexcept>

using namespace tokenscope;
using namespace tokenscope::test;
using gateway::Handler;
using gateway::RequestContext;

namespace {

net::Task<void> throws(RequestContext&)
{
    throw std::runtime_error("a secret");
    co_return;
}

net::Task<void> waits_for_ever(RequestContext&)
{
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, std::chrono::hours(1));
    co_await timer.async_wait(boost::asio::use_awaitable);
}

} // namespace

/// The middleware alone: every way out of a handler ends the request's span.
class TstTracing : public QObject {
    Q_OBJECT

    TraceCollector m_traces;
    ManualClock m_clock;
    const telemetry::Tracer m_tracer{config::Observability{}, m_traces, m_clock};

private Q_SLOTS:
    void an_exception_is_an_error_and_passes()
    {
        FakeExchange exchange("POST", "/v1/responses");
        bool passed = false;
        {
            RequestContext context{.exchange = exchange};
            const auto handler = gateway::with_tracing(m_tracer, {}, throws);
            boost::asio::io_context io;
            boost::asio::co_spawn(io, handler(context), [&](std::exception_ptr thrown) { passed = thrown != nullptr; });
            io.run();
        }
        QVERIFY(passed);
        QCOMPARE(TraceCollector::tree(m_traces.last()), std::string("HTTP POST <unmatched> ERROR 500\n"));
        QCOMPARE(attribute(m_traces.last()[0], "http.status_code"), std::string("500"));
        QVERIFY(!TraceCollector::tells(m_traces.last(), "secret"));
    }

    void a_destroyed_coroutine_ends_it()
    {
        FakeExchange exchange("POST", "/v1/responses");
        const auto handler = gateway::with_tracing(m_tracer, {}, waits_for_ever);
        const auto serve = [&exchange, &handler]() -> net::Task<void> {
            RequestContext context{.exchange = exchange};
            co_await handler(context);
        };
        const auto before = m_traces.count();
        {
            boost::asio::io_context io;
            boost::asio::co_spawn(io, serve(), [](std::exception_ptr) {});
            io.poll();
            QCOMPARE(m_traces.count(), before);
        }
        QCOMPARE(m_traces.count(), before + 1);
    }

    void a_good_reply_is_unset()
    {
        FakeExchange exchange("GET", "/health");
        const auto ran =
            run(exchange, [this](Handler next) { return gateway::with_tracing(m_tracer, {}, std::move(next)); });
        QVERIFY(ran.reached);
        QCOMPARE(TraceCollector::tree(m_traces.last()), std::string("HTTP GET <unmatched>\n"));
        QCOMPARE(int(m_traces.last()[0].status), int(telemetry::SpanStatus::unset));
    }
};

QTEST_APPLESS_MAIN(TstTracing)
#include "tst_tracing.moc"

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/queued_provider.h"
#include "support/silent_telemetry.h"
#include "telemetry/request_observation.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <QtTest>

#include <deque>
#include <exception>
#include <memory>
#include <string>
#include <vector>

using namespace tokenscope;
using namespace tokenscope::providers;
using namespace std::chrono_literals;
using Names = std::vector<std::string>;

namespace {

/// Notes whose calls it gets, and holds each until the next one() lets it go.
class HoldingProvider final : public Provider {
public:
    HoldingProvider(boost::asio::io_context& io, Names& calls) : m_calls(calls), m_hold(io) {}

    const std::string& name() const override { return m_name; }
    std::string_view kind() const override { return "openai"; }
    bool speaks(llm::Api) const override { return true; }
    Task<Result<Reply>> generate(ModelCall& call) override
    {
        co_await hold(call);
        co_return Reply{};
    }
    Task<Result<StreamOutcome>> generate_stream(ModelCall& call, StreamSink&) override
    {
        co_await hold(call);
        co_return StreamOutcome(StreamEnd{});
    }
    Task<Result<std::vector<ModelInfo>>> models(CancelToken) override { co_return std::vector<ModelInfo>(); }
    Task<Result<void>> health(CancelToken) override { co_return Result<void>(); }
    Task<Result<Reply>> side_call(SideCall) override { co_return Reply{}; }

    void one() { m_hold.cancel(); }

private:
    Task<void> hold(ModelCall& call)
    {
        m_calls.push_back(call.client_key);
        m_hold.expires_after(1h);
        co_await m_hold.async_wait(net::awaiting);
    }

    const std::string m_name = "up";
    Names& m_calls;
    boost::asio::steady_timer m_hold;
};

class NoSink final : public StreamSink {
public:
    Task<Result<void>> begin(const Headers&) override { co_return Result<void>(); }
    Task<Result<void>> write(StreamChunk) override { co_return Result<void>(); }
};

/// A call and all that it refers to.
struct Call {
    Call(test::SilentTelemetry& none, const Clock& clock, std::string key)
        : observation(none.observers(clock), {.route = "/v1/chat/completions", .request_id = "id"}), call{.request = request,
                                                                                 .upstream_model = "m",
                                                                                 .observed = observation,
                                                                                 .client_key = std::move(key)}
    {
    }

    llm::ModelRequest request;
    telemetry::RequestObservation observation;
    ModelCall call;
};

} // namespace

/// What the queue's decorator makes of calls: whose turn it is, and when they waited.
class TstQueuedProvider : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void calls_wait_as_their_clients_key()
    {
        boost::asio::io_context io;
        net::Watchdog watchdog(io.get_executor());
        test::SilentTelemetry none;
        ManualClock clock;
        Names calls;
        auto holding = std::make_unique<HoldingProvider>(io, calls);
        auto& inner = *holding;
        QueuedProvider provider(
            std::move(holding),
            std::make_unique<AdmissionQueue>("up", AdmissionQueue::Limits{.max_in_flight = 1}, none, clock, watchdog));
        std::deque<Call> pending;
        NoSink sink;
        const auto settle = [&io] {
            io.restart();
            while (io.poll() > 0) {}
        };
        const auto rethrow = [](std::exception_ptr thrown, const auto&) {
            if (thrown)
                std::rethrow_exception(thrown);
        };
        for (const auto* key : {"a", "a", "a", "b", ""}) {
            auto& next = pending.emplace_back(none, clock, key);
            // Streamed or not, there is one line.
            if (pending.size() % 2)
                boost::asio::co_spawn(io, provider.generate(next.call), rethrow);
            else
                boost::asio::co_spawn(io, provider.generate_stream(next.call, sink), rethrow);
            settle();
        }
        QCOMPARE(calls, (Names{"a"}));
        clock.advance(1s);
        for (int i = 0; i < 5; ++i) {
            inner.one();
            settle();
        }
        QCOMPARE(calls, (Names{"a", "b", "", "a", "a"}));
        QCOMPARE(*pending[0].observation.so_far().dequeued - *pending[0].observation.so_far().queued, Nanos(0));
        QCOMPARE(*pending[3].observation.so_far().dequeued - *pending[3].observation.so_far().queued, Nanos(1s));
        watchdog.stop();
        settle();
    }

    void raised_limits_reach_the_queue()
    {
        boost::asio::io_context io;
        net::Watchdog watchdog(io.get_executor());
        test::SilentTelemetry none;
        ManualClock clock;
        Names calls;
        auto holding = std::make_unique<HoldingProvider>(io, calls);
        auto& inner = *holding;
        QueuedProvider provider(
            std::move(holding),
            std::make_unique<AdmissionQueue>("up", AdmissionQueue::Limits{.max_in_flight = 0}, none, clock, watchdog));
        Call call(none, clock, "a");
        boost::asio::co_spawn(io, provider.generate(call.call), [](std::exception_ptr, const auto&) {});
        const auto settle = [&io] {
            io.restart();
            while (io.poll() > 0) {}
        };
        settle();
        QVERIFY(calls.empty());
        provider.set_limits({.max_in_flight = 1});
        settle();
        QCOMPARE(calls, (Names{"a"}));
        inner.one();
        settle();
        watchdog.stop();
        settle();
    }
};

QTEST_APPLESS_MAIN(TstQueuedProvider)
#include "tst_queued_provider.moc"

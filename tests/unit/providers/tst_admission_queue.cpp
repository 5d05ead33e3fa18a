// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/admission_queue.h"

#include "support/silent_telemetry.h"
#include "telemetry/live/live_board.h"
#include "telemetry/request_observation.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <QtTest>

#include <algorithm>
#include <deque>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace tokenscope;
using namespace std::chrono_literals;
using providers::AdmissionQueue;
using Names = std::vector<std::string>;
using Counts = std::map<std::string, int>;

namespace {

class Metrics final : public telemetry::QueueMetrics {
public:
    void depth(std::string_view, std::size_t waiting) override { depth_now = waiting; }
    void waited(std::string_view, Nanos wait) override { waits.push_back(wait); }
    void rejected(std::string_view, std::string_view reason) override { ++rejections[std::string(reason)]; }

    std::size_t depth_now = 99;
    std::vector<Nanos> waits;
    Counts rejections;
};

/// A queue, and requests that stay in it until they are told to leave.
class Bench {
public:
    struct Request {
        std::string name;
        CancelSource source;
        std::optional<AdmissionQueue::Ticket> ticket;
        std::optional<Error> error;
        std::optional<telemetry::RequestObservation> observed; ///< only of those that are watched
    };

    explicit Bench(AdmissionQueue::Limits limits) : queue("up", limits, metrics, clock, watchdog) {}
    ~Bench()
    {
        // Nobody may be left in line: a suspended coroutine would leak.
        for (auto& request : requests)
            request.source.cancel();
        settle();
        for (auto& request : requests)
            request.ticket.reset();
        watchdog.stop();
        settle();
    }

    Request& enter(const std::string& name, const std::string& key = {}, bool watched = false)
    {
        auto& request = requests.emplace_back();
        request.name = name;
        if (watched) {
            auto observers = silent.observers(clock);
            observers.live = &board;
            request.observed.emplace(observers, telemetry::RequestBeginning{.request_id = name});
        }
        boost::asio::co_spawn(io, wait_for_turn(request, key), [](std::exception_ptr thrown) {
            if (thrown)
                std::rethrow_exception(thrown);
        });
        settle();
        return request;
    }

    /// Runs all that is ready to run.
    void settle()
    {
        io.restart();
        while (io.poll() > 0) {}
    }

    void leave(Request& request)
    {
        request.ticket.reset();
        settle();
    }

    /// Lets whoever is in flight leave, one by one, until nobody is; tells in which order they were admitted.
    Names serve_all()
    {
        while (queue.in_flight() > 0)
            for (auto& request : requests)
                if (request.ticket) {
                    leave(request);
                    break;
                }
        return admitted;
    }

    /// Those in line, as the board has them.
    Names line() const
    {
        std::map<std::size_t, std::string> places;
        for (const auto& request : board.now())
            if (request.queue_position)
                places.emplace(*request.queue_position, request.request_id);
        Names names;
        for (const auto& [place, name] : places)
            names.push_back(place == names.size() + 1 ? name : "gap");
        return names;
    }

    test::SilentTelemetry silent;
    telemetry::LiveBoard board;
    boost::asio::io_context io;
    net::Watchdog watchdog{io.get_executor(), 1ms};
    Metrics metrics;
    ManualClock clock;
    AdmissionQueue queue;
    std::deque<Request> requests;
    Names admitted;

private:
    net::Task<void> wait_for_turn(Request& request, std::string key)
    {
        auto ticket =
            co_await queue.enter(request.source.token(), key, request.observed ? &*request.observed : nullptr);
        if (!ticket) {
            request.error = ticket.error();
            co_return;
        }
        admitted.push_back(request.name);
        request.ticket.emplace(std::move(*ticket));
    }
};

std::optional<ErrorCode> code(const Bench::Request& request)
{
    return request.error ? std::optional(request.error->code) : std::nullopt;
}

} // namespace

/// The line in front of a provider: order, fairness, leaving, limits.
class TstAdmissionQueue : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void the_line_as_it_is_shown()
    {
        Bench bench({.max_in_flight = 1, .max_queue = 10});
        auto& first = bench.enter("a1", "a", true);
        QCOMPARE(bench.line(), Names{});
        bench.enter("a2", "a", true);
        auto& third = bench.enter("a3", "a", true);
        bench.enter("a4", "a", true);
        QCOMPARE(bench.line(), (Names{"a2", "a3", "a4"}));
        bench.enter("b1", "b", true); // a new key goes first, so that the others' places grow
        bench.enter("c1", "c", true);
        bench.enter("b2", "b", true);
        QCOMPARE(bench.line(), (Names{"b1", "c1", "a2", "b2", "a3", "a4"}));
        third.source.cancel();
        bench.settle();
        QCOMPARE(bench.line(), (Names{"b1", "c1", "a2", "b2", "a4"}));
        bench.enter("unwatched", "d");
        QCOMPARE(bench.line(), (Names{"b1", "c1", "a2", "b2", "a4"}));
        bench.leave(first);
        QCOMPARE(bench.admitted, (Names{"a1", "b1"}));
        QCOMPARE(bench.line(), (Names{"c1", "a2", "b2", "a4"}));
    }

    void they_are_served_as_it_is_shown()
    {
        // At every step the whole order that is shown must be the one that comes, if nobody else does.
        const Names keys{"a", "b", "a", "c", "a", "b", "a", "b", "c", "a"};
        for (std::size_t steps = 0; steps <= 4; ++steps) {
            Bench bench({.max_in_flight = 2, .max_queue = 100});
            for (std::size_t i = 0; i < keys.size(); ++i)
                bench.enter(keys[i] + std::to_string(i), keys[i], true);
            for (std::size_t i = 0; i < steps; ++i)
                bench.leave(bench.requests[i]);
            bench.enter("d", "d", true);
            bench.enter("a10", "a", true);
            auto expected = bench.admitted;
            for (const auto& name : bench.line())
                expected.push_back(name);
            QCOMPARE(expected.size(), keys.size() + 2);
            QCOMPARE(bench.serve_all(), expected);
            QCOMPARE(bench.line(), Names{});
        }
    }

    void who_is_turned_away_is_in_no_line()
    {
        Bench bench({.max_in_flight = 1, .max_queue = 2});
        bench.enter("a1", "a", true);
        bench.enter("a2", "a", true);
        bench.enter("a3", "a", true);
        bench.enter("b1", "b", true); // takes a3's place
        QCOMPARE(bench.line(), (Names{"b1", "a2"}));
        QCOMPARE(bench.board.now().size(), std::size_t{4}); // in flight they are until they are done with
    }

    void who_waited_too_long_is_in_no_line()
    {
        Bench bench({.max_in_flight = 1, .max_queue = 2, .timeout = 1ms});
        bench.enter("a1", "a", true);
        bench.enter("a2", "a", true);
        const auto give_up = std::chrono::steady_clock::now() + 10s;
        while (bench.queue.waiting() > 0 && std::chrono::steady_clock::now() < give_up) {
            bench.io.restart();
            bench.io.run_one_for(100ms);
        }
        QCOMPARE(bench.queue.waiting(), std::size_t{0});
        QCOMPARE(bench.line(), Names{});
        bench.settle();
    }

    void without_keys_it_is_a_plain_line()
    {
        Bench bench({.max_in_flight = 2, .max_queue = 10});
        QCOMPARE(bench.metrics.depth_now, std::size_t(0));
        for (const auto* name : {"1", "2", "3", "4", "5"})
            bench.enter(name);
        QCOMPARE(bench.admitted, (Names{"1", "2"}));
        QCOMPARE(bench.queue.in_flight(), std::size_t(2));
        QCOMPARE(bench.queue.waiting(), std::size_t(3));
        QCOMPARE(bench.metrics.depth_now, std::size_t(3));
        QCOMPARE(bench.serve_all(), (Names{"1", "2", "3", "4", "5"}));
        QCOMPARE(bench.queue.in_flight(), std::size_t(0));
        QCOMPARE(bench.metrics.depth_now, std::size_t(0));
        QVERIFY(bench.metrics.rejections.empty());
    }

    void waits_are_published()
    {
        Bench bench({.max_in_flight = 1, .max_queue = 10});
        auto& first = bench.enter("1");
        bench.clock.advance(1s);
        bench.enter("2");
        bench.clock.advance(2s);
        bench.leave(first);
        QCOMPARE(bench.metrics.waits, (std::vector<Nanos>{0s, 2s}));
    }

    void a_flood_delays_others_by_one_call()
    {
        Bench bench({.max_in_flight = 1, .max_queue = 256});
        auto& first = bench.enter("a0", "a");
        for (int i = 1; i <= 100; ++i)
            bench.enter("a" + std::to_string(i), "a");
        bench.enter("b", "b");
        bench.leave(first);
        QCOMPARE(bench.admitted, (Names{"a0", "b"}));
        // And a's own order is kept.
        const auto served = bench.serve_all();
        QCOMPARE(served.size(), std::size_t(102));
        QCOMPARE(served[2], std::string("a1"));
        QCOMPARE(served.back(), std::string("a100"));
    }

    void one_at_a_time_gets_every_other_turn()
    {
        Bench bench({.max_in_flight = 1, .max_queue = 256});
        auto* running = &bench.enter("a", "a");
        for (int i = 0; i < 20; ++i)
            bench.enter("a", "a");
        // b sends its next request only once it has the reply of the one before.
        for (int i = 0; i < 5; ++i) {
            auto& b = bench.enter("b", "b");
            bench.leave(*running);
            QVERIFY(b.ticket);
            bench.leave(b);
            const auto next = std::find_if(bench.requests.begin(), bench.requests.end(),
                                           [](const auto& request) { return request.ticket.has_value(); });
            running = &*next;
        }
        QCOMPARE(bench.admitted, (Names{"a", "b", "a", "b", "a", "b", "a", "b", "a", "b", "a"}));
    }

    void those_who_come_back_do_not_starve_others()
    {
        Bench bench({.max_in_flight = 1, .max_queue = 256});
        bench.enter("a", "a");
        for (int i = 0; i < 5; ++i)
            bench.enter("a", "a");
        for (const auto* name : {"b", "c", "d"})
            bench.enter(name, name);
        for (int turn = 0; turn < 16; ++turn) {
            const auto running = std::find_if(bench.requests.begin(), bench.requests.end(),
                                              [](const auto& request) { return request.ticket.has_value(); });
            const auto name = running->name;
            bench.leave(*running);
            // Each has one request at a time, and the next one at once.
            if (name != "a")
                bench.enter(name, name);
        }
        QCOMPARE(bench.admitted.size(), std::size_t(17));
        QCOMPARE(std::count(bench.admitted.begin(), bench.admitted.end(), std::string("a")), std::ptrdiff_t(5));
        QCOMPARE(Names(bench.admitted.begin() + 8, bench.admitted.begin() + 12), (Names{"a", "b", "c", "d"}));
    }

    void keys_take_turns()
    {
        Bench bench({.max_in_flight = 1, .max_queue = 256});
        auto& blocker = bench.enter("x", "x");
        for (const auto* name : {"a1", "a2", "a3", "b1", "b2", "c1"})
            bench.enter(name, std::string(1, *name));
        bench.leave(blocker);
        QCOMPARE(bench.serve_all(), (Names{"x", "a1", "b1", "c1", "a2", "b2", "a3"}));
    }

    void several_in_flight_are_shared_too()
    {
        Bench bench({.max_in_flight = 4, .max_queue = 256});
        for (int i = 0; i < 12; ++i)
            bench.enter("a", "a");
        for (int i = 0; i < 4; ++i)
            bench.enter("b", "b");
        const auto served = bench.serve_all();
        // Four were a's before b came; then they alternate until b has none left.
        QCOMPARE(Names(served.begin() + 4, served.begin() + 12), (Names{"b", "a", "b", "a", "b", "a", "b", "a"}));
    }

    void a_full_queue_refuses()
    {
        Bench bench({.max_in_flight = 1, .max_queue = 2});
        bench.enter("1");
        bench.enter("2");
        bench.enter("3");
        auto& refused = bench.enter("4");
        QCOMPARE(code(refused), ErrorCode::queue_full);
        QCOMPARE(refused.error->retry_after, std::chrono::seconds(1));
        QCOMPARE(bench.metrics.rejections, (Counts{{"full", 1}}));
        QCOMPARE(bench.serve_all(), (Names{"1", "2", "3"}));
    }

    void no_queue_at_all()
    {
        Bench bench({.max_in_flight = 1, .max_queue = 0});
        auto& first = bench.enter("1", "a");
        QCOMPARE(code(bench.enter("2", "a")), ErrorCode::queue_full);
        QCOMPARE(code(bench.enter("3", "b")), ErrorCode::queue_full);
        bench.leave(first);
        bench.enter("4", "b");
        QCOMPARE(bench.admitted, (Names{"1", "4"}));
    }

    void a_flood_cannot_take_the_whole_queue()
    {
        Bench bench({.max_in_flight = 1, .max_queue = 4});
        auto& first = bench.enter("a0", "a");
        for (const auto* name : {"a1", "a2", "a3", "a4"})
            bench.enter(name, "a");
        auto& a4 = bench.requests.back();
        auto& b1 = bench.enter("b1", "b");
        QVERIFY(!b1.error);
        QCOMPARE(code(a4), ErrorCode::queue_full); // a's newest made room
        QCOMPARE(bench.queue.waiting(), std::size_t(4));
        QVERIFY(!bench.enter("b2", "b").error); // a 3, b 1 -> a 2, b 2
        // From here on nobody has clearly more, so nobody is thrown out.
        QCOMPARE(code(bench.enter("b3", "b")), ErrorCode::queue_full);
        QCOMPARE(code(bench.enter("a5", "a")), ErrorCode::queue_full);
        QVERIFY(!bench.enter("c1", "c").error);
        QCOMPARE(bench.queue.waiting(), std::size_t(4));
        QCOMPARE(bench.metrics.depth_now, std::size_t(4));
        QCOMPARE(bench.metrics.rejections, (Counts{{"full", 5}}));
        bench.leave(first);
        const auto served = bench.serve_all();
        QCOMPARE(served.size(), std::size_t(5));
        QCOMPARE(std::count(served.begin(), served.end(), std::string("c1")), std::ptrdiff_t(1));
    }

    void who_leaves_is_forgotten_at_once()
    {
        Bench bench({.max_in_flight = 1, .max_queue = 10});
        auto& first = bench.enter("1", "a");
        auto& leaver = bench.enter("2", "a");
        auto& alone = bench.enter("3", "b");
        bench.enter("4", "a");
        leaver.source.cancel();
        alone.source.cancel();
        QCOMPARE(bench.queue.waiting(), std::size_t(1)); // before anything else has run
        QCOMPARE(bench.metrics.depth_now, std::size_t(1));
        bench.settle();
        QCOMPARE(code(leaver), ErrorCode::client_gone);
        QCOMPARE(code(alone), ErrorCode::client_gone);
        QVERIFY(!leaver.error->retry_after);
        bench.leave(first);
        QCOMPARE(bench.admitted, (Names{"1", "4"}));
        QCOMPARE(bench.metrics.rejections, (Counts{{"client_gone", 2}}));
    }

    void gone_before_the_line()
    {
        Bench bench({.max_in_flight = 1, .max_queue = 10});
        CancelSource source;
        source.cancel();
        std::optional<ErrorCode> error;
        const auto enter = [](AdmissionQueue& queue, CancelToken gone,
                              std::optional<ErrorCode>& out) -> net::Task<void> {
            auto ticket = co_await queue.enter(gone, "a");
            out = ticket.error().code;
        };
        boost::asio::co_spawn(bench.io, enter(bench.queue, source.token(), error), [](std::exception_ptr) {});
        bench.settle();
        QCOMPARE(error, ErrorCode::client_gone);
        QCOMPARE(bench.queue.in_flight(), std::size_t(0));
    }

    void admitted_in_the_moment_of_leaving_gives_the_place_back()
    {
        Bench bench({.max_in_flight = 1, .max_queue = 10});
        auto& first = bench.enter("1");
        auto& second = bench.enter("2");
        auto& third = bench.enter("3");
        first.ticket.reset(); // the place is 2's, whose coroutine has not run yet
        second.source.cancel();
        QCOMPARE(bench.queue.in_flight(), std::size_t(1));
        bench.settle();
        QVERIFY(second.ticket); // its provider sees the cancellation
        bench.leave(second);
        QVERIFY(third.ticket);
        bench.leave(third);
        QCOMPARE(bench.queue.in_flight(), std::size_t(0));
    }

    void waiting_too_long_is_an_error()
    {
        Bench bench({.max_in_flight = 1, .max_queue = 10, .timeout = 2ms});
        auto& first = bench.enter("1");
        auto& late = bench.enter("2");
        const auto give_up = std::chrono::steady_clock::now() + 10s;
        while (!late.error && std::chrono::steady_clock::now() < give_up) {
            bench.io.restart();
            bench.io.run_one_for(100ms);
        }
        QCOMPARE(code(late), ErrorCode::queue_timeout);
        QVERIFY(late.error->retry_after >= std::chrono::seconds(1));
        QVERIFY(late.error->message.find("0.002 s") != std::string::npos);
        QCOMPARE(bench.queue.waiting(), std::size_t(0));
        bench.leave(first);
        QCOMPARE(bench.queue.in_flight(), std::size_t(0));
        QCOMPARE(bench.metrics.rejections, (Counts{{"timeout", 1}}));
    }

    void raised_limits_admit_at_once()
    {
        Bench bench({.max_in_flight = 1, .max_queue = 10});
        for (const auto* name : {"1", "2", "3", "4"})
            bench.enter(name);
        bench.queue.set_limits({.max_in_flight = 3, .max_queue = 1});
        bench.settle();
        QCOMPARE(bench.admitted, (Names{"1", "2", "3"}));
        QCOMPARE(bench.metrics.depth_now, std::size_t(1));
        QCOMPARE(code(bench.enter("5")), ErrorCode::queue_full);
    }

    void lowered_limits_drop_nobody()
    {
        Bench bench({.max_in_flight = 3, .max_queue = 10});
        for (const auto* name : {"1", "2", "3", "4", "5"})
            bench.enter(name);
        bench.queue.set_limits({.max_in_flight = 1, .max_queue = 0});
        bench.settle();
        QCOMPARE(bench.queue.in_flight(), std::size_t(3));
        QCOMPARE(bench.queue.waiting(), std::size_t(2));
        bench.leave(bench.requests[0]);
        bench.leave(bench.requests[1]);
        QCOMPARE(bench.admitted.size(), std::size_t(3));
        bench.leave(bench.requests[2]);
        QCOMPARE(bench.admitted.size(), std::size_t(4));
        QCOMPARE(bench.serve_all().size(), std::size_t(5));
    }

    void retry_after_follows_recent_calls_data()
    {
        QTest::addColumn<int>("service_ms");
        QTest::addColumn<int>("seconds"); // with 4 waiting for 2 places
        QTest::newRow("instant") << 0 << 1;
        QTest::newRow("short") << 100 << 1;
        QTest::newRow("some seconds") << 5'000 << 10;
        QTest::newRow("rounded up") << 5'100 << 11;
        QTest::newRow("hours") << 7'200'000 << 60;
    }

    void retry_after_follows_recent_calls()
    {
        QFETCH(int, service_ms);
        QFETCH(int, seconds);
        Bench bench({.max_in_flight = 2, .max_queue = 4});
        auto& before = bench.enter("0");
        bench.clock.advance(std::chrono::milliseconds(service_ms));
        bench.leave(before);
        for (int i = 0; i < 6; ++i)
            bench.enter("x");
        QCOMPARE(bench.enter("y").error->retry_after, std::chrono::seconds(seconds));
    }

    void time_in_line_is_no_service_time()
    {
        Bench bench({.max_in_flight = 1, .max_queue = 1});
        auto& first = bench.enter("1");
        auto& second = bench.enter("2");
        bench.clock.advance(10s);
        bench.leave(first); // 10 s of service
        bench.clock.advance(10s);
        bench.leave(second); // 10 s of waiting, 10 s of service
        bench.enter("3");
        bench.enter("4");
        QCOMPARE(bench.enter("5").error->retry_after, std::chrono::seconds(10));
    }

    void a_crowd_of_keys_comes_and_goes()
    {
        Bench bench({.max_in_flight = 3, .max_queue = 1000});
        for (int i = 0; i < 300; ++i)
            bench.enter("r", std::to_string(i % 37));
        for (std::size_t i = 0; i < bench.requests.size(); i += 7)
            bench.requests[i].source.cancel();
        bench.settle();
        bench.serve_all();
        QCOMPARE(bench.queue.in_flight(), std::size_t(0));
        QCOMPARE(bench.queue.waiting(), std::size_t(0));
        const auto errors = std::count_if(bench.requests.begin(), bench.requests.end(),
                                          [](const auto& request) { return request.error.has_value(); });
        QCOMPARE(bench.admitted.size() + static_cast<std::size_t>(errors), std::size_t(300));
        QCOMPARE(bench.metrics.waits.size(), bench.admitted.size());
    }
};

QTEST_APPLESS_MAIN(TstAdmissionQueue)
#include "tst_admission_queue.moc"

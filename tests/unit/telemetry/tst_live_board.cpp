// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/live/live_board.h"

#include "kept_telemetry.h"
#include "telemetry/request_observation.h"

#include <QTest>

#include <atomic>
#include <map>
#include <optional>
#include <set>
#include <thread>

using namespace tokenscope;
using namespace tokenscope::telemetry;
using namespace tokenscope::test;
using namespace std::chrono_literals;

namespace {

/// Tells how many were on the board when a record was published.
class BoardAtTheEnd final : public RecordSink {
public:
    explicit BoardAtTheEnd(const LiveBoard& board) : m_board(board) {}
    void publish(RequestRecord) override { seen = m_board.now().size(); }

    std::optional<std::size_t> seen;

private:
    const LiveBoard& m_board;
};

using Positions = QList<int>;
/// Who waits: the number of a line and its arrival there.
using Waiting = QList<std::pair<int, int>>;
/// The last turn of each line.
using Turns = QList<int>;

/// Takes what comes from several threads and keeps nothing.
class Nowhere final : public TokenMetrics, public RequestMetrics, public RecordSink {
public:
    void first_token(const Target&, Nanos, std::string_view) override {}
    void inter_token(const Target&, std::span<const TokenGap>) override {}
    void finished(const RequestRecord&) override {}
    void publish(RequestRecord) override {}
};

/// What must hold of any picture of the board, and between two of them; the first thing that does not.
class Onlooker {
public:
    std::string look(const std::vector<LiveRequest>& requests)
    {
        std::uint64_t last = 0;
        std::set<std::size_t> places;
        for (const auto& request : requests) {
            if (request.id <= last)
                return "not in order";
            last = request.id;
            if (request.phase == LivePhase::streaming && (!request.first_token || request.tokens == 0))
                return "streams without a token";
            if (request.tokens < m_tokens[request.id])
                return "tokens became fewer";
            m_tokens[request.id] = request.tokens;
            if (request.requested_model != "" && request.requested_model != "model of " + request.request_id)
                return "texts of two requests";
            if (request.queue_position && !places.insert(*request.queue_position).second)
                return "two at one place";
        }
        if (!places.empty() && *places.rbegin() != places.size())
            return "a place that nobody has";
        return {};
    }

private:
    std::map<std::uint64_t, std::uint64_t> m_tokens;
};

} // namespace

/// Requests in flight, as whoever looks sees them.
class TstLiveBoard : public QObject {
    Q_OBJECT

    LiveBoard m_board;
    std::optional<CountingMetrics> m_metrics;
    std::optional<KeptEnds> m_ends;
    std::optional<KeptRecords> m_records;
    std::optional<ManualClock> m_clock;

    RequestObservation begin(const std::string& id = "req-1")
    {
        return {Observers{*m_metrics, *m_ends, nullptr, *m_records, *m_clock, &m_board},
                {.route = "/v1/messages", .request_id = id, .trace_id = "0af7651916cd43dd8448eb211c80319c"}};
    }
    LiveRequest only()
    {
        const auto now = m_board.now();
        return now.size() == 1 ? now[0] : LiveRequest{.request_id = "not one"};
    }

private Q_SLOTS:
    void init()
    {
        m_metrics.emplace();
        m_ends.emplace();
        m_records.emplace();
        m_clock.emplace();
    }

    void from_its_headers_to_its_end()
    {
        QVERIFY(m_board.now().empty());
        const auto accepted = m_clock->now();
        const auto wall = m_clock->wall();
        {
            auto observation = begin();
            QVERIFY(observation.watched());
            auto seen = only();
            QCOMPARE(seen.request_id, std::string("req-1"));
            QCOMPARE(seen.trace_id.view(), std::string_view("0af7651916cd43dd8448eb211c80319c"));
            QCOMPARE(seen.route, std::string("/v1/messages"));
            QCOMPARE(seen.phase, LivePhase::reading);
            QCOMPARE(seen.accepted, accepted);
            QCOMPARE(seen.started, wall);
            QCOMPARE(seen.target.backend, std::string("unknown"));
            QVERIFY(!seen.queued && !seen.dequeued && !seen.first_token && !seen.last_token && !seen.queue_position);

            observation.client("laptop");
            observation.parsed("fast", true);
            observation.routed({.backend = "up", .model = "phi4"});
            m_clock->advance(1ms);
            observation.queued();
            observation.in_line({.line = std::make_shared<QueueLine>(this, 7), .arrival = 3});
            seen = only();
            QCOMPARE(seen.phase, LivePhase::queued);
            QCOMPARE(seen.client, std::string("laptop"));
            QCOMPARE(seen.requested_model, std::string("fast"));
            QCOMPARE(seen.target.model, std::string("phi4"));
            QVERIFY(seen.streamed);
            QCOMPARE(seen.queued, accepted + 1ms);
            QCOMPARE(seen.queue_position, std::size_t{1});

            m_clock->advance(1ms);
            observation.in_line({});
            observation.dequeued();
            observation.attempt();
            QCOMPARE(only().phase, LivePhase::waiting);
            QCOMPARE(only().dequeued, accepted + 2ms);
            QVERIFY(!only().queue_position);

            m_clock->advance(1ms);
            observation.chunk(40, 0, 0); // a role, and no token yet
            QCOMPARE(only().phase, LivePhase::waiting);
            QCOMPARE(only().bytes, std::uint64_t{40});
            m_clock->advance(1ms);
            observation.chunk(10, 2, 2);
            m_clock->advance(1ms);
            observation.chunk(10, 1, 0);
            seen = only();
            QCOMPARE(seen.phase, LivePhase::streaming);
            QCOMPARE(seen.first_token, accepted + 4ms);
            QCOMPARE(seen.last_token, accepted + 5ms);
            QCOMPARE(seen.tokens, std::uint64_t{3});
            QCOMPARE(seen.bytes, std::uint64_t{60});
        }
        QVERIFY(m_board.now().empty());
    }

    void another_attempt_waits_anew()
    {
        auto observation = begin();
        const auto accepted = m_clock->now();
        observation.queued();
        observation.dequeued();
        observation.attempt();
        m_clock->advance(5s);
        observation.queued();
        QCOMPARE(only().phase, LivePhase::queued);
        QCOMPARE(only().queued, accepted + 5s);
        QVERIFY(!only().dequeued);
        // The record keeps the first of each.
        QCOMPARE(observation.so_far().queued, accepted);
        QCOMPARE(observation.so_far().dequeued, accepted);
    }

    void oldest_first_whoever_ends()
    {
        std::optional<RequestObservation> one, two, three;
        const Observers observers{*m_metrics, *m_ends, nullptr, *m_records, *m_clock, &m_board};
        one.emplace(observers, RequestBeginning{.request_id = "1"});
        two.emplace(observers, RequestBeginning{.request_id = "2"});
        three.emplace(observers, RequestBeginning{.request_id = "2"}); // clients may name two alike
        one.reset();
        const auto now = m_board.now();
        QCOMPARE(now.size(), std::size_t{2});
        QCOMPARE(now[0].id, std::uint64_t{now[1].id - 1});
        two.reset();
        QCOMPARE(m_board.now().size(), std::size_t{1});
        QCOMPARE(m_board.now()[0].id, now[1].id);
        three.reset();
        QVERIFY(m_board.now().empty());
    }

    void it_leaves_when_its_record_is_there()
    {
        BoardAtTheEnd sink(m_board);
        {
            const RequestObservation observation({*m_metrics, *m_ends, nullptr, sink, *m_clock, &m_board}, {});
        }
        QCOMPARE(sink.seen, std::size_t{1});
        QVERIFY(m_board.now().empty());
    }

    void it_leaves_though_a_hook_throws()
    {
        m_ends->failing = true;
        {
            const auto observation = begin();
        }
        QVERIFY(m_board.now().empty());
    }

    void without_a_board()
    {
        RequestObservation observation({*m_metrics, *m_ends, nullptr, *m_records, *m_clock}, {});
        QVERIFY(!observation.watched());
        observation.queued();
        observation.in_line({});
        observation.dequeued();
        observation.chunk(1, 1, 1);
        QCOMPARE(observation.so_far().stream_tokens, std::uint64_t{1});
    }

    void positions_data()
    {
        QTest::addColumn<Turns>("turns");
        QTest::addColumn<Waiting>("waiting");
        QTest::addColumn<Positions>("expected");
        const auto row = [](const char* name, Turns turns, Waiting waiting, Positions expected) {
            QTest::newRow(name) << turns << waiting << expected;
        };
        row("nobody", {}, {}, {});
        row("one", {0}, {{0, 9}}, {1});
        row("by arrival", {5}, {{0, 1}, {0, 2}, {0, 3}}, {1, 2, 3});
        row("seen in another order", {5}, {{0, 3}, {0, 1}, {0, 2}}, {3, 1, 2});
        row("keys take turns", {1, 2}, {{0, 1}, {0, 2}, {0, 3}, {1, 4}}, {1, 3, 4, 2});
        row("the one whose turn was longest ago", {9, 2}, {{0, 1}, {0, 2}, {1, 3}}, {2, 3, 1});
        row("a new key before all", {3, 2, 0}, {{0, 1}, {1, 2}, {2, 3}}, {3, 2, 1});
        row("new keys by arrival", {0, 0}, {{0, 2}, {1, 1}}, {2, 1});
        row("three of unlike length", {1, 2, 3}, {{2, 1}, {2, 2}, {2, 3}, {0, 4}, {1, 5}, {1, 6}}, {3, 5, 6, 1, 2, 4});
        row("somebody in no line", {1}, {{-1, 0}, {0, 1}}, {0, 1});
    }

    void positions()
    {
        QFETCH(Turns, turns);
        QFETCH(Waiting, waiting);
        QFETCH(Positions, expected);
        std::vector<std::shared_ptr<QueueLine>> lines;
        for (const int turn : turns)
            lines.push_back(std::make_shared<QueueLine>(this, turn));
        std::vector<QueuePlace> places;
        for (const auto& [line, arrival] : waiting)
            places.push_back(
                {line < 0 ? nullptr : lines[static_cast<std::size_t>(line)], static_cast<std::uint64_t>(arrival)});
        Positions found;
        for (const auto position : queue_positions(places))
            found.push_back(static_cast<int>(position));
        QCOMPARE(found, expected);
    }

    void each_queue_counts_for_itself()
    {
        const int other = 0;
        const auto here = std::make_shared<QueueLine>(this, 1);
        const auto there = std::make_shared<QueueLine>(&other, 9);
        const std::vector<QueuePlace> places{{here, 1}, {there, 1}, {here, 2}, {there, 2}};
        QCOMPARE(queue_positions(places), (std::vector<std::size_t>{1, 1, 2, 2}));
    }

    void writers_and_readers_at_once()
    {
        Nowhere nowhere;
        const SystemClock clock;
        std::atomic<int> writing{4};
        const auto line = std::make_shared<QueueLine>(this, 1);
        std::atomic<std::uint64_t> arrivals{0};
        const auto write = [&](int thread) {
            for (int i = 0; i < 400; ++i) {
                const auto id = std::to_string(thread) + "/" + std::to_string(i);
                RequestObservation observation({nowhere, nowhere, nullptr, nowhere, clock, &m_board},
                                               {.request_id = id});
                observation.parsed("model of " + id, true);
                observation.routed({.backend = "up", .model = "m"});
                observation.queued();
                observation.in_line({line, ++arrivals});
                observation.in_line({});
                observation.dequeued();
                for (int chunk = 0; chunk < 20; ++chunk)
                    observation.chunk(10, 1, 1);
            }
            --writing;
        };
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back(write, i);
        Onlooker onlooker;
        std::string wrong;
        while (writing > 0 && wrong.empty())
            wrong = onlooker.look(m_board.now());
        for (auto& thread : threads)
            thread.join();
        QCOMPARE(wrong, std::string());
        QVERIFY(m_board.now().empty());
    }
};

QTEST_APPLESS_MAIN(TstLiveBoard)
#include "tst_live_board.moc"

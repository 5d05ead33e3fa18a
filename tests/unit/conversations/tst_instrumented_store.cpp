// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "conversations/instrumented_store.h"
#include "conversations/periodic_purge.h"
#include "unit/conversations/scripted_store.h"
#include "unit/conversations/store_test.h"

#include <QTest>

#include <boost/asio/detached.hpp>
#include <fmt/format.h>

using namespace tokenscope;
using namespace tokenscope::conversations;
using namespace tokenscope::test;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

/// Keeps every call as a line.
class Calls final : public telemetry::ConversationMetrics {
public:
    void operation(std::string_view operation, std::string_view backend, std::string_view status,
                   Nanos duration) override
    {
        lines << QString::fromStdString(fmt::format("{} {} {} {} s", operation, backend, status, seconds(duration)));
    }
    void active(std::string_view backend, std::size_t count) override
    {
        lines << QString::fromStdString(fmt::format("active {} {}", backend, count));
    }
    QStringList take() { return std::exchange(lines, {}); }

    QStringList lines;
};

QStringList lines(std::initializer_list<const char*> texts)
{
    QStringList all;
    for (const auto* text : texts)
        all << QString::fromLatin1(text);
    return all;
}

} // namespace

class TstInstrumentedStore : public QObject {
    Q_OBJECT

    asio::io_context m_io;
    ManualClock m_clock;

private Q_SLOTS:
    void everyOperationOnce()
    {
        Calls calls;
        InstrumentedStore store(std::make_unique<MemoryStore>(MemoryStore::Limits{.ttl = 10s}, m_clock), calls,
                                m_clock);
        QCOMPARE(calls.take(), lines({"active memory 0"})); // known from the start
        run(m_io, store.create(response("a")));
        QCOMPARE(calls.take(), lines({"create memory success 0 s", "active memory 1"}));
        run(m_io, store.get("a"));
        QCOMPARE(calls.take(), lines({"get memory success 0 s", "active memory 1"}));
        run(m_io, store.get("b"));
        QCOMPARE(calls.take(), lines({"get memory not_found 0 s", "active memory 1"}));
        run(m_io, store.erase("b"));
        QCOMPARE(calls.take(), lines({"delete memory not_found 0 s", "active memory 1"}));
        run(m_io, store.erase("a"));
        QCOMPARE(calls.take(), lines({"delete memory success 0 s", "active memory 0"}));
        run(m_io, store.purge_expired());
        QCOMPARE(calls.take(), lines({"purge memory success 0 s", "active memory 0"}));
    }

    void errorsAndTimes()
    {
        Calls calls;
        auto inner = std::make_unique<ScriptedStore>(m_clock);
        auto& disk = *inner;
        InstrumentedStore store(std::move(inner), calls, m_clock);
        calls.take();
        disk.broken = disk.unreadable = disk.held = true;
        int ended = 0;
        asio::co_spawn(m_io, store.create(response("a")), [&](std::exception_ptr, const Result<void>&) { ++ended; });
        m_io.restart();
        m_io.poll();
        QVERIFY(calls.lines.isEmpty()); // not before the reply is safe
        m_clock.advance(250ms);
        disk.release();
        m_io.restart();
        m_io.run();
        QCOMPARE(ended, 1);
        QCOMPARE(calls.take(), lines({"create sqlite error 0.25 s", "active sqlite 0"}));
        run(m_io, store.get("a"));
        run(m_io, store.erase("a"));
        run(m_io, store.purge_expired());
        QCOMPARE(calls.take(), lines({"get sqlite error 0 s", "active sqlite 0", "delete sqlite error 0 s",
                                      "active sqlite 0", "purge sqlite error 0 s", "active sqlite 0"}));
    }

    void destroyedWithAnOperationInFlight()
    {
        const QTemporaryDir folder;
        Calls calls;
        auto sqlite =
            std::make_unique<SqliteStore>(std::move(*open_database(path_in(folder), m_clock.wall())), 10s, m_clock);
        auto store = std::make_unique<InstrumentedStore>(std::move(sqlite), calls, m_clock);
        calls.take();
        bool kept = false;
        asio::co_spawn(m_io, store->create(response("a")),
                       [&](std::exception_ptr, const Result<void>& result) { kept = result.has_value(); });
        m_io.restart();
        m_io.poll_one();
        store.reset();
        m_io.restart();
        m_io.run();
        QVERIFY(kept);
        QCOMPARE(calls.take(), lines({"create sqlite success 0 s"})); // how many there are, nobody knows any more
    }

    void purgesAtOnceAndThenEverySoOften()
    {
        Calls calls;
        InstrumentedStore store(std::make_unique<MemoryStore>(MemoryStore::Limits{.ttl = 10s}, m_clock), calls,
                                m_clock);
        run(m_io, store.create(response("a")));
        m_clock.advance(10s);
        calls.take();
        m_io.restart();
        {
            PeriodicPurge purge(m_io.get_executor(), store, 1ms);
            while (store.count() > 0)
                m_io.run_one();
            QCOMPARE(calls.take().constFirst(), QStringLiteral("purge memory success 0 s"));
            run(m_io, store.create(response("b")));
            m_clock.advance(10s);
            m_io.restart();
            while (store.count() > 0)
                m_io.run_one();
            purge.stop();
            purge.stop();
        }
        m_io.restart();
        m_io.run(); // has an end
        calls.take();
        m_io.restart();
        m_io.run();
        QVERIFY(calls.lines.isEmpty());
    }

    void stoppedBeforeItBegan()
    {
        auto store = std::make_unique<MemoryStore>(MemoryStore::Limits{}, m_clock);
        auto purge = std::make_unique<PeriodicPurge>(m_io.get_executor(), *store);
        purge.reset();
        store.reset();
        m_io.restart();
        m_io.run();
    }

    void stoppedWhilePurging()
    {
        const QTemporaryDir folder;
        auto store =
            std::make_unique<SqliteStore>(std::move(*open_database(path_in(folder), m_clock.wall())), 10s, m_clock);
        auto purge = std::make_unique<PeriodicPurge>(m_io.get_executor(), *store);
        m_io.restart();
        m_io.poll_one();
        purge.reset();
        store.reset();
        m_io.restart();
        m_io.run();
    }
};

QTEST_GUILESS_MAIN(TstInstrumentedStore)
#include "tst_instrumented_store.moc"

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "conversations/conversation_chain.h"
#include "conversations/memory_store.h"
#include "unit/conversations/store_test.h"

#include <QTest>

using namespace tokenscope;
using namespace tokenscope::conversations;
using namespace tokenscope::test;
using namespace std::chrono_literals;

class TstMemoryStore : public QObject {
    Q_OBJECT

    boost::asio::io_context m_io;
    ManualClock m_clock;

private Q_SLOTS:
    void keepsUntilTheTimeIsUp()
    {
        MemoryStore store({.ttl = 10s}, m_clock);
        QVERIFY(run(m_io, store.create(response("a"))));
        QCOMPARE(run(m_io, store.get("a"))->value(), expiring(response("a"), m_clock.wall() + 10s));
        m_clock.advance(9999ms);
        QVERIFY(run(m_io, store.get("a"))->has_value());
        m_clock.advance(1ms);
        QVERIFY(!run(m_io, store.get("a"))->has_value());
        QCOMPARE(store.count(), std::size_t(1)); // expired, not yet purged
        QCOMPARE(run(m_io, store.purge_expired()).value(), std::size_t(1));
        QCOMPARE(run(m_io, store.purge_expired()).value(), std::size_t(0));
        QCOMPARE(store.count(), std::size_t(0));
        QCOMPARE(store.bytes(), std::size_t(0));
    }

    void aClockThatGoesBackLosesNothing()
    {
        MemoryStore store({.ttl = 10s}, m_clock);
        QVERIFY(run(m_io, store.create(response("a"))));
        m_clock.advance(-24h);
        QVERIFY(run(m_io, store.get("a"))->has_value());
        QVERIFY(run(m_io, store.create(response("b"))));
        m_clock.advance(12s);
        QVERIFY(run(m_io, store.get("a"))->has_value());
        QVERIFY(!run(m_io, store.get("b"))->has_value());
    }

    void aTimeToLiveWithoutEndDoesNotOverflow()
    {
        MemoryStore store({.ttl = std::chrono::seconds::max()}, m_clock);
        QVERIFY(run(m_io, store.create(response("a"))));
        QVERIFY(run(m_io, store.get("a"))->has_value());
    }

    void erasesOnce()
    {
        MemoryStore store({.ttl = 10s}, m_clock);
        QVERIFY(run(m_io, store.create(response("a"))));
        QVERIFY(run(m_io, store.create(response("b"))));
        QVERIFY(run(m_io, store.erase("a")).value());
        QVERIFY(!run(m_io, store.erase("a")).value());
        QVERIFY(!run(m_io, store.erase("nobody")).value());
        m_clock.advance(10s);
        QVERIFY(!run(m_io, store.erase("b")).value()); // had expired
        QCOMPARE(store.count(), std::size_t(0));
    }

    void theOldestGoFirst()
    {
        MemoryStore store({.ttl = 10s, .entries = 3}, m_clock);
        for (const auto* id : {"a", "b", "c", "a", "d"}) // writing "a" again makes it the newest
            QVERIFY(run(m_io, store.create(response(id))));
        QCOMPARE(store.count(), std::size_t(3));
        QVERIFY(!run(m_io, store.get("b"))->has_value());
        for (const auto* id : {"c", "a", "d"})
            QVERIFY(run(m_io, store.get(id))->has_value());
    }

    void bytesAreBounded()
    {
        constexpr std::size_t limit = 100'000;
        MemoryStore store({.ttl = 10s, .bytes = limit}, m_clock);
        for (int i = 0; i < 50; ++i) {
            auto large = response(std::to_string(i));
            large.body.assign(30'000, 'x');
            QVERIFY(run(m_io, store.create(std::move(large))));
            QVERIFY(store.bytes() <= limit);
        }
        QCOMPARE(store.count(), std::size_t(3));
        QVERIFY(run(m_io, store.get("49"))->has_value());
        auto huge = response("huge");
        huge.input.assign(limit, 'x');
        QVERIFY(!run(m_io, store.create(std::move(huge))));
        QCOMPARE(store.count(), std::size_t(3)); // nobody had to go for it
    }

    void chains()
    {
        MemoryStore store({.ttl = 10s}, m_clock);
        QVERIFY(run(m_io, store.create(response("a"))));
        QVERIFY(run(m_io, store.create(response("b", "a"))));
        QVERIFY(run(m_io, store.create(response("c", "b"))));
        QVERIFY(run(m_io, store.create(response("fork", "a"))));
        const auto chain = run(m_io, load_chain(store, "c"));
        QVERIFY(chain);
        QStringList ids;
        for (const auto& link : *chain)
            ids << QString::fromStdString(link.id);
        QCOMPARE(ids, (QStringList{QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")}));

        QVERIFY(run(m_io, store.erase("b")).value());
        const auto broken = run(m_io, load_chain(store, "c"));
        QCOMPARE(broken.error().code, ErrorCode::previous_response_not_found);
        QCOMPARE(broken.error().param, std::string("previous_response_id"));
        QVERIFY(broken.error().message.find("'b'") != std::string::npos);
        QVERIFY(run(m_io, store.get("c"))->has_value()); // itself readable as before
        QCOMPARE(run(m_io, load_chain(store, "fork"))->size(), std::size_t(2));
        QCOMPARE(run(m_io, load_chain(store, "nobody")).error().code, ErrorCode::previous_response_not_found);
        QCOMPARE(run(m_io, load_chain(store, "")).error().code, ErrorCode::previous_response_not_found);
    }

    void chainsHaveAnEnd()
    {
        MemoryStore store({.ttl = 10s}, m_clock);
        QVERIFY(run(m_io, store.create(response("a", "b"))));
        QVERIFY(run(m_io, store.create(response("b", "a"))));
        QVERIFY(run(m_io, store.create(response("self", "self"))));
        QCOMPARE(run(m_io, load_chain(store, "a")).error().code, ErrorCode::invalid_request);
        QCOMPARE(run(m_io, load_chain(store, "self")).error().code, ErrorCode::invalid_request);

        for (int i = 0; i < 6; ++i)
            QVERIFY(run(m_io, store.create(response(std::to_string(i), i == 0 ? "" : std::to_string(i - 1)))));
        QCOMPARE(run(m_io, load_chain(store, "4", {.links = 5}))->size(), std::size_t(5));
        QCOMPARE(run(m_io, load_chain(store, "5", {.links = 5})).error().code, ErrorCode::invalid_request);
        QCOMPARE(run(m_io, load_chain(store, "5", {.bytes = 100})).error().code, ErrorCode::invalid_request);
    }

    void aChainBeginsAtAReplyHeldUpstream()
    {
        MemoryStore store({.ttl = 10s}, m_clock);
        QVERIFY(run(m_io, store.create({.id = "up", .previous_id = "unknown here", .provider = "openai"})));
        QVERIFY(run(m_io, store.create(response("b", "up"))));
        const auto chain = run(m_io, load_chain(store, "b"));
        QCOMPARE(chain.value().size(), std::size_t(2));
        QVERIFY(chain->front().held_upstream());
        QCOMPARE(chain->front().provider, std::string("openai"));
    }
};

QTEST_GUILESS_MAIN(TstMemoryStore)
#include "tst_memory_store.moc"

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/tracing/span_store.h"
#include "tracing_support.h"

#include <QtTest>

#include <thread>

using namespace tokenscope;
using namespace tokenscope::telemetry;
using namespace tokenscope::test;

class TstSpanStore : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void finds_a_trace_by_its_id()
    {
        SpanStore store;
        const auto trace = trace_of({"a", "b"});
        store.finished(trace);
        store.finished(trace_of({"other"}));
        const auto id = to_hex(trace.id());
        const auto found = store.trace(id);
        QCOMPARE(found->size(), std::size_t(2));
        QCOMPARE((*found)[1].name, std::string("b"));
        QCOMPARE((*found)[1].parent_id, (*found)[0].span_id);
        for (const auto& wrong : {std::string(), id.substr(1), id + "0", std::string(32, '0'), std::string(32, 'a')})
            QVERIFY(!store.trace(wrong));
    }

    void requests_of_one_trace_come_together()
    {
        // An agent's requests carry its own trace id; they end in any order.
        SpanStore store;
        const auto id = new_trace_id();
        ManualClock later;
        later.advance(std::chrono::milliseconds(10));
        store.finished(trace_of({"second"}, id, later));
        store.finished(trace_of({"foreign"}));
        store.finished(trace_of({"first"}, id));
        const auto all = store.trace(to_hex(id));
        QCOMPARE(all->size(), std::size_t(2));
        QCOMPARE((*all)[0].name, std::string("first"));
        QCOMPARE((*all)[1].name, std::string("second"));
    }

    void keeps_the_newest()
    {
        SpanStore store({.traces = 3, .bytes = 1'000'000});
        for (int i = 0; i < 10; ++i)
            store.finished(trace_of({std::to_string(i)}));
        const auto kept = store.since(0);
        QCOMPARE(kept.size(), std::size_t(3));
        QCOMPARE(kept.front().spans->front().name, std::string("7"));
        QCOMPARE(kept.back().sequence, std::uint64_t(10));
        QCOMPARE(store.since(9).size(), std::size_t(1));
        QVERIFY(store.since(10).empty());
        QVERIFY(store.since(99).empty());
    }

    void is_bounded_by_bytes()
    {
        const std::string kilobyte(TraceLimits::text_bytes, 'x');
        const std::vector<std::string> ten(10, kilobyte);
        SpanStore store({.traces = 1000, .bytes = 100'000});
        for (int i = 0; i < 100; ++i)
            store.finished(trace_of(ten));
        const auto kept = store.since(0);
        QVERIFY(kept.size() >= 5 && kept.size() <= 9);
        const auto use = store.use();
        QCOMPARE(use.traces, kept.size());
        QCOMPARE(use.budget, std::size_t{100'000});
        const auto facts = kept.size() * ten.size() * kilobyte.size();
        QVERIFY(facts > use.budget * 8 / 10);
        QVERIFY(use.bytes > facts && use.bytes <= use.budget + 2 * (std::size_t{64} << 10));
        QCOMPARE(kept.back().sequence, std::uint64_t(100));
        store.finished(trace_of(std::vector<std::string>(100, kilobyte))); // too large alone
        QVERIFY(store.since(0).empty());
        QCOMPARE(store.use().bytes, std::size_t(0));
        store.finished(trace_of({"small"}));
        QCOMPARE(store.since(0).size(), std::size_t(1));
    }

    void a_trace_larger_than_a_block_is_kept_whole()
    {
        SpanStore store;
        store.finished(trace_of({"before"}));
        store.finished(trace_of(std::vector<std::string>(128, std::string(1'000, 'y'))));
        store.finished(trace_of({"after"}));
        const auto kept = store.since(0);
        QCOMPARE(kept.size(), std::size_t(3));
        QCOMPARE(kept[0].spans->front().name, std::string("before"));
        QCOMPARE(kept[1].spans->size(), std::size_t(128));
        QCOMPARE(kept[1].spans->back().name, std::string(1'000, 'y'));
        QCOMPARE(kept[2].spans->front().name, std::string("after"));
    }

    void what_was_kept_outlives_its_place()
    {
        // An exporter may still have it when the store has long forgotten it, or is gone.
        auto store = std::make_unique<SpanStore>(SpanStore::Limits{.traces = 1, .bytes = 1'000'000});
        const auto trace = trace_of({"a", "b"});
        const auto kept = store->keep(trace);
        for (int i = 0; i < 1'000; ++i) // several blocks
            store->finished(trace_of({std::string(500, 'z')}));
        QVERIFY(!store->trace(to_hex(trace.id())));
        store.reset();
        QCOMPARE(kept.count(), std::size_t(2));
        QCOMPARE(kept.bytes(), trace.bytes());
        QCOMPARE(kept.spans()->back().name, std::string("b"));
    }

    void nothing_is_kept_where_nothing_may_be()
    {
        SpanStore store({.traces = 0, .bytes = 1'000'000});
        store.finished(trace_of(2));
        QVERIFY(store.since(0).empty());
    }

    void is_thread_safe()
    {
        SpanStore store({.traces = 50, .bytes = 1'000'000});
        std::vector<std::thread> threads;
        for (int t = 0; t < 3; ++t)
            threads.emplace_back([&store] {
                for (int i = 0; i < 2'000; ++i) {
                    const auto trace = trace_of(2);
                    store.finished(trace);
                    store.trace(to_hex(trace.id()));
                    store.since(10);
                }
            });
        for (auto& thread : threads)
            thread.join();
        QCOMPARE(store.since(0).back().sequence, std::uint64_t(6'000));
    }
};

QTEST_APPLESS_MAIN(TstSpanStore)
#include "tst_span_store.moc"

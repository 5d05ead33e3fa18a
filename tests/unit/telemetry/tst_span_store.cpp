// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/tracing/span_store.h"
#include "tracing_support.h"

#include <QtTest>

#include <thread>

using namespace tokenscope::telemetry;
using namespace tokenscope::test;

class TstSpanStore : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void finds_a_trace_by_its_id()
    {
        SpanStore store;
        const auto spans = trace_of({"a", "b"});
        store.finished(spans, 0);
        store.finished(trace_of({"other"}), 0);
        const auto id = to_hex(spans->front().trace_id);
        QCOMPARE(store.trace(id).get(), spans.get());
        for (const auto& wrong : {std::string(), id.substr(1), id + "0", std::string(32, '0'), std::string(32, 'a')})
            QVERIFY(!store.trace(wrong));
    }

    void requests_of_one_trace_come_together()
    {
        // An agent's requests carry its own trace id; they end in any order.
        SpanStore store;
        const auto id = new_trace_id();
        const auto at = [&](const std::string& name, int start) {
            auto spans = std::make_shared<std::vector<SpanData>>(*trace_of({name}, id));
            spans->front().start = UnixNanos(start);
            return spans;
        };
        store.finished(at("second", 20), 0);
        store.finished(trace_of({"foreign"}), 0);
        store.finished(at("first", 10), 0);
        const auto all = store.trace(to_hex(id));
        QCOMPARE(all->size(), std::size_t(2));
        QCOMPARE((*all)[0].name, std::string("first"));
        QCOMPARE((*all)[1].name, std::string("second"));
    }

    void keeps_the_newest()
    {
        SpanStore store({.traces = 3, .bytes = 1'000'000});
        for (int i = 0; i < 10; ++i)
            store.finished(trace_of({std::to_string(i)}), 0);
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
        SpanStore store({.traces = 1000, .bytes = 100'000});
        for (int i = 0; i < 100; ++i)
            store.finished(trace_of({std::string(10'000, 'x')}), 0);
        const auto kept = store.since(0);
        QVERIFY(kept.size() >= 5 && kept.size() <= 10);
        store.finished(trace_of({std::string(200'000, 'x')}), 0); // too large alone
        QVERIFY(store.since(0).empty());
        store.finished(trace_of({"small"}), 0);
        QCOMPARE(store.since(0).size(), std::size_t(1));
    }

    void nothing_is_no_trace()
    {
        SpanStore store;
        store.finished(nullptr, 0);
        store.finished(trace_of(0), 3);
        QVERIFY(store.since(0).empty());
    }

    void is_thread_safe()
    {
        SpanStore store({.traces = 50, .bytes = 1'000'000});
        std::vector<std::thread> threads;
        for (int t = 0; t < 3; ++t)
            threads.emplace_back([&store] {
                for (int i = 0; i < 2'000; ++i) {
                    const auto spans = trace_of(2);
                    store.finished(spans, 0);
                    store.trace(to_hex(spans->front().trace_id));
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

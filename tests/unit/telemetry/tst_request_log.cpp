// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/request_log.h"

#include <QtTest>

#include <atomic>
#include <thread>

using namespace tokenscope::telemetry;

namespace {

std::vector<std::uint64_t> sequences(const std::vector<std::shared_ptr<const RequestRecord>>& records)
{
    std::vector<std::uint64_t> out;
    for (const auto& record : records)
        out.push_back(record->sequence);
    return out;
}

RequestRecord named(std::string id)
{
    RequestRecord record;
    record.request_id = std::move(id);
    record.sequence = 99; // the log numbers, whatever came
    return record;
}

RequestRecord streamed(std::size_t chunks)
{
    auto record = named("streamed");
    record.chunks = ChunkMarks(chunks);
    return record;
}

/// Of the records that have any.
std::vector<std::size_t> chunkCounts(const RequestLog& log)
{
    std::vector<std::size_t> counts;
    for (const auto& record : log.since(0)) {
        if (const auto count = record->chunks.marks()->size(); count > 0)
            counts.push_back(count);
    }
    return counts;
}

using Numbers = std::vector<std::uint64_t>;

} // namespace

class TstRequestLog : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsKeptHasNoSpareRoom()
    {
        RequestLog log(2);
        RequestRecord record;
        for (std::uint32_t i = 0; i < 3; ++i)
            record.chunks.add({.at = tokenscope::Instant(tokenscope::Nanos(i)), .bytes = i, .tokens = 1});
        const auto kept = log.add(std::move(record));
        const auto chunks = kept->chunks.marks();
        QCOMPARE(chunks->size(), std::size_t(3));
        QCOMPARE(chunks->capacity(), std::size_t(3));
        QCOMPARE(chunks->at(2).bytes, 2U);
    }

    void whoReadsATimelineKeepsIt()
    {
        ChunkTimeline timeline(ChunkMarks(100));
        QCOMPARE(timeline.bytes(), std::size_t(1'792 + 48)); // as the allocator rounds 1,600 bytes and the vector
        const auto copy = timeline;
        const auto held = timeline.marks();
        timeline.forget();
        QCOMPARE(held->size(), std::size_t(100));
        QVERIFY(timeline.marks()->empty());
        QCOMPARE(timeline.bytes(), std::size_t(0));
        QCOMPARE(copy.marks()->size(), std::size_t(100));
        timeline.add({});
        QCOMPARE(timeline.marks()->size(), std::size_t(1));
    }

    void theOldestChunksGoBeforeTheOldestRecords()
    {
        RequestLog log(1'000, 1'000'000);
        const auto first = log.add(streamed(4'096));
        for (int i = 0; i < 19; ++i)
            log.publish(streamed(4'096));
        auto use = log.use();
        QCOMPARE(use.records, std::size_t(20));
        QCOMPARE(use.budget, std::size_t(1'000'000));
        QVERIFY2(use.bytes <= use.budget && use.bytes > 930'000, qPrintable(QString::number(use.bytes)));
        QCOMPARE(chunkCounts(log), std::vector<std::size_t>(14, 4'096)); // 65,536 bytes of each, and the record's own
        QVERIFY(first->chunks.marks()->empty());                         // whoever holds it
        QCOMPARE(first->request_id, std::string("streamed"));
        // Records that alone are more than it.
        for (int i = 0; i < 3'000; ++i)
            log.publish({});
        use = log.use();
        QVERIFY(use.bytes <= use.budget && use.bytes > 990'000);
        QVERIFY2(use.records > 500 && use.records < 1'000, qPrintable(QString::number(use.records)));
        QCOMPARE(log.since(0).front()->sequence, log.first_sequence());
        QCOMPARE(log.last_sequence() + 1 - log.first_sequence(), std::uint64_t(use.records));
    }

    void whatFallsOutForItsNumberLetsGoOfItsChunks()
    {
        RequestLog log(2);
        const auto first = log.add(streamed(10));
        const auto second = log.add(streamed(10));
        log.publish({});
        QVERIFY(first->chunks.marks()->empty());
        QCOMPARE(second->chunks.marks()->size(), std::size_t(10));
        QCOMPARE(log.first_sequence(), std::uint64_t(2));
    }

    void aSmallerBudgetIsKeptAtOnce()
    {
        RequestLog log;
        QCOMPARE(log.first_sequence(), std::uint64_t(1));
        for (int i = 0; i < 10; ++i)
            log.publish(streamed(1'000));
        log.set_budget(50'000);
        QVERIFY(log.use().bytes <= 50'000);
        QCOMPARE(log.use().records, std::size_t(10));
        QCOMPARE(chunkCounts(log), (std::vector<std::size_t>{1'000, 1'000}));
        log.set_budget(0);
        QCOMPARE(sequences(log.since(0)), (Numbers{10})); // the newest stays
        QVERIFY(chunkCounts(log).empty());
        log.set_budget(1'000'000);
        log.publish(streamed(7));
        QCOMPARE(chunkCounts(log), (std::vector<std::size_t>{7}));
    }

    void whatIsRestoredFitsTheBudget()
    {
        RequestLog log(100, 200'000);
        log.restore(std::vector<RequestRecord>(50, streamed(1'000)));
        QCOMPARE(log.use().records, std::size_t(50));
        QVERIFY(log.use().bytes <= 200'000 && !chunkCounts(log).empty() && chunkCounts(log).size() < 12);
        QCOMPARE(log.since(0).back()->chunks.marks()->size(), std::size_t(1'000));
    }

    void anEmptyLogHasNothing()
    {
        const RequestLog log;
        QCOMPARE(log.last_sequence(), std::uint64_t{0});
        QVERIFY(log.since(0).empty());
        QVERIFY(log.since(UINT64_MAX).empty());
    }

    void numbersFromOneAndReadsWhatIsNew()
    {
        RequestLog log;
        for (const auto* id : {"a", "b", "c"})
            log.publish(named(id));
        QCOMPARE(log.last_sequence(), std::uint64_t{3});
        QCOMPARE(sequences(log.since(0)), (Numbers{1, 2, 3}));
        QCOMPARE(log.since(0).front()->request_id, std::string("a"));
        QCOMPARE(sequences(log.since(2)), (Numbers{3}));
        QVERIFY(log.since(3).empty());
        QVERIFY(log.since(4).empty());
    }

    void mostTakesTheNewest()
    {
        RequestLog log;
        for (int i = 0; i < 5; ++i)
            log.publish({});
        QCOMPARE(sequences(log.since(0, 2)), (Numbers{4, 5}));
        QCOMPARE(sequences(log.since(4, 2)), (Numbers{5}));
        QVERIFY(log.since(0, 0).empty());
    }

    void theOldestFallOut()
    {
        RequestLog log(3);
        for (int i = 0; i < 10; ++i)
            log.publish({});
        QCOMPARE(sequences(log.since(0)), (Numbers{8, 9, 10}));
        QCOMPARE(sequences(log.since(5)), (Numbers{8, 9, 10})); // 6 and 7 are gone
        QCOMPARE(sequences(log.since(9)), (Numbers{10}));
    }

    void aRecordOutlivesItsPlaceInTheLog()
    {
        RequestLog log(1);
        log.publish(named("kept"));
        const auto held = log.since(0).at(0);
        log.publish(named("next"));
        QCOMPARE(held->request_id, std::string("kept"));
    }

    void withoutCapacityItOnlyCounts()
    {
        RequestLog log(0);
        log.publish({});
        QCOMPARE(log.last_sequence(), std::uint64_t{1});
        QVERIFY(log.since(0).empty());
    }

    void addSaysWhatIsKept()
    {
        RequestLog log(1);
        const auto kept = log.add(named("a"));
        QCOMPARE(kept->sequence, std::uint64_t{1});
        QCOMPARE(kept, log.since(0).at(0));
        QCOMPARE(RequestLog(0).add(named("b"))->sequence, std::uint64_t{1});
    }

    void restoredRecordsComeFirst()
    {
        RequestLog log(3);
        std::vector<RequestRecord> earlier;
        for (const std::uint64_t sequence : {7, 8, 20, 40}) { // with gaps, as the archive may have
            earlier.push_back(named(std::to_string(sequence)));
            earlier.back().sequence = sequence;
        }
        log.restore(earlier);
        QCOMPARE(log.last_sequence(), std::uint64_t{40});
        QCOMPARE(sequences(log.since(0)), (Numbers{38, 39, 40})); // dense, and no more than there is room for
        QCOMPARE(log.since(0).at(0)->request_id, std::string("8"));
        QCOMPARE(log.since(0).at(2)->request_id, std::string("40"));
        log.publish(named("new"));
        QCOMPARE(sequences(log.since(39)), (Numbers{40, 41}));
        log.restore(earlier); // too late
        QCOMPARE(sequences(log.since(0)), (Numbers{39, 40, 41}));
    }

    void restoringLittleOrOddNumbers()
    {
        RequestLog log;
        log.restore({});
        QCOMPARE(log.last_sequence(), std::uint64_t{0});
        std::vector<RequestRecord> earlier(3); // all numbered 0
        log.restore(earlier);
        QCOMPARE(sequences(log.since(0)), (Numbers{1, 2, 3}));
        RequestLog none(0);
        none.restore(earlier);
        QVERIFY(none.since(0).empty());
        QCOMPARE(none.last_sequence(), std::uint64_t{3});
    }

    void aReaderSeesEveryRecordOnceWhileOthersWrite()
    {
        RequestLog log(100'000);
        constexpr int writers = 4;
        constexpr int each = 2000;
        std::atomic<int> running = writers;
        std::vector<std::thread> threads;
        for (int w = 0; w < writers; ++w) {
            threads.emplace_back([&] {
                for (int i = 0; i < each; ++i)
                    log.publish({});
                --running;
            });
        }
        std::uint64_t seen = 0;
        bool dense = true;
        for (bool last = false; !last;) {
            last = running == 0;
            for (const auto& record : log.since(seen)) {
                dense = dense && record->sequence == seen + 1;
                seen = record->sequence;
            }
        }
        for (auto& thread : threads)
            thread.join();
        QVERIFY(dense);
        QCOMPARE(seen, std::uint64_t{writers * each});
    }
};

QTEST_APPLESS_MAIN(TstRequestLog)
#include "tst_request_log.moc"

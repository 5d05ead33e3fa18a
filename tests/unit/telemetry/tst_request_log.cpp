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

using Numbers = std::vector<std::uint64_t>;

} // namespace

class TstRequestLog : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsKeptHasNoSpareRoom()
    {
        RequestLog log(2);
        RequestRecord record;
        record.chunks.reserve(4'096);
        for (std::uint32_t i = 0; i < 3; ++i)
            record.chunks.push_back({.at = tokenscope::Instant(tokenscope::Nanos(i)), .bytes = i, .tokens = 1});
        const auto kept = log.add(std::move(record));
        QCOMPARE(kept->chunks.size(), std::size_t(3));
        QCOMPARE(kept->chunks.capacity(), std::size_t(3));
        QCOMPARE(kept->chunks[2].bytes, 2U);
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

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/archive/archived_log.h"
#include "unit/telemetry/record_test.h"

#include <QtTest>

#include <atomic>
#include <set>
#include <thread>

using namespace tokenscope;
using namespace tokenscope::telemetry;
using namespace tokenscope::test;
using namespace std::chrono_literals;

class TstArchivedLog : public QObject {
    Q_OBJECT

    ManualClock m_clock;

    std::shared_ptr<RequestArchive> open(const QTemporaryDir& folder, LogLines& lines, const char* name)
    {
        return std::move(*RequestArchive::open(path_in(folder, name), 1h, m_clock, lines.log, {}));
    }

private Q_SLOTS:
    void withoutAnArchiveItIsTheLog()
    {
        RequestLog log;
        ArchivedLog both(log);
        both.publish(record_named("a"));
        QCOMPARE(log.since(0).at(0)->request_id, std::string("a"));
        QVERIFY(!both.archive());
    }

    void bothGetEveryRecord()
    {
        const QTemporaryDir folder;
        LogLines lines;
        RequestLog log;
        ArchivedLog both(log);
        both.set_archive(open(folder, lines, "one.db"));
        both.publish(full_record(m_clock));
        QCOMPARE(log.since(0).at(0)->request_id, std::string("req_1"));
        QVERIFY(both.archive()->flush());
        QCOMPARE(both.archive()->query({})->at(0).request_id, std::string("req_1"));
    }

    void changingTheArchiveLosesNothing()
    {
        const QTemporaryDir folder;
        LogLines lines;
        RequestLog log(100'000);
        ArchivedLog both(log);
        constexpr int writers = 3;
        constexpr int each = 1500;
        constexpr int changes = 5;
        std::vector<std::thread> threads;
        both.set_archive(open(folder, lines, "0.db"));
        for (int writer = 0; writer < writers; ++writer)
            threads.emplace_back([&, writer] {
                for (int i = 0; i < each; ++i)
                    both.publish(record_named(std::to_string(writer) + "-" + std::to_string(i), m_clock.wall()));
            });
        for (int i = 1; i <= changes; ++i)
            both.set_archive(open(folder, lines, (std::to_string(i) + ".db").c_str()));
        for (auto& thread : threads)
            thread.join();
        both.set_archive(nullptr); // the last one ends, and has written all
        std::multiset<std::string> found;
        for (int i = 0; i <= changes; ++i) {
            const auto records = open(folder, lines, (std::to_string(i) + ".db").c_str())->load_last(SIZE_MAX);
            for (const auto& record : *records)
                found.insert(record.request_id);
        }
        QCOMPARE(found.size(), std::size_t(writers * each));
        QCOMPARE(std::set<std::string>(found.begin(), found.end()).size(), found.size());
        QCOMPARE(log.last_sequence(), std::uint64_t(writers * each));
        QCOMPARE(log.since(0).size(), std::size_t(writers * each));
    }
};

QTEST_GUILESS_MAIN(TstArchivedLog)
#include "tst_archived_log.moc"

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/archive/request_archive.h"
#include "telemetry/request_log.h"
#include "unit/telemetry/record_test.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QtTest>

#include <csignal>
#include <set>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>

using namespace tokenscope;
using namespace tokenscope::telemetry;
using namespace tokenscope::test;
using namespace std::chrono_literals;

namespace {

using Archive = std::unique_ptr<RequestArchive>;
using Ids = std::vector<std::string>;

constexpr RequestArchive::Options quick{.every = 10ms};
constexpr RequestArchive::Options without_ticks{.every = 1h};

storage::SqliteConnection connection_to(const std::string& path)
{
    return std::move(*storage::SqliteConnection::open(path, storage::SqliteConnection::Mode::read_write));
}

/// Makes every write fail, as a full disk does, until mend().
void break_writes(const std::string& path)
{
    QVERIFY(connection_to(path).execute("CREATE TRIGGER full BEFORE INSERT ON requests BEGIN "
                                        "SELECT RAISE(ABORT, 'database or disk is full'); END"));
}

void mend(const std::string& path)
{
    QVERIFY(connection_to(path).execute("DROP TRIGGER full"));
}

/// No file may grow beyond a size, for as long as this lives.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes)
    {
        std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &m_before);
        rlimit limit = m_before;
        limit.rlim_cur = bytes;
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &m_before); }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;

private:
    rlimit m_before{};
};

} // namespace

class TstRequestArchive : public QObject {
    Q_OBJECT

    ManualClock m_clock;

    Archive open(const std::string& path, LogLines& lines, RequestArchive::Options options = without_ticks,
                 std::chrono::seconds ttl = 1h)
    {
        auto opened = RequestArchive::open(path, ttl, m_clock, lines.log, options);
        return opened ? std::move(*opened) : nullptr;
    }

    Ids all_in(const RequestArchive& archive) { return ids(*archive.load_last(SIZE_MAX)); }

private Q_SLOTS:
    void whatIsKeptCanBeAskedFor()
    {
        const QTemporaryDir folder;
        LogLines lines;
        const auto archive = open(path_in(folder), lines);
        QVERIFY(archive);
        QVERIFY(archive->query({})->empty());
        QVERIFY(archive->flush()); // nothing to do
        archive->publish(full_record(m_clock));
        archive->publish(record_named("second", m_clock.wall() + 1s));
        QVERIFY(archive->flush());
        QCOMPARE(ids(*archive->query({})), (Ids{"second", "req_1"}));
        QCOMPARE(ids(*archive->query({.model = "gpt-4o"})), (Ids{"req_1"}));
        QCOMPARE(all_in(*archive), (Ids{"req_1", "second"})); // oldest first
        QVERIFY(!archive->degraded());
        QCOMPARE(archive->dropped(), std::uint64_t(0));
        struct stat facts {};
        for (const auto* suffix : {"", "-wal", "-shm"}) {
            QCOMPARE(::stat((path_in(folder) + suffix).c_str(), &facts), 0);
            QCOMPARE(facts.st_mode & 0777U, 0600U);
        }
        QCOMPARE(connection_to(path_in(folder)).text("PRAGMA journal_mode").value(), std::string("wal"));
    }

    void endingWritesWhatIsLeft()
    {
        const QTemporaryDir folder;
        LogLines lines;
        {
            const auto archive = open(path_in(folder), lines);
            for (int i = 0; i < 1000; ++i)
                archive->publish(record_named(std::to_string(i), m_clock.wall()));
        }
        const auto again = open(path_in(folder), lines);
        QCOMPARE(again->load_last(SIZE_MAX)->size(), std::size_t(1000));
        QVERIFY(lines.with("warn").isEmpty());
    }

    void aRestartShowsTheLastRequests()
    {
        const QTemporaryDir folder;
        LogLines lines;
        {
            RequestLog log;
            const auto archive = open(path_in(folder), lines);
            for (int i = 1; i <= 20; ++i)
                archive->keep(log.add(record_named(std::to_string(i), m_clock.wall())));
        }
        m_clock.advance(10s);
        const auto archive = open(path_in(folder), lines);
        RequestLog log(100);
        log.restore(*archive->load_last(5));
        QCOMPARE(log.last_sequence(), std::uint64_t(20));
        const auto restored = log.since(0);
        QCOMPARE(restored.size(), std::size_t(5));
        QCOMPARE(restored.front()->sequence, std::uint64_t(16));
        QCOMPARE(restored.front()->request_id, std::string("16"));
        QVERIFY(m_clock.now() - restored.front()->accepted == 10s);
        QCOMPARE(log.add(record_named("new"))->sequence, std::uint64_t(21));
        QCOMPARE(log.since(20).size(), std::size_t(1));
        QCOMPARE(log.since(18).front()->sequence, std::uint64_t(19));
    }

    void chunksReachTheDiskThoughTheMemoryLetsGoOfThem()
    {
        const QTemporaryDir folder;
        LogLines lines;
        const auto archive = open(path_in(folder), lines);
        for (int i = 0; i < 300; ++i) {
            auto record = record_named(std::to_string(i), m_clock.wall());
            record.chunks = ChunkMarks(100);
            const auto kept = std::make_shared<const RequestRecord>(std::move(record));
            archive->keep(kept);
            kept->chunks.forget();
        }
        QVERIFY(archive->flush());
        const auto chunks = [](const Result<std::vector<RequestRecord>>& records) {
            std::vector<std::size_t> counts;
            for (const auto& each : *records)
                counts.push_back(each.chunks.marks()->size());
            return counts;
        };
        QCOMPARE(chunks(archive->load_last(SIZE_MAX)), std::vector<std::size_t>(300, 100));
        // Of the newest only, once they are as many as there is room for.
        QCOMPARE(chunks(archive->load_last(4, 2 * ChunkTimeline(ChunkMarks(100)).bytes())),
                 (std::vector<std::size_t>{0, 0, 100, 100}));
    }

    void manyWritersLoseNothing()
    {
        const QTemporaryDir folder;
        LogLines lines;
        constexpr int writers = 4;
        constexpr int each = 2'500;
        const auto archive = open(path_in(folder), lines, {.most_waiting = 100'000, .every = 5ms});
        std::vector<std::thread> threads;
        for (int writer = 0; writer < writers; ++writer)
            threads.emplace_back([&, writer] {
                for (int i = 0; i < each; ++i) {
                    auto record = record_named(std::to_string(writer) + "-" + std::to_string(i), m_clock.wall());
                    record.chunks = ChunkMarks(20);
                    archive->publish(std::move(record));
                    if (i % 500 == 0)
                        QVERIFY(archive->query({.limit = 10})); // readers do not disturb
                }
            });
        for (auto& thread : threads)
            thread.join();
        QVERIFY(archive->flush());
        const auto kept = all_in(*archive);
        QCOMPARE(kept.size(), std::size_t(writers * each));
        QCOMPARE(std::set<std::string>(kept.begin(), kept.end()).size(), kept.size());
        std::vector<int> next(writers, 0); // each writer's in its own order
        for (const auto& id : kept)
            QCOMPARE(std::stoi(id.substr(2)), next[static_cast<std::size_t>(id[0] - '0')]++);
        QCOMPARE(archive->dropped(), std::uint64_t(0));
    }

    void twoProcessesMayShareTheFile()
    {
        const QTemporaryDir folder;
        LogLines lines;
        const auto one = open(path_in(folder), lines);
        const auto other = open(path_in(folder), lines);
        for (int i = 0; i < 100; ++i) {
            one->publish(record_named("one", m_clock.wall()));
            other->publish(record_named("other", m_clock.wall()));
        }
        QVERIFY(one->flush());
        QVERIFY(other->flush());
        QCOMPARE(one->query({})->size(), std::size_t(200));
    }

    void aDiskThatCannotBeWritten()
    {
        const QTemporaryDir folder;
        LogLines lines;
        const auto archive = open(path_in(folder), lines, quick);
        archive->publish(record_named("before", m_clock.wall()));
        QVERIFY(archive->flush());
        break_writes(path_in(folder));
        for (const auto* id : {"a", "b", "c"})
            archive->publish(record_named(id, m_clock.wall()));
        QTRY_VERIFY(archive->degraded());
        QVERIFY(!archive->flush());
        QCOMPARE(all_in(*archive), (Ids{"before"}));
        const auto warnings = lines.with("cannot be written to disk");
        QCOMPARE(warnings.size(), 1); // once, however often it is tried
        QVERIFY(warnings[0].contains(QStringLiteral("database or disk is full")));
        mend(path_in(folder));
        QTRY_VERIFY(!archive->degraded());
        QVERIFY(archive->flush());
        QCOMPARE(all_in(*archive), (Ids{"before", "a", "b", "c"}));
        QCOMPARE(lines.with("written to disk again").size(), 1);
        QCOMPARE(archive->dropped(), std::uint64_t(0));
    }

    void aDiskThatIsReallyFull()
    {
        const QTemporaryDir folder;
        LogLines lines;
        const auto archive = open(path_in(folder), lines, quick);
        {
            const FileSizeLimit limit(200'000);
            for (int i = 0; i < 3000; ++i) {
                auto record = record_named(std::to_string(i), m_clock.wall());
                record.error.assign(1000, 'e');
                archive->publish(std::move(record));
            }
            QTRY_VERIFY(archive->degraded());
            QVERIFY(!archive->flush());
            QVERIFY(archive->load_last(10)); // what is there can be read
        }
        QTRY_VERIFY(!archive->degraded());
        QVERIFY(archive->flush());
        QCOMPARE(archive->load_last(SIZE_MAX)->size(), std::size_t(3000));
        QCOMPARE(connection_to(path_in(folder)).text("PRAGMA integrity_check").value(), std::string("ok"));
    }

    void beyondTheBoundTheOldestAreDropped()
    {
        const QTemporaryDir folder;
        LogLines lines;
        {
            const auto archive = open(path_in(folder), lines, {.most_waiting = 3, .every = 10ms});
            QVERIFY(archive->flush());
            break_writes(path_in(folder));
            for (int i = 0; i < 10; ++i)
                archive->publish(record_named(std::to_string(i), m_clock.wall()));
            QTRY_VERIFY(archive->degraded());
            QTRY_COMPARE(archive->dropped(), std::uint64_t(7));
            QTRY_COMPARE(lines.with("were dropped").size() > 0, true);
            mend(path_in(folder));
            QTRY_COMPARE(all_in(*archive), (Ids{"7", "8", "9"}));
            QVERIFY(!archive->flush()); // some are lost for good
        }
        std::uint64_t said = 0;
        for (const auto& line : lines.with("were dropped"))
            said += QJsonDocument::fromJson(line.toUtf8())[QStringLiteral("records")].toInt();
        QCOMPARE(said, std::uint64_t(7));
    }

    void theirMemoryIsBounded()
    {
        const QTemporaryDir folder;
        LogLines lines;
        const auto archive = open(path_in(folder), lines, {.most_waiting_bytes = 1'000'000, .every = 1h});
        QVERIFY(archive->flush());
        break_writes(path_in(folder));
        for (int i = 0; i < 20; ++i) {
            auto record = record_named(std::to_string(i), m_clock.wall());
            record.requested_model.assign(100'000, 'm');
            archive->publish(std::move(record));
        }
        QTRY_VERIFY(archive->degraded());
        QVERIFY(archive->dropped() >= 11 && archive->dropped() <= 12);
        mend(path_in(folder));
    }

    void whatIsLostAtTheEndIsSaid()
    {
        const QTemporaryDir folder;
        LogLines lines;
        {
            const auto archive = open(path_in(folder), lines);
            QVERIFY(archive->flush());
            break_writes(path_in(folder));
            archive->publish(record_named("a", m_clock.wall()));
            archive->publish(record_named("b", m_clock.wall()));
        }
        const auto errors = lines.with("are lost");
        QCOMPARE(errors.size(), 1);
        QCOMPARE(QJsonDocument::fromJson(errors[0].toUtf8())[QStringLiteral("records")].toInt(), 2);
    }

    void whatHasExpiredGoes()
    {
        const QTemporaryDir folder;
        LogLines lines;
        {
            const auto archive = open(path_in(folder), lines, without_ticks, 1h);
            for (int i = 0; i < 1200; ++i) // more than are dropped in one go
                archive->publish(record_named("old", m_clock.wall()));
            archive->publish(record_named("young", m_clock.wall() + 30min));
            QVERIFY(archive->flush());
            QCOMPARE(archive->query({.limit = SIZE_MAX})->size(), std::size_t(1201));
        }
        m_clock.advance(61min);
        const auto archive = open(path_in(folder), lines, quick, 1h); // at once
        QTRY_COMPARE(all_in(*archive), (Ids{"young"}));
        archive->set_ttl(10min); // and later, without any request
        QTRY_VERIFY(all_in(*archive).empty());
    }

    void aTimeToLiveBeyondAllTime()
    {
        const QTemporaryDir folder;
        LogLines lines;
        const auto archive = open(path_in(folder), lines, quick, std::chrono::seconds::max());
        archive->publish(record_named("a", m_clock.wall()));
        QVERIFY(archive->flush());
        QCOMPARE(all_in(*archive), (Ids{"a"}));
    }

    void aDamagedFileIsSetAside()
    {
        const QTemporaryDir folder;
        LogLines lines;
        open(path_in(folder), lines)->publish(record_named("a", m_clock.wall()));
        QFile file(QString::fromStdString(path_in(folder)));
        QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(100));
        file.write(QByteArray(3000, '\xFF'));
        file.close();
        const auto archive = open(path_in(folder), lines);
        QVERIFY(archive);
        const auto warnings = lines.with("were damaged");
        QCOMPARE(warnings.size(), 1);
        QVERIFY(warnings[0].contains(QStringLiteral("The request records in")));
        QCOMPARE(QDir(folder.path()).entryList({QStringLiteral("requests.db.damaged-*")}).size(), 1);
        archive->publish(record_named("b", m_clock.wall()));
        QVERIFY(archive->flush());
        QCOMPARE(all_in(*archive), (Ids{"b"}));
    }

    void mistakesAreErrors()
    {
        const QTemporaryDir folder;
        LogLines lines;
        const auto refused = [&](const std::string& path) {
            const auto opened = RequestArchive::open(path, 1h, m_clock, lines.log, {});
            return opened ? QString() : QString::fromStdString(opened.error().message);
        };
        QVERIFY(refused(folder.path().toStdString())
                    .contains(QStringLiteral("observability.requests.path must name a file")));
        QVERIFY(open(path_in(folder), lines));
        QVERIFY(connection_to(path_in(folder)).execute("PRAGMA user_version = 99"));
        QVERIFY(refused(path_in(folder)).contains(QStringLiteral("newer version of Tokenscope (format 99")));
        QVERIFY(connection_to(path_in(folder)).execute("PRAGMA user_version = 1; PRAGMA application_id = 1416319843"));
        QVERIFY(refused(path_in(folder)).contains(QStringLiteral("database of another program"))); // the conversations'
        QCOMPARE(RequestArchive::open("/proc/no/file.db", 1h, m_clock, lines.log, {}).error().code,
                 ErrorCode::internal);
    }

    void aFileThatGoesAwayIsAnError()
    {
        const QTemporaryDir folder;
        LogLines lines;
        const auto archive = open(path_in(folder), lines);
        QVERIFY(QFile::remove(QString::fromStdString(path_in(folder))));
        const auto found = archive->query({});
        QVERIFY(!found);
        QVERIFY(QString::fromStdString(found.error().message).contains(QStringLiteral("cannot be read")));
    }
};

QTEST_GUILESS_MAIN(TstRequestArchive)
#include "tst_request_archive.moc"

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "conversations/make_store.h"
#include "conversations/response_table.h"
#include "unit/conversations/store_test.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <sqlite3.h>

#include <array>
#include <map>
#include <sys/stat.h>

using namespace tokenscope;
using namespace tokenscope::conversations;
using namespace tokenscope::storage;
using namespace tokenscope::test;
using namespace std::chrono_literals;

namespace {

unsigned mode_of(const std::string& path)
{
    struct stat facts {};
    return ::stat(path.c_str(), &facts) == 0 ? facts.st_mode & 0777U : 0;
}

void write(const std::string& path, const QByteArray& bytes, qint64 at = 0)
{
    QFile file(QString::fromStdString(path));
    if (file.open(QIODevice::ReadWrite) && file.seek(at))
        file.write(bytes);
}

QStringList names_in(const QTemporaryDir& folder)
{
    return QDir(folder.path()).entryList(QDir::Files, QDir::Name);
}

SqliteConnection connection_to(const std::string& path)
{
    write(path, {});
    return std::move(*SqliteConnection::open(path, SqliteConnection::Mode::read_write));
}

} // namespace

class TstDatabaseFile : public QObject {
    Q_OBJECT

    boost::asio::io_context m_io;
    ManualClock m_clock;

    void keepOne(const std::string& path)
    {
        SqliteStore store(std::move(*open_database(path, m_clock.wall())), 1h, m_clock);
        QVERIFY(run(m_io, store.create(response("a"))));
    }

private Q_SLOTS:
    void itsOwnersAlone()
    {
        const QTemporaryDir folder;
        const auto path = folder.path().toStdString() + "/x/y z/it's 100% #1?.db";
        auto opened = open_database(path, m_clock.wall());
        QVERIFY(opened);
        QVERIFY(!opened->warning && opened->writable);
        QCOMPARE(mode_of(folder.path().toStdString() + "/x"), 0700U);
        QCOMPARE(mode_of(folder.path().toStdString() + "/x/y z"), 0700U);
        SqliteStore store(std::move(*opened), 1h, m_clock);
        QVERIFY(run(m_io, store.create(response("a"))));
        for (const auto* suffix : {"", "-wal", "-shm"})
            QCOMPARE(mode_of(path + suffix), 0600U);
    }

    void permissionsThatAreTooWideAreTightened()
    {
        const QTemporaryDir folder;
        keepOne(path_in(folder));
        QCOMPARE(::chmod(path_in(folder).c_str(), 0664), 0);
        keepOne(path_in(folder));
        QCOMPARE(mode_of(path_in(folder)), 0600U);
    }

    void aLinkIsFollowed()
    {
        const QTemporaryDir folder;
        const auto link = path_in(folder, "link.db");
        keepOne(path_in(folder));
        QVERIFY(QFile::link(QString::fromStdString(path_in(folder)), QString::fromStdString(link)));
        const SqliteStore store(std::move(*open_database(link, m_clock.wall())), 1h, m_clock);
        QCOMPARE(store.count(), std::size_t(1));
    }

    void mistakesAreErrors()
    {
        const QTemporaryDir folder;
        const auto at_folder = open_database(folder.path().toStdString(), m_clock.wall());
        QCOMPARE(at_folder.error().code, ErrorCode::config);
        QVERIFY(at_folder.error().message.find("folder") != std::string::npos);
        QCOMPARE(open_database("/dev/null", m_clock.wall()).error().code, ErrorCode::config);

        const auto path = path_in(folder);
        QVERIFY(connection_to(path).execute("CREATE TABLE bookmarks (url TEXT)"));
        QCOMPARE(open_database(path, m_clock.wall()).error().code, ErrorCode::config);
        QCOMPARE(names_in(folder), QStringList(QStringLiteral("conversations.db"))); // left where it was
        QCOMPARE(connection_to(path).number("SELECT count(*) FROM bookmarks").value(), std::int64_t(0));
    }

    void aNewerVersionIsRefused()
    {
        const QTemporaryDir folder;
        keepOne(path_in(folder));
        QVERIFY(connection_to(path_in(folder)).execute("PRAGMA user_version = 99"));
        const auto opened = open_database(path_in(folder), m_clock.wall());
        QCOMPARE(opened.error().code, ErrorCode::config);
        QVERIFY(opened.error().message.find("newer version") != std::string::npos);
        QCOMPARE(connection_to(path_in(folder)).number("SELECT count(*) FROM responses").value(), std::int64_t(1));
    }

    void migrations()
    {
        const QTemporaryDir folder;
        const auto connection = connection_to(path_in(folder));
        constexpr std::int64_t id = 0x1234;
        const std::array<const char*, 1> one = {"CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1)"};
        const std::array<const char*, 3> three = {one[0], "ALTER TABLE t ADD COLUMN b INTEGER DEFAULT 2",
                                                  "UPDATE t SET b = a + b"};
        const std::array<const char*, 4> broken = {three[0], three[1], three[2], "UPDATE t SET b = 9; nonsense"};
        const auto version = [&] { return connection.number("PRAGMA user_version").value(); };
        QVERIFY(migrate(connection, {id, one}));
        QCOMPARE(version(), std::int64_t(1));
        QCOMPARE(connection.number("PRAGMA application_id").value(), id);
        QVERIFY(migrate(connection, {id, three}));
        QVERIFY(migrate(connection, {id, three})); // nothing is done twice
        QCOMPARE(version(), std::int64_t(3));
        QCOMPARE(connection.number("SELECT b FROM t").value(), std::int64_t(3));
        QVERIFY(!migrate(connection, {id, broken})); // all of it or nothing
        QCOMPARE(version(), std::int64_t(3));
        QCOMPARE(connection.number("SELECT b FROM t").value(), std::int64_t(3));
        QVERIFY(!connection.in_transaction());
        QVERIFY(migrate(connection, {id, one})); // newer than these: left alone
        QCOMPARE(version(), std::int64_t(3));
    }

    void damagedFilesAreMovedAside_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("at");
        QTest::newRow("not a database") << QByteArray(20'000, 'x') << 0;
        QTest::newRow("short text") << QByteArray("listen: 127.0.0.1:8080\n") << 0;
        QTest::newRow("a page overwritten") << QByteArray(4096, '\x5A') << 4096;
        QTest::newRow("the schema overwritten") << QByteArray(3000, '\xFF') << 100;
    }

    void damagedFilesAreMovedAside()
    {
        QFETCH(const QByteArray, bytes);
        QFETCH(const int, at);
        const QTemporaryDir folder;
        const auto path = path_in(folder);
        if (at > 0)
            keepOne(path);
        write(path, bytes, at);
        QFile damaged(QString::fromStdString(path));
        QVERIFY(damaged.open(QIODevice::ReadOnly));
        const auto before = damaged.readAll();

        for (int i = 0; i < 2; ++i) { // twice in the same second
            if (i > 0) {
                QVERIFY(QFile::remove(QString::fromStdString(path)));
                write(path, before);
            }
            auto opened = open_database(path, m_clock.wall());
            QVERIFY(opened);
            QVERIFY(opened->writable);
            QVERIFY(opened->warning);
            QVERIFY(opened->warning->message.find("conversations.db.damaged-20231114-221320") != std::string::npos);
            QVERIFY(!opened->warning->detail.empty());
        }
        const QDir files(folder.path());
        for (const auto* name :
             {"conversations.db.damaged-20231114-221320", "conversations.db.damaged-20231114-221320-2"}) {
            QFile aside(files.filePath(QString::fromLatin1(name)));
            QVERIFY(aside.open(QIODevice::ReadOnly));
            QCOMPARE(aside.readAll(), before);
        }
        keepOne(path); // and the new one works
        QVERIFY(!open_database(path, m_clock.wall())->warning);
    }

    void anEmptyFileAndALeftOverLogAreFine()
    {
        const QTemporaryDir folder;
        write(path_in(folder), {});
        write(path_in(folder) + "-wal", QByteArray(5000, 'x'));
        keepOne(path_in(folder));
        QVERIFY(!open_database(path_in(folder), m_clock.wall())->warning);
    }

    void aReadOnlyFolderIsReadStill()
    {
        const QTemporaryDir folder;
        const auto path = path_in(folder);
        keepOne(path);
        QCOMPARE(::chmod(path.c_str(), 0644), 0); // readable for whom we become
        if (geteuid() == 0)
            QCOMPARE(::chown(path.c_str(), 65534, 65534), 0);
        const ReadOnlyFolder read_only(folder);
        auto opened = open_database(path, m_clock.wall());
        QVERIFY2(opened.has_value(), opened ? "" : opened.error().detail.c_str());
        QVERIFY(!opened->writable);
        QVERIFY(opened->warning);
        SqliteStore store(std::move(*opened), 1h, m_clock);
        QCOMPARE(store.count(), std::size_t(1));
        QVERIFY(run(m_io, store.get("a"))->has_value());
        QVERIFY(!run(m_io, store.create(response("b"))));
        QVERIFY(!run(m_io, store.erase("a")));
        QVERIFY(!run(m_io, store.purge_expired()));
        QVERIFY(run(m_io, store.get("a"))->has_value());
    }

    void whatCannotBeMadeIsNoMistake()
    {
        const QTemporaryDir folder;
        write(path_in(folder, "file"), "x");
        QCOMPARE(open_database(path_in(folder, "file/x.db"), m_clock.wall()).error().code, ErrorCode::internal);
        const ReadOnlyFolder read_only(folder);
        const auto opened = open_database(path_in(folder, "new/x.db"), m_clock.wall());
        QCOMPARE(opened.error().code, ErrorCode::internal);
        QCOMPARE(opened.error().detail, std::string("Permission denied"));
    }

    void theFactory()
    {
        const QTemporaryDir folder;
        std::vector<Error> warnings;
        const Warn warn = [&](const Error& error) { warnings.push_back(error); };
        config::Conversations settings;
        const auto ready = make_store(settings, path_in(folder), m_clock, warn);
        QVERIFY((*ready)->backend() == "sqlite");
        QVERIFY(run(m_io, (*ready)->create(response("a"))));
        QCOMPARE(run(m_io, (*ready)->get("a"))->value().expires, m_clock.wall() + settings.ttl);
        QVERIFY(warnings.empty());

        settings.backend = config::ConversationBackend::memory;
        QVERIFY((*make_store(settings, path_in(folder), m_clock, warn))->backend() == "memory");
        settings.backend = config::ConversationBackend::sqlite;
        settings.path = folder.path().toStdString();
        QCOMPARE(make_store(settings, {}, m_clock, warn).error().code, ErrorCode::config);
        QVERIFY(warnings.empty());

        settings.path = path_in(folder) + "/below a file.db";
        const auto without_disk = make_store(settings, {}, m_clock, warn);
        QVERIFY((*without_disk)->backend() == "memory");
        QVERIFY(run(m_io, (*without_disk)->create(response("a"))));
        QCOMPARE(warnings.size(), std::size_t(1));
        QVERIFY(warnings[0].message.find("in memory only") != std::string::npos);
        settings.path.clear();
        QVERIFY(make_store(settings, {}, m_clock, warn));
        QCOMPARE(warnings.size(), std::size_t(2));
    }

    void theFactoryReadsWhatItCannotWrite()
    {
        const QTemporaryDir folder;
        keepOne(path_in(folder));
        if (geteuid() == 0)
            QCOMPARE(::chown(path_in(folder).c_str(), 65534, 65534), 0);
        std::vector<Error> warnings;
        const ReadOnlyFolder read_only(folder);
        const auto made =
            make_store({}, path_in(folder), m_clock, [&](const Error& error) { warnings.push_back(error); });
        auto& store = **made;
        QCOMPARE(warnings.size(), std::size_t(1));
        QVERIFY(run(m_io, store.create(response("b", "a"))));
        QVERIFY(run(m_io, store.get("a"))->has_value());
        QVERIFY(run(m_io, store.get("b"))->has_value());
        QCOMPARE(store.count(), std::size_t(2));
        QCOMPARE(warnings.size(), std::size_t(1)); // said once
    }

    void theDefaultPlace()
    {
        const auto place = [](std::map<std::string, std::string> variables) {
            return default_database([variables](const std::string& name) {
                       const auto found = variables.find(name);
                       return found == variables.end() ? std::nullopt : std::optional(found->second);
                   })
                .string();
        };
        QCOMPARE(place({{"XDG_DATA_HOME", "/d"}, {"HOME", "/h"}}), std::string("/d/tokenscope/conversations.db"));
        const std::string at_home = "/h/.local/share/tokenscope/conversations.db";
        QCOMPARE(place({{"HOME", "/h"}}), at_home);
        QCOMPARE(place({{"XDG_DATA_HOME", ""}, {"HOME", "/h"}}), at_home);
        QCOMPARE(place({{"XDG_DATA_HOME", "relative"}, {"HOME", "/h"}}), at_home);
        QCOMPARE(place({}), std::string());
        QCOMPARE(place({{"HOME", "here"}}), std::string());
    }
};

QTEST_GUILESS_MAIN(TstDatabaseFile)
#include "tst_database_file.moc"

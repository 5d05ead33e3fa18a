// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/logging/log.h"
#include "telemetry/logging/log_file.h"

#include <QtTest>

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QTemporaryDir>

#include <atomic>
#include <csignal>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace tokenscope;
using namespace tokenscope::telemetry;

namespace {

constexpr std::size_t unlimited = std::size_t{1} << 40;

QByteArray read_all(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// A disk with room for `bytes` of each file.
class SmallDisk {
public:
    explicit SmallDisk(rlim_t bytes)
    {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit small{bytes, m_before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &small);
    }
    ~SmallDisk() { ::setrlimit(RLIMIT_FSIZE, &m_before); }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

private:
    rlimit m_before{};
};

struct Folder {
    QTemporaryDir folder;
    QString path = folder.filePath(QStringLiteral("gateway.log"));
    std::string name() const { return path.toStdString(); }
    QString beside(const char* file) const { return folder.filePath(QString::fromLatin1(file)); }
};

} // namespace

class TstLogFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void appends_and_makes_its_folder()
    {
        const Folder f;
        const auto path = f.folder.filePath(QStringLiteral("a/b/x.log"));
        {
            LogFile file(path.toStdString(), unlimited, 1);
            QVERIFY(file.open());
            QCOMPARE(file.write("one\n"), std::size_t{4});
        }
        LogFile again(path.toStdString(), unlimited, 1);
        QCOMPARE(again.write("two\nthree\n"), std::size_t{10});
        QCOMPARE(read_all(path), QByteArray("one\ntwo\nthree\n"));
        struct stat status {};
        QCOMPARE(::stat(path.toStdString().c_str(), &status), 0);
        QCOMPARE(status.st_mode & 07, mode_t{0}); // not for everybody
    }

    void is_put_aside_at_a_line_data()
    {
        QTest::addColumn<int>("kept");
        QTest::addColumn<QByteArray>("files");
        QTest::newRow("none") << 0 << QByteArray("e");
        QTest::newRow("one") << 1 << QByteArray("e|cd");
        QTest::newRow("two") << 2 << QByteArray("e|cd|ab");
        QTest::newRow("more than there are") << 9 << QByteArray("e|cd|ab|");
    }

    /// Files of at most nine bytes get two lines of four.
    void is_put_aside_at_a_line()
    {
        QFETCH(int, kept);
        QFETCH(QByteArray, files);
        for (const bool at_once : {true, false}) {
            const Folder f;
            LogFile file(f.name(), 9, static_cast<std::size_t>(kept));
            if (at_once)
                QCOMPARE(file.write("aaa\nbbb\nccc\nddd\neee\n"), std::size_t{20});
            for (const char* line : {"aaa\n", "bbb\n", "ccc\n", "ddd\n", "eee\n"})
                if (!at_once)
                    QCOMPARE(file.write(line), std::size_t{4});
            QByteArrayList found{read_all(f.path)};
            for (int i = 1; i <= std::min(kept, 3); ++i)
                found << read_all(f.folder.filePath(QStringLiteral("gateway.%1.log").arg(i)));
            auto seen = found.join('|');
            seen.replace('\n', "");
            for (const char* letter : {"a", "b", "c", "d", "e"})
                seen.replace(QByteArray(letter).repeated(3), letter);
            QCOMPARE(seen, files);
            QCOMPARE(QDir(f.folder.path()).count() - 2U, static_cast<uint>(std::min(kept, 2) + 1));
        }
    }

    void a_line_longer_than_a_file_is_whole()
    {
        const Folder f;
        LogFile file(f.name(), 5, 1);
        const QByteArray line = QByteArray(100, 'x') + '\n';
        QCOMPARE(file.write("a\n"), std::size_t{2});
        QCOMPARE(file.write({line.data(), 101}), std::size_t{101});
        QCOMPARE(read_all(f.path), line);
        QCOMPARE(read_all(f.beside("gateway.1.log")), QByteArray("a\n"));
    }

    void what_was_there_counts()
    {
        const Folder f;
        LogFile(f.name(), unlimited, 1).write("12345678\n");
        LogFile file(f.name(), 10, 1);
        QCOMPARE(file.write("a\n"), std::size_t{2});
        QCOMPARE(read_all(f.path), QByteArray("a\n"));
        QCOMPARE(read_all(f.beside("gateway.1.log")), QByteArray("12345678\n"));
    }

    void names_without_an_extension()
    {
        const QTemporaryDir folder;
        LogFile file(folder.filePath(QStringLiteral("log")).toStdString(), 1, 1);
        file.write("a\n");
        file.write("b\n");
        QCOMPARE(read_all(folder.filePath(QStringLiteral("log.1"))), QByteArray("a\n"));
    }

    /// logrotate with "create", or somebody with rm.
    void a_file_that_is_moved_or_deleted_is_begun_again()
    {
        const Folder f;
        LogFile file(f.name(), unlimited, 1);
        file.write("1\n");
        QVERIFY(QFile::rename(f.path, f.beside("old")));
        file.write("2\n");
        QCOMPARE(read_all(f.path), QByteArray("2\n"));
        QVERIFY(QFile::remove(f.path));
        file.write("3\n");
        QCOMPARE(read_all(f.path), QByteArray("3\n"));
        QCOMPARE(read_all(f.beside("old")), QByteArray("1\n"));
    }

    /// logrotate with "copytruncate".
    void a_file_that_is_cut_goes_on_at_its_beginning()
    {
        const Folder f;
        LogFile file(f.name(), 10, 1);
        file.write("12345678\n");
        QCOMPARE(::truncate(f.name().c_str(), 0), 0);
        file.write("abcdefgh\n");
        QCOMPARE(read_all(f.path), QByteArray("abcdefgh\n"));
        QVERIFY(!QFile::exists(f.beside("gateway.1.log")));
    }

    void a_folder_that_takes_no_file_aside_lets_it_grow()
    {
        if (::geteuid() == 0)
            QSKIP("root may write everywhere");
        const Folder f;
        LogFile file(f.name(), 3, 1);
        file.write("1\n");
        QCOMPARE(::chmod(f.folder.path().toStdString().c_str(), 0500), 0);
        QCOMPARE(file.write("2\n3\n"), std::size_t{4});
        ::chmod(f.folder.path().toStdString().c_str(), 0700);
        QCOMPARE(read_all(f.path), QByteArray("1\n2\n3\n"));
    }

    void a_full_disk_cuts_no_line()
    {
        const Folder f;
        LogFile file(f.name(), unlimited, 1);
        {
            const SmallDisk disk(10);
            QCOMPARE(file.write("1234\n5678\nabcd\n"), std::size_t{10});
            QVERIFY(!file.problem().empty());
            QCOMPARE(file.write("efgh\n"), std::size_t{0});
        }
        {
            const SmallDisk disk(13); // room for three bytes of the next line
            QCOMPARE(file.write("ijkl\n"), std::size_t{0});
        }
        QCOMPARE(file.write("mnop\n"), std::size_t{5});
        QCOMPARE(read_all(f.path), QByteArray("1234\n5678\nmnop\n"));
    }

    void places_that_take_nothing_data()
    {
        QTest::addColumn<QByteArray>("place");
        QTest::newRow("full device") << QByteArray("/dev/full");
        QTest::newRow("folder") << QByteArray("");
        QTest::newRow("pipe without a reader") << QByteArray("/pipe");
        QTest::newRow("below a file") << QByteArray("/file/x.log");
    }

    void places_that_take_nothing()
    {
        QFETCH(QByteArray, place);
        const QTemporaryDir folder;
        const auto inside = folder.path().toStdString();
        QCOMPARE(::mkfifo((inside + "/pipe").c_str(), 0600), 0);
        QVERIFY(QFile(folder.filePath(QStringLiteral("file"))).open(QIODevice::WriteOnly));
        LogFile file(place.startsWith("/dev") ? place.toStdString() : inside + place.toStdString(), 1, 1);
        QCOMPARE(file.write("a\n"), std::size_t{0});
        QVERIFY(!file.problem().empty());
    }

    void a_device_is_never_put_aside()
    {
        LogFile file("/dev/null", 1, 3);
        QCOMPARE(file.write("aaaa\nbbbb\n"), std::size_t{10});
        struct stat status {};
        QCOMPARE(::stat("/dev/null", &status), 0);
        QVERIFY(S_ISCHR(status.st_mode));
    }

    /// As several programs with the same file: each has its own descriptor.
    void writers_at_once_lose_and_mix_nothing()
    {
        const Folder f;
        constexpr int writers = 4;
        constexpr int lines = 400;
        std::vector<std::thread> threads;
        for (int writer = 0; writer < writers; ++writer) {
            threads.emplace_back([&f, writer] {
                LogFile file(f.name(), 20'000, 1000);
                for (int i = 0; i < lines; ++i) {
                    const auto text = std::string(50, static_cast<char>('a' + writer)) + '\n';
                    file.write(text);
                }
            });
        }
        for (auto& thread : threads)
            thread.join();
        int found = 0;
        for (const auto& name : QDir(f.folder.path()).entryList(QDir::Files)) {
            for (const auto& line : read_all(f.folder.filePath(name)).split('\n')) {
                if (line.isEmpty())
                    continue;
                QCOMPARE(line, QByteArray(50, line.at(0)));
                ++found;
            }
        }
        QCOMPARE(found, writers * lines);
    }

    void a_logger_tells_of_lines_that_are_missing()
    {
        const Folder f;
        std::vector<std::string> said;
        LogOptions options;
        options.to_stderr = false;
        options.file = f.name();
        options.sink = [&said](std::string_view line) { said.emplace_back(line); };
        Logger logger(std::move(options));
        logger.log(Level::info, "before");
        logger.flush();
        {
            const SmallDisk disk(static_cast<rlim_t>(QFile(f.path).size()) + 5);
            logger.log(Level::info, "lost 1");
            logger.flush();
            logger.log(Level::info, "lost 2");
            logger.flush();
        }
        logger.log(Level::info, "after");
        logger.flush();
        const auto lines = read_all(f.path).split('\n');
        QCOMPARE(lines.size(), 4);
        QVERIFY(lines[0].contains("before"));
        QVERIFY2(lines[1].contains("\"level\":\"warn\"") && lines[1].endsWith("\"lines\":2}"), lines[1]);
        QVERIFY(lines[2].contains("after"));
        QCOMPARE(said.size(), std::size_t{5}); // four, and one error
        const auto told = std::count_if(said.begin(), said.end(), [](const std::string& line) {
            return line.find("The log file cannot be used") != std::string::npos;
        });
        QCOMPARE(told, 1);
    }

    void a_logger_can_move_to_another_file()
    {
        const Folder f;
        LogOptions options;
        options.to_stderr = false;
        options.sink = [](std::string_view) {};
        Logger logger(std::move(options));
        logger.log(Level::info, "nowhere");
        logger.flush();
        logger.set_file(f.name());
        logger.log(Level::info, "there");
        logger.flush();
        logger.set_file(f.beside("other.log").toStdString());
        logger.log(Level::info, "elsewhere");
        logger.flush();
        logger.set_file({});
        logger.log(Level::info, "nowhere again");
        logger.flush();
        QCOMPARE(read_all(f.path).count('\n'), 1);
        QVERIFY(read_all(f.path).contains("there"));
        QCOMPARE(read_all(f.beside("other.log")).count('\n'), 1);
    }

    void off_is_off()
    {
        const Folder f;
        std::vector<std::string> said;
        LogOptions options;
        options.level = Level::off;
        options.file = f.folder.path().toStdString(); // a folder: worth an error otherwise
        options.to_stderr = false;
        options.sink = [&said](std::string_view line) { said.emplace_back(line); };
        Logger logger(std::move(options));
        for (const auto level : {Level::debug, Level::error, Level::off}) {
            QVERIFY(!logger.enabled(level));
            logger.log(level, "m");
        }
        logger.flush();
        QVERIFY(said.empty());
        logger.set_level(Level::error);
        logger.log(Level::error, "m");
        logger.flush();
        QVERIFY(said.size() >= 1);
    }
};

QTEST_APPLESS_MAIN(TstLogFile)
#include "tst_log_file.moc"

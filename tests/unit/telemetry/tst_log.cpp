// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/logging/log.h"

#include <QtTest>

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

#include <future>
#include <limits>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace tokenscope;
using namespace tokenscope::telemetry;

namespace {

/// A logger's options that keep its lines, at a time that stands still.
struct Captured {
    std::vector<std::string> lines; // read after flush()
    ManualClock clock;

    LogOptions options()
    {
        LogOptions options;
        options.to_stderr = false;
        options.clock = &clock;
        options.sink = [this](std::string_view line) { lines.emplace_back(line); };
        return options;
    }
};

QByteArray bytes(const std::string& text)
{
    return QByteArray::fromStdString(text);
}

QByteArrayList fileLines(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    auto lines = file.readAll().split('\n');
    lines.removeAll(QByteArray());
    return lines;
}

constexpr auto stamp = R"({"time":"2023-11-14T22:13:20.000Z",)";

} // namespace

class TstLog : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void oneObjectALineInOrder()
    {
        Captured captured;
        Logger logger(captured.options());
        const std::string id = "req-1";
        logger.log(Level::info, "request",
                   {{"request_id", id},
                    {"status", 200U},
                    {"delta", -3},
                    {"bytes", std::size_t{18446744073709551615U}},
                    {"seconds", 0.25},
                    {"streamed", true},
                    {"cached", false},
                    {"model", "phi4"}});
        logger.flush();
        QCOMPARE(captured.lines.size(), std::size_t{1});
        QCOMPARE(bytes(captured.lines[0]),
                 QByteArray(stamp)
                     + R"("level":"info","msg":"request","request_id":"req-1","status":200,"delta":-3,)"
                       R"("bytes":18446744073709551615,"seconds":0.25,"streamed":true,"cached":false,"model":"phi4"})");
    }

    void withoutFields()
    {
        Captured captured;
        Logger logger(captured.options());
        logger.log(Level::error, "");
        logger.flush();
        QCOMPARE(bytes(captured.lines.at(0)), QByteArray(stamp) + R"("level":"error","msg":""})");
    }

    void hostileTextStaysOneLineOfJson_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("read");
        QTest::newRow("quote and backslash") << QByteArray("a\"b\\c") << QStringLiteral("a\"b\\c");
        QTest::newRow("forged line") << QByteArray("x\"}\n{\"level\":\"info")
                                     << QStringLiteral("x\"}\n{\"level\":\"info");
        QTest::newRow("controls") << QByteArray("\r\t\b\f\x01\x1b[31m\x7f")
                                  << QStringLiteral("\r\t\b\f\u0001\u001b[31m\u007f");
        QTest::newRow("UTF-8") << QByteArray("caf\xC3\xA9 \xF0\x9F\xA6\x99") << QStringLiteral("caf\u00e9 \U0001F999");
        QTest::newRow("invalid UTF-8") << QByteArray("a\xFF\xC3z") << QStringLiteral("a\uFFFD\uFFFDz");
        QTest::newRow("NUL") << QByteArray("a\0b", 3) << QStringLiteral("a\uFFFDb");
        QTest::newRow("format string") << QByteArray("%s {} {0:>99999}") << QStringLiteral("%s {} {0:>99999}");
    }

    void hostileTextStaysOneLineOfJson()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, read);
        const std::string_view raw(text.constData(), static_cast<std::size_t>(text.size()));
        Captured captured;
        Logger logger(captured.options());
        logger.log(Level::warn, raw, {{raw, raw}});
        logger.flush();
        const auto line = bytes(captured.lines.at(0));
        for (const char c : line)
            QVERIFY(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
        QJsonParseError error;
        const auto object = QJsonDocument::fromJson(line, &error).object();
        QCOMPARE(error.error, QJsonParseError::NoError);
        QCOMPARE(object.value(QLatin1StringView("msg")).toString(), read);
        QCOMPARE(object.value(read).toString(), read);
    }

    void numbersJsonCannotSayAreNull()
    {
        const std::vector<Field> fields{{"nan", std::numeric_limits<double>::quiet_NaN()},
                                        {"inf", -std::numeric_limits<double>::infinity()},
                                        {"tiny", 1e-9F * 0},
                                        {"min", std::numeric_limits<std::int64_t>::min()}};
        const auto line = bytes(json_line({}, Level::debug, "m", fields));
        QCOMPARE(line,
                 QByteArray(R"({"time":"1970-01-01T00:00:00.000Z","level":"debug","msg":"m","nan":null,"inf":null,)"
                            R"("tiny":0,"min":-9223372036854775808})"));
    }

    void levels()
    {
        Captured captured;
        auto options = captured.options();
        options.level = Level::warn;
        Logger logger(std::move(options));
        for (const auto level : {Level::debug, Level::info, Level::warn, Level::error})
            logger.log(level, "m");
        logger.flush();
        QCOMPARE(captured.lines.size(), std::size_t{2});
        QVERIFY(!logger.enabled(Level::info));
        logger.set_level(Level::debug);
        QVERIFY(logger.enabled(Level::debug));
        logger.log(Level::debug, "m");
        logger.flush();
        QCOMPARE(captured.lines.size(), std::size_t{3});
    }

    void aFullQueueDropsTheOldestAndSaysSo()
    {
        Captured captured;
        auto options = captured.options();
        std::promise<void> blocked;
        std::promise<void> go_on;
        bool first = true;
        options.queue_lines = 3;
        options.sink = [&](std::string_view line) {
            if (std::exchange(first, false)) {
                blocked.set_value();
                go_on.get_future().wait(); // a disk that hangs
            }
            captured.lines.emplace_back(line);
        };
        Logger logger(std::move(options));
        logger.log(Level::info, "0");
        blocked.get_future().wait();
        for (int i = 1; i <= 10; ++i)
            logger.log(Level::info, std::to_string(i)); // returns although nothing is being written
        QCOMPARE(logger.dropped(), std::uint64_t{7});
        go_on.set_value();
        logger.flush();
        QCOMPARE(captured.lines.size(), std::size_t{5});
        QVERIFY(captured.lines[0].find(R"("msg":"0")") != std::string::npos);
        QVERIFY(captured.lines[1].find(R"("level":"warn")") != std::string::npos);
        QVERIFY(captured.lines[1].ends_with(R"("lines":7})"));
        QVERIFY(captured.lines[2].find(R"("msg":"8")") != std::string::npos);
        QVERIFY(captured.lines[4].find(R"("msg":"10")") != std::string::npos);
    }

    void aThrowingSinkHarmsNobody()
    {
        Captured captured;
        auto options = captured.options();
        options.sink = [&](std::string_view line) {
            captured.lines.emplace_back(line);
            throw std::runtime_error("disk full");
        };
        Logger logger(std::move(options));
        logger.log(Level::info, "1");
        logger.log(Level::info, "2");
        logger.flush();
        QCOMPARE(captured.lines.size(), std::size_t{2});
    }

    void theDestructorWritesWhatIsQueued()
    {
        Captured captured;
        {
            Logger logger(captured.options());
            for (int i = 0; i < 100; ++i)
                logger.log(Level::info, "m");
        }
        QCOMPARE(captured.lines.size(), std::size_t{100});
    }

    void flushFromTheSinkDoesNotHang()
    {
        Captured captured;
        auto options = captured.options();
        Logger* self = nullptr;
        options.sink = [&](std::string_view line) {
            captured.lines.emplace_back(line);
            self->flush();
        };
        Logger logger(std::move(options));
        self = &logger;
        logger.log(Level::info, "m");
        logger.flush();
        QCOMPARE(captured.lines.size(), std::size_t{1});
    }

    void threadsKeepTheirLinesWhole()
    {
        Captured captured;
        {
            Logger logger(captured.options());
            std::vector<std::thread> threads;
            for (int t = 0; t < 4; ++t) {
                threads.emplace_back([&, t] {
                    for (int i = 0; i < 500; ++i) {
                        logger.log(Level::info, "m", {{"thread", t}, {"i", i}});
                        if (i % 100 == 0)
                            logger.flush();
                    }
                });
            }
            for (auto& thread : threads)
                thread.join();
        }
        QCOMPARE(captured.lines.size(), std::size_t{2000});
        std::vector<int> next(4, 0);
        for (const auto& line : captured.lines) {
            const auto object = QJsonDocument::fromJson(bytes(line)).object();
            const auto thread = static_cast<std::size_t>(object.value(QLatin1StringView("thread")).toInt());
            QCOMPARE(object.value(QLatin1StringView("i")).toInt(-1),
                     next.at(thread)++); // each thread's lines keep their order
        }
    }

    void writesAndRotatesAFile()
    {
        const QTemporaryDir folder;
        const auto path = folder.filePath(QStringLiteral("gateway.log"));
        Captured captured;
        auto options = captured.options();
        options.file = path.toStdString();
        options.file_bytes = 1000;
        options.files_kept = 1;
        {
            Logger logger(std::move(options));
            for (int i = 0; i < 15; ++i)
                logger.log(Level::info, "a line of about eighty bytes", {{"i", i}});
        }
        const auto current = fileLines(path);
        const auto older = fileLines(folder.filePath(QStringLiteral("gateway.1.log")));
        QVERIFY(!current.isEmpty());
        QVERIFY(!older.isEmpty());
        QCOMPARE(current.size() + older.size(), 15);
        QCOMPARE(older.first(), bytes(captured.lines.front()));
        QCOMPARE(current.last(), bytes(captured.lines.back()));
    }

    void aFileThatCannotBeOpenedIsReported()
    {
        const QTemporaryDir folder;
        Captured captured;
        auto options = captured.options();
        options.file = folder.path().toStdString(); // a folder
        Logger logger(std::move(options));
        logger.log(Level::info, "still logging");
        logger.flush();
        QCOMPARE(captured.lines.size(), std::size_t{2});
        QVERIFY(captured.lines[0].find(R"("level":"error")") != std::string::npos);
        QVERIFY(captured.lines[0].find(folder.path().toStdString()) != std::string::npos);
        QVERIFY(captured.lines[1].find("still logging") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TstLog)
#include "tst_log.moc"

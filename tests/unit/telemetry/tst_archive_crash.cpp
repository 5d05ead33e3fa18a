// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "unit/telemetry/record_test.h"

#include <QProcess>
#include <QRandomGenerator>
#include <QSet>
#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::telemetry;
using namespace tokenscope::test;

/// What has been flushed is there after the process was killed, whenever that was.
class TstArchiveCrash : public QObject {
    Q_OBJECT

    SystemClock m_clock;

    static void writeAndKill(const std::string& path, const QString& prefix, int after, QSet<QByteArray>& ids)
    {
        QProcess writer;
        writer.start(qEnvironmentVariable("TOKENSCOPE_ARCHIVE_WRITER"), {QString::fromStdString(path), prefix});
        QVERIFY(writer.waitForStarted());
        QByteArray output;
        while (output.count('\n') < after) {
            QVERIFY2(writer.waitForReadyRead(20'000), writer.readAllStandardError().constData());
            output += writer.readAllStandardOutput();
        }
        writer.kill(); // SIGKILL
        QVERIFY(writer.waitForFinished());
        QCOMPARE(writer.exitStatus(), QProcess::CrashExit);
        output += writer.readAllStandardOutput();
        // Complete lines; a last one without its end was not acknowledged to anybody.
        for (const auto& line : output.left(output.lastIndexOf('\n') + 1).split('\n')) {
            if (!line.isEmpty())
                ids.insert(line);
        }
    }

private Q_SLOTS:
    void nothingAcknowledgedIsLost()
    {
        const QTemporaryDir folder;
        const auto path = path_in(folder);
        const storage::DatabaseKind kind{.content = "records", .setting = "path", .schema = record_schema};
        QSet<QByteArray> acknowledged;
        for (int round = 0; round < 8; ++round) {
            writeAndKill(path, QString::number(round), QRandomGenerator::global()->bounded(1, 1500), acknowledged);
            if (QTest::currentTestFailed())
                return;
            // Not through an archive: the thread sanitizer forbids threads of our own after a fork.
            const auto opened = storage::open_database(path, kind, m_clock.wall());
            QVERIFY(opened);
            QVERIFY(!opened->warning); // it opens clean
            QCOMPARE(opened->connection.text("PRAGMA integrity_check").value(), std::string("ok"));
            QSet<QByteArray> kept;
            const auto records = RecordTable(opened->connection).last(SIZE_MAX, m_clock);
            for (const auto& record : *records)
                kept.insert(QByteArray::fromStdString(record.request_id));
            QCOMPARE(static_cast<std::size_t>(kept.size()), records->size()); // none twice
            QVERIFY((acknowledged - kept).isEmpty());
        }
    }
};

QTEST_GUILESS_MAIN(TstArchiveCrash)
#include "tst_archive_crash.moc"

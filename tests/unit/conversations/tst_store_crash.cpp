// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "conversations/response_table.h"
#include "unit/conversations/store_test.h"

#include <QProcess>
#include <QRandomGenerator>
#include <QSet>
#include <QTest>

using namespace tokenscope;
using namespace tokenscope::conversations;
using namespace tokenscope::test;

/// What has been acknowledged is there after the process was killed, whenever that was.
class TstStoreCrash : public QObject {
    Q_OBJECT

    SystemClock m_clock;

    /// Complete lines; a last one without its end was not acknowledged to anybody.
    static void addIds(const QByteArray& output, QSet<QByteArray>& ids)
    {
        for (const auto& line : output.left(output.lastIndexOf('\n') + 1).split('\n')) {
            if (!line.isEmpty())
                ids.insert(line);
        }
    }

    static void writeAndKill(const std::string& path, const QString& prefix, int after, QSet<QByteArray>& ids)
    {
        QProcess writer;
        writer.start(qEnvironmentVariable("TOKENSCOPE_STORE_WRITER"), {QString::fromStdString(path), prefix});
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
        addIds(output, ids);
    }

private Q_SLOTS:
    void nothingAcknowledgedIsLost()
    {
        const QTemporaryDir folder;
        const auto path = path_in(folder);
        QSet<QByteArray> ids;
        for (int round = 0; round < 8; ++round) {
            const int after = QRandomGenerator::global()->bounded(1, 600);
            writeAndKill(path, QString::number(round), after, ids);
            if (QTest::currentTestFailed())
                return;

            auto opened = open_database(path, m_clock.wall());
            QVERIFY(opened);
            QVERIFY(!opened->warning); // it opens clean
            QCOMPARE(opened->connection.text("PRAGMA integrity_check").value(), std::string("ok"));
            // Not through a store: the thread sanitizer forbids threads of our own after a fork.
            ResponseTable table(opened->connection);
            QVERIFY(table.count());
            QVERIFY(table.rows() >= static_cast<std::size_t>(ids.size()));
            for (const auto& id : ids) {
                const auto found = table.get(id.toStdString(), m_clock.wall());
                QVERIFY2(found && *found, id.constData());
                QCOMPARE((*found)->input, id.toStdString());
                QVERIFY(!(*found)->body.empty());
            }
        }
    }

    void killedWhileBeginning()
    {
        const QTemporaryDir folder;
        for (int round = 0; round < 10; ++round) {
            QProcess writer;
            writer.start(qEnvironmentVariable("TOKENSCOPE_STORE_WRITER"),
                         {QString::fromStdString(path_in(folder)), QStringLiteral("x")});
            QVERIFY(writer.waitForStarted());
            writer.waitForReadyRead(QRandomGenerator::global()->bounded(0, 12)); // any moment will do
            writer.kill();
            QVERIFY(writer.waitForFinished());
            const auto opened = open_database(path_in(folder), m_clock.wall());
            QVERIFY2(opened.has_value(), opened ? "" : opened.error().detail.c_str());
            QVERIFY(!opened->warning);
        }
    }
};

QTEST_GUILESS_MAIN(TstStoreCrash)
#include "tst_store_crash.moc"

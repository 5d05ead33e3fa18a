// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

/// The console is started while it runs: the real program, twice.
class TstSecondStart : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_home;

    std::unique_ptr<QProcess> start(const QStringList& more = {}) const
    {
        auto console = std::make_unique<QProcess>();
        auto environment = QProcessEnvironment::systemEnvironment();
        for (const auto* name : {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"})
            environment.insert(QString::fromLatin1(name), m_home.path());
        environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
        environment.remove(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"));
        console->setProcessEnvironment(environment);
        console->setProcessChannelMode(QProcess::MergedChannels);
        console->start(qEnvironmentVariable("TOKENSCOPE_CONSOLE"),
                       QStringList{QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"),
                                   QStringLiteral("--log-level"), QStringLiteral("debug")}
                           + more);
        return console;
    }
    static bool painted(QProcess& console)
    {
        QByteArray said;
        return QTest::qWaitFor(
            [&] {
                console.waitForReadyRead(50);
                said += console.readAll();
                return said.contains("first page painted");
            },
            60'000);
    }
    static void end(QProcess& console)
    {
        console.terminate();
        if (!console.waitForFinished(20'000)) {
            console.kill();
            console.waitForFinished();
            QFAIL("It does not end.");
        }
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(QFile::setPermissions(m_home.path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    }

    void theFirstIsShownAndTheSecondEnds()
    {
        const auto first = start();
        QVERIFY(painted(*first));
        const auto second = start();
        QVERIFY(second->waitForFinished(30'000));
        QCOMPARE(second->exitCode(), 0);
        const auto said = second->readAll();
        QVERIFY2(said.contains("runs already"), said.constData());
        QCOMPARE(first->state(), QProcess::Running);
        QFile file(m_home.filePath(QStringLiteral("other.yaml")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("log:\n  level: debug\n") > 0);
        file.close();
        const auto other = start({QStringLiteral("--config"), file.fileName()}); // beside it
        QVERIFY(painted(*other));
        end(*other);
        end(*first);
    }

    void oneThatWasKilledIsNotInTheWay()
    {
        const auto first = start();
        QVERIFY(painted(*first));
        first->kill();
        QVERIFY(first->waitForFinished());
        const auto second = start();
        QVERIFY(painted(*second));
        const auto third = start();
        QVERIFY(third->waitForFinished(30'000));
        QVERIFY(third->readAll().contains("runs already"));
        end(*second);
    }
};

QTEST_GUILESS_MAIN(TstSecondStart)
#include "tst_second_start.moc"

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "process_says.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using tokenscope::test::says;

/// The console is started while it runs: the real program, twice.
class TstSecondStart : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_home;

    std::unique_ptr<QProcess> start(const QStringList& more = {}, const QString& folder = {}) const
    {
        auto console = std::make_unique<QProcess>();
        auto environment = QProcessEnvironment::systemEnvironment();
        for (const auto* name : {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"})
            environment.insert(QString::fromLatin1(name), m_home.path());
        environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
        environment.remove(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"));
        console->setProcessEnvironment(environment);
        console->setProcessChannelMode(QProcess::MergedChannels);
        console->setWorkingDirectory(folder);
        console->start(qEnvironmentVariable("TOKENSCOPE_CONSOLE"),
                       QStringList{QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"),
                                   QStringLiteral("--log-level"), QStringLiteral("debug")}
                           + more);
        return console;
    }
    static bool painted(QProcess& console) { return says(console, "first page painted"); }
    /// It ends, for the reason that another one runs.
    static bool givesWay(QProcess& console)
    {
        const bool gone = console.state() == QProcess::NotRunning || console.waitForFinished(30'000);
        return gone && console.exitStatus() == QProcess::NormalExit && console.exitCode() == 0
               && console.readAll().contains("runs already");
    }
    /// Its path.
    QString write(const QString& name, const char* text) const
    {
        QFile file(m_home.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) <= 0)
            qFatal("cannot write");
        return file.fileName();
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
        QVERIFY(givesWay(*start()));
        QVERIFY(says(*first, "another start shows the window"));
        QCOMPARE(first->state(), QProcess::Running);
        const auto file = write(QStringLiteral("other.yaml"), "log:\n  level: debug\n");
        const auto other = start({QStringLiteral("--config"), file}); // beside it
        QVERIFY(painted(*other));
        end(*other);
        end(*first);
    }

    void ofTwoAtTheSameTimeOneStays()
    {
        const auto one = start();
        const auto two = start();
        QTRY_VERIFY_WITH_TIMEOUT(one->state() == QProcess::NotRunning || two->state() == QProcess::NotRunning, 60'000);
        auto& gone = one->state() == QProcess::NotRunning ? *one : *two;
        auto& stays = &gone == one.get() ? *two : *one;
        QVERIFY(givesWay(gone));
        QVERIFY(says(stays, "another start shows the window"));
        end(stays);
    }

    void aFileIsTheSameHoweverItIsWritten()
    {
        QVERIFY(QDir(m_home.path()).mkpath(QStringLiteral("a")) && QDir(m_home.path()).mkpath(QStringLiteral("b")));
        const auto config = QStringLiteral("--config");
        const auto name = QStringLiteral("c.yaml");
        const auto first = write(QStringLiteral("a/c.yaml"), "log:\n  level: debug\n");
        write(QStringLiteral("b/c.yaml"), "log:\n  level: debug\n");
        const auto a = start({config, name}, m_home.filePath(QStringLiteral("a")));
        QVERIFY(painted(*a));
        const auto b = start({config, name}, m_home.filePath(QStringLiteral("b"))); // another file
        QVERIFY(painted(*b));
        QVERIFY(givesWay(*start({config, first})));
        QVERIFY(givesWay(*start({config, QStringLiteral("../a/c.yaml")}, m_home.filePath(QStringLiteral("b")))));
        end(*b);
        end(*a);
    }

    void aFileThatIsBrokenByNowIsNotInTheWay()
    {
        const auto name = QStringLiteral("later.yaml");
        const QStringList arguments{QStringLiteral("--config"), write(name, "log:\n  level: debug\n")};
        const auto first = start(arguments);
        QVERIFY(painted(*first));
        write(name, "lisen: 127.0.0.1:0\n");
        QVERIFY(givesWay(*start(arguments)));
        QVERIFY(says(*first, "another start shows the window"));
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
        QVERIFY(givesWay(*start()));
        end(*second);
    }
};

QTEST_GUILESS_MAIN(TstSecondStart)
#include "tst_second_start.moc"

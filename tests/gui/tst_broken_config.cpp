// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "process_says.h"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using tokenscope::test::says;

/// The real console with a configuration that it cannot use.
class TstBrokenConfig : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_home;
    QString m_file;

    std::unique_ptr<QProcess> start(const QStringList& arguments, const QString& platform, const QString& display) const
    {
        auto console = std::make_unique<QProcess>();
        auto environment = QProcessEnvironment::systemEnvironment();
        for (const auto* name : {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"})
            environment.insert(QString::fromLatin1(name), m_home.path());
        for (const auto* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "DBUS_SESSION_BUS_ADDRESS"})
            environment.remove(QString::fromLatin1(name));
        if (!platform.isEmpty())
            environment.insert(QStringLiteral("QT_QPA_PLATFORM"), platform);
        if (!display.isEmpty())
            environment.insert(QStringLiteral("DISPLAY"), display);
        console->setProcessEnvironment(environment);
        console->setProcessChannelMode(QProcess::MergedChannels);
        console->start(qEnvironmentVariable("TOKENSCOPE_CONSOLE"),
                       QStringList{QStringLiteral("--config"), m_file} + arguments);
        return console;
    }
    void write(const char* text) const
    {
        QFile file(m_file);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) > 0);
    }
    QByteArray problem() const { return m_file.toLocal8Bit() + ":2:1: lisen: "; }

private Q_SLOTS:
    void init()
    {
        m_file = m_home.filePath(QStringLiteral("broken.yaml"));
        write("log: { level: debug }\nlisen: 127.0.0.1:0\n");
    }

    void whereNobodyLooksNobodyIsAsked_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("platform");
        QTest::addColumn<QString>("display");
        const auto offscreen = QStringLiteral("offscreen");
        const auto display = QStringLiteral(":1");
        const QStringList shots{QStringLiteral("--screenshots"), m_home.filePath(QStringLiteral("shots"))};
        QTest::newRow("no display") << QStringList() << QString() << QString();
        QTest::newRow("offscreen") << QStringList() << offscreen << display;
        QTest::newRow("-platform") << QStringList{QStringLiteral("-platform"), offscreen} << QString() << display;
        QTest::newRow("pictures") << shots << QString() << display;
        QTest::newRow("a check") << QStringList{QStringLiteral("--check-config")} << QString() << display;
    }
    void whereNobodyLooksNobodyIsAsked()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, platform);
        QFETCH(QString, display);
        const auto console = start(arguments, platform, display);
        QVERIFY(console->waitForFinished(30'000));
        QCOMPARE(console->exitStatus(), QProcess::NormalExit);
        QCOMPARE(console->exitCode(), 2);
        const auto said = console->readAll();
        QVERIFY2(said.contains(problem()), said.constData());
    }

    /// On an X server of its own, which nobody else has a window on.
    void whoHasADisplayIsAsked()
    {
        if (QStandardPaths::findExecutable(QStringLiteral("Xvfb")).isEmpty())
            QSKIP("there is no Xvfb; ./dev deps test installs it");
        QProcess server;
        server.start(QStringLiteral("Xvfb"),
                     {QStringLiteral("-displayfd"), QStringLiteral("1"), QStringLiteral("-screen"), QStringLiteral("0"),
                      QStringLiteral("1024x768x24"), QStringLiteral("-nolisten"), QStringLiteral("tcp")});
        QByteArray number;
        QTRY_VERIFY_WITH_TIMEOUT((server.waitForReadyRead(50), number += server.readAllStandardOutput()).endsWith('\n'),
                                 20'000);
        const QString display = QLatin1Char(':') + QString::fromLatin1(number.trimmed());
        const auto console = start({}, QStringLiteral("xcb"), display);
        QVERIFY(says(*console, problem()));
        // It has said so, and waits for an answer; a session that ends is one.
        QVERIFY(!console->waitForFinished(2'000));
        console->terminate();
        QVERIFY(console->waitForFinished(20'000));
        QCOMPARE(console->exitStatus(), QProcess::NormalExit);
        QCOMPARE(console->exitCode(), 2);
        server.terminate();
        server.waitForFinished(5'000);
    }
};

QTEST_GUILESS_MAIN(TstBrokenConfig)
#include "tst_broken_config.moc"

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

/// The real console on a real X server, driven from outside through the accessibility bus (AT-SPI) by a program that is not ours
/// to begin with: names, roles and actions are all it has.
class TstAccessibility : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void can_be_used_through_at_spi()
    {
        for (const auto* program : {"dbus-run-session", "Xvfb", "/usr/bin/python3"}) {
            if (QStandardPaths::findExecutable(QString::fromLatin1(program)).isEmpty())
                QSKIP(qPrintable(
                    QStringLiteral("there is no %1; ./dev deps test installs it").arg(QLatin1StringView(program))));
        }
        if (!QFile::exists(QStringLiteral("/usr/libexec/at-spi-bus-launcher")))
            QSKIP("there is no at-spi-bus-launcher; ./dev deps test installs it");
        const QTemporaryDir home;
        auto environment = QProcessEnvironment::systemEnvironment();
        for (const auto* name : {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"})
            environment.insert(QString::fromLatin1(name), home.path());
        for (const auto* name : {"DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "QT_QPA_PLATFORM", "AT_SPI_BUS_ADDRESS"})
            environment.remove(QString::fromLatin1(name));
        QProcess session;
        session.setProcessEnvironment(environment);
        session.setProcessChannelMode(QProcess::MergedChannels);
        const auto folder = QStringLiteral(TOKENSCOPE_GUI_TESTS "/");
        session.start(QStringLiteral("dbus-run-session"),
                      {QStringLiteral("--"), folder + QStringLiteral("accessibility_session.sh"),
                       qEnvironmentVariable("TOKENSCOPE_CONSOLE"), folder + QStringLiteral("accessibility_driver.py")});
        QVERIFY(session.waitForStarted());
        if (!session.waitForFinished(240'000)) {
            session.terminate();
            session.waitForFinished(5'000);
            QFAIL(session.readAll().constData());
        }
        const auto said = session.readAll();
        QFile log(home.filePath(QStringLiteral("console.log")));
        const auto more = log.open(QIODevice::ReadOnly) ? log.readAll().right(2000) : QByteArray();
        const QByteArray all = said + more;
        QVERIFY2(session.exitCode() == 0, all.constData());
        QCOMPARE(said.count("ok: "), 11);
    }
};

QTEST_GUILESS_MAIN(TstAccessibility)
#include "tst_accessibility.moc"

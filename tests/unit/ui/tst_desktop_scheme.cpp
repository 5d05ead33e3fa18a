// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/theme.h"
#include "support/private_bus.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusContext>
#include <QDBusVariant>
#include <QPalette>
#include <QSignalSpy>
#include <QtTest>

#include <memory>

using namespace tokenscope::ui;

namespace {

constexpr uint neither = 0;
constexpr uint dark = 1;
constexpr uint light = 2;

/// The settings of a desktop.
class Portal : public QObject, protected QDBusContext {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.portal.Settings")

public:
    uint scheme = neither;
    bool answers = true;
    int asked = 0;

    void change(uint to)
    {
        scheme = to;
        Q_EMIT SettingChanged(QStringLiteral("org.freedesktop.appearance"), QStringLiteral("color-scheme"),
                              QDBusVariant(to));
    }

public Q_SLOTS:
    QDBusVariant Read(const QString& group, const QString& key)
    {
        ++asked;
        if (!answers)
            setDelayedReply(true);
        if (group != QLatin1StringView("org.freedesktop.appearance") || key != QLatin1StringView("color-scheme"))
            sendErrorReply(QDBusError::InvalidArgs, QStringLiteral("no such setting"));
        return QDBusVariant(
            QVariant::fromValue(QDBusVariant(scheme))); // a variant within a variant, as it has always been
    }

Q_SIGNALS:
    void SettingChanged(const QString& group, const QString& key, const QDBusVariant& value);
};

} // namespace

/// The theme on a desktop that is dark or light, and changes.
class TestDesktopScheme : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_address = m_bus.start();
        QVERIFY2(!m_address.isEmpty(), "dbus-daemon cannot be started");
    }

    void init()
    {
        auto server = QDBusConnection::connectToBus(m_address, QStringLiteral("server%1").arg(++m_count));
        m_portal = std::make_unique<Portal>();
        QVERIFY(server.registerObject(QStringLiteral("/org/freedesktop/portal/desktop"), m_portal.get(),
                                      QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals));
        QVERIFY(server.registerService(QStringLiteral("org.freedesktop.portal.Desktop")));
    }

    void cleanup()
    {
        m_theme.reset();
        for (const auto* name : {"server%1", "client%1"})
            QDBusConnection::disconnectFromBus(QString::fromLatin1(name).arg(m_count));
        QApplication::setPalette(QPalette());
    }

    void isAskedAtTheStart()
    {
        m_portal->scheme = dark;
        follow(ThemeMode::system);
        QTRY_VERIFY(m_theme->tokens().dark);
        QCOMPARE(QGuiApplication::palette().color(QPalette::Window), m_theme->tokens().window);
    }

    void isFollowed()
    {
        follow(ThemeMode::system);
        QSignalSpy changed(m_theme.get(), &Theme::changed);
        QTRY_COMPARE(m_portal->asked, 1);
        m_portal->change(dark);
        QTRY_VERIFY(m_theme->tokens().dark);
        m_portal->change(light);
        QTRY_VERIFY(!m_theme->tokens().dark);
        m_portal->change(light);
        m_portal->change(dark);
        QTRY_COMPARE(changed.count(), 3);
        m_portal->change(neither); // then the palette says it, which is light
        QTRY_VERIFY(!m_theme->tokens().dark);
        QCOMPARE(m_theme->mode(), ThemeMode::system);
    }

    void aChangeIsNewerThanALateAnswer()
    {
        m_portal->scheme = light;
        follow(ThemeMode::system);
        m_portal->change(dark); // before it could answer
        QTRY_COMPARE(m_portal->asked, 1);
        QTRY_VERIFY(m_theme->tokens().dark);
        QTest::qWait(50);
        QVERIFY(m_theme->tokens().dark);
    }

    void isNotListenedToWhereTheUserChose()
    {
        m_portal->scheme = dark;
        follow(ThemeMode::light);
        m_portal->change(dark);
        QTest::qWait(50);
        QVERIFY(!m_theme->tokens().dark);
        QCOMPARE(m_portal->asked, 0);
        m_theme->setMode(ThemeMode::system);
        QTRY_VERIFY(m_theme->tokens().dark);
        m_theme->setMode(ThemeMode::light);
        QVERIFY(!m_theme->tokens().dark);
        m_portal->change(light);
        m_portal->change(dark);
        QTest::qWait(50);
        QVERIFY(!m_theme->tokens().dark);
    }

    void aDesktopThatDoesNotAnswerIsNotWaitedFor()
    {
        m_portal->answers = false;
        QElapsedTimer timer;
        timer.start();
        follow(ThemeMode::system);
        QVERIFY(timer.elapsed() < 1'000);
        QTRY_COMPARE(m_portal->asked, 1);
        m_portal->change(dark);
        QTRY_VERIFY(m_theme->tokens().dark);
    }

    /// Where a platform changes the palette of every program.
    void theSystemsPaletteIsFollowed()
    {
        QApplication::setPalette(QPalette(QColor(20, 20, 20)));
        Theme theme(ThemeMode::system);
        theme.applyTo(*qApp);
        QVERIFY(theme.tokens().dark);
        QSignalSpy changed(&theme, &Theme::changed);
        QEvent told(QEvent::ApplicationPaletteChange); // by now the system's is light
        QCoreApplication::sendEvent(qApp, &told);
        QVERIFY(!theme.tokens().dark);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(QGuiApplication::palette().color(QPalette::Window), theme.tokens().window);
        theme.setMode(ThemeMode::dark);
        QEvent again(QEvent::ApplicationPaletteChange);
        QCoreApplication::sendEvent(qApp, &again);
        QVERIFY(theme.tokens().dark);
        QCOMPARE(QGuiApplication::palette().color(QPalette::Window), theme.tokens().window);
    }

private:
    void follow(ThemeMode mode)
    {
        m_theme = std::make_unique<Theme>(mode);
        m_theme->applyTo(*qApp);
        m_theme->followDesktop(QDBusConnection::connectToBus(m_address, QStringLiteral("client%1").arg(m_count)));
    }

    tokenscope::test::PrivateBus m_bus;
    QString m_address;
    int m_count = 0;
    std::unique_ptr<Portal> m_portal;
    std::unique_ptr<Theme> m_theme;
};

QTEST_MAIN(TestDesktopScheme)
#include "tst_desktop_scheme.moc"

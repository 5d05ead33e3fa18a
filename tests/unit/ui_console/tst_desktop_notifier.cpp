// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/desktop_notifier.h"
#include "support/private_bus.h"

#include <QDBusMessage>
#include <QSignalSpy>
#include <QtTest>

#include <memory>
#include <vector>

using namespace tokenscope::ui;

namespace {

/// A notification server that writes down what it is told.
class Desktop : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")

public:
    struct Shown {
        QString title, body;
        QStringList actions;
        QVariantMap hints;
        uint replaces = 0;
    };
    std::vector<Shown> shown;
    QStringList capabilities{QStringLiteral("body"), QStringLiteral("body-markup")};

public Q_SLOTS:
    QStringList GetCapabilities() const { return capabilities; }
    uint Notify(const QString&, uint replaces, const QString&, const QString& title, const QString& body,
                const QStringList& actions, const QVariantMap& hints, int)
    {
        shown.push_back({title, body, actions, hints, replaces});
        return replaces == 0 ? static_cast<uint>(shown.size()) : replaces;
    }

Q_SIGNALS:
    void ActionInvoked(uint id, const QString& action);
    void NotificationClosed(uint id, uint reason);
};

} // namespace

class TestDesktopNotifier : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_address = m_bus.start();
        QVERIFY2(!m_address.isEmpty(), "dbus-daemon cannot be started");
    }

    void init()
    {
        m_server = std::make_unique<QDBusConnection>(
            QDBusConnection::connectToBus(m_address, QStringLiteral("server%1").arg(++m_count)));
        m_client = std::make_unique<QDBusConnection>(
            QDBusConnection::connectToBus(m_address, QStringLiteral("client%1").arg(m_count)));
        m_desktop = std::make_unique<Desktop>();
        m_instead.clear();
        m_notifier = std::make_unique<DesktopNotifier>(
            *m_client, [this](const Notifier::Message& message) { m_instead << message.title; });
    }

    void cleanup()
    {
        m_notifier.reset();
        QDBusConnection::disconnectFromBus(m_client->name());
        QDBusConnection::disconnectFromBus(m_server->name());
    }

    void showsItAndHearsTheClick()
    {
        serve();
        const QSignalSpy activated(m_notifier.get(), &Notifier::activated);
        m_notifier->notify({QStringLiteral("rule"), QStringLiteral("Slow"), QStringLiteral("p95 <b>&"), true});
        QTRY_COMPARE(m_desktop->shown.size(), std::size_t{1});
        const auto& shown = m_desktop->shown.front();
        QCOMPARE(shown.title, QStringLiteral("Slow"));
        QCOMPARE(shown.body, QStringLiteral("p95 &lt;b&gt;&amp;")); // the server reads markup
        QCOMPARE(shown.actions.value(0), QStringLiteral("default"));
        QCOMPARE(shown.hints.value(QStringLiteral("urgency")).toInt(), 2);
        // Its number is known once the answer is there: the next one replaces it.
        QTRY_VERIFY(replaced());
        Q_EMIT m_desktop->ActionInvoked(99, QStringLiteral("default")); // another program's
        Q_EMIT m_desktop->ActionInvoked(m_desktop->shown.back().replaces, QStringLiteral("default"));
        QTRY_COMPARE(activated.count(), 1);
        QCOMPARE(activated.front().front().toString(), QStringLiteral("rule"));
        QVERIFY(m_instead.isEmpty());
    }

    void plainTextStaysPlain()
    {
        m_desktop->capabilities = {QStringLiteral("body")};
        serve();
        m_notifier->notify({QStringLiteral("rule"), QStringLiteral("Slow"), QStringLiteral("a < b"), false});
        QTRY_COMPARE(m_desktop->shown.size(), std::size_t{1});
        QCOMPARE(m_desktop->shown.front().body, QStringLiteral("a < b"));
        QCOMPARE(m_desktop->shown.front().hints.value(QStringLiteral("urgency")).toInt(), 1);
    }

    void closedOnesAreNotReplaced()
    {
        serve();
        m_notifier->notify({QStringLiteral("rule"), QStringLiteral("Slow"), {}, false});
        QTRY_VERIFY(replaced());
        Q_EMIT m_desktop->NotificationClosed(m_desktop->shown.back().replaces, 2);
        QTest::qWait(20);
        QVERIFY(!replaced());
    }

    void withoutADesktopTheTrayIsTold()
    {
        m_notifier->notify({QStringLiteral("rule"), QStringLiteral("Slow"), {}, false});
        QTRY_COMPARE(m_instead, QStringList{QStringLiteral("Slow")});
        // One that comes later is found.
        serve();
        m_notifier->notify({QStringLiteral("rule"), QStringLiteral("Again"), {}, false});
        QTRY_COMPARE(m_desktop->shown.size(), std::size_t{1});
        QCOMPARE(m_instead.size(), 1);
    }

    void withoutABus()
    {
        DesktopNotifier notifier(QDBusConnection(QStringLiteral("nowhere")),
                                 [this](const Notifier::Message& message) { m_instead << message.title; });
        notifier.notify({QStringLiteral("rule"), QStringLiteral("Slow"), {}, false});
        QCOMPARE(m_instead, QStringList{QStringLiteral("Slow")});
    }

private:
    void serve()
    {
        QVERIFY(m_server->registerObject(QStringLiteral("/org/freedesktop/Notifications"), m_desktop.get(),
                                         QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals));
        QVERIFY(m_server->registerService(QStringLiteral("org.freedesktop.Notifications")));
    }
    /// Tells once more, after the answer to the time before had its chance. Whether it took the place of one that is shown.
    bool replaced()
    {
        const auto before = m_desktop->shown.size();
        m_notifier->notify({QStringLiteral("rule"), QStringLiteral("Slow"), {}, false});
        QTest::qWait(20);
        return m_desktop->shown.size() > before && m_desktop->shown.back().replaces != 0;
    }

    tokenscope::test::PrivateBus m_bus;
    QString m_address;
    int m_count = 0;
    std::unique_ptr<QDBusConnection> m_server, m_client;
    std::unique_ptr<Desktop> m_desktop;
    std::unique_ptr<DesktopNotifier> m_notifier;
    QStringList m_instead;
};

QTEST_GUILESS_MAIN(TestDesktopNotifier)
#include "tst_desktop_notifier.moc"

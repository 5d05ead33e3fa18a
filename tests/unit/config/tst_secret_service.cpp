// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/secret_service.h"
#include "support/private_bus.h"

#include <QDBusArgument>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusVariant>
#include <QDBusVirtualObject>
#include <QElapsedTimer>
#include <QtTest>

#include <atomic>
#include <optional>
#include <thread>

using namespace tokenscope;

namespace {

/// A keychain that wants a password before it keeps anything.
class AskingService : public QDBusVirtualObject {
public:
    enum class Dismissed { completes, is_ignored, is_not_answered };
    Dismissed dismissed = Dismissed::completes;
    bool answers = true; ///< anything at all
    int prompts = 0;
    int dismissals = 0;

    QString introspect(const QString&) const override { return {}; }

    bool handleMessage(const QDBusMessage& message, const QDBusConnection& connection) override
    {
        if (!answers)
            return true;
        const auto member = message.member();
        QDBusConnection bus(connection);
        if (member == QLatin1StringView("GetAll"))
            return bus.send(message.createReply(QVariantMap()));
        if (member == QLatin1StringView("OpenSession")) {
            if (message.arguments().value(0).toString() != QLatin1StringView("plain"))
                return bus.send(message.createErrorReply(QDBusError::NotSupported, QStringLiteral("plain only")));
            return bus.send(message.createReply(
                {QVariant::fromValue(QDBusVariant(QString())), path("/org/freedesktop/secrets/s")}));
        }
        if (member == QLatin1StringView("CreateItem"))
            return bus.send(message.createReply({path("/"), path("/org/freedesktop/secrets/prompt")}));
        if (member == QLatin1StringView("Prompt")) {
            ++prompts;
            return bus.send(message.createReply());
        }
        if (member == QLatin1StringView("Dismiss")) {
            ++dismissals;
            if (dismissed == Dismissed::is_not_answered)
                return true;
            bus.send(message.createReply());
            auto completed = QDBusMessage::createSignal(message.path(), QStringLiteral("org.freedesktop.Secret.Prompt"),
                                                        QStringLiteral("Completed"));
            completed.setArguments({true, QVariant::fromValue(QDBusVariant(path("/")))});
            if (dismissed == Dismissed::completes)
                bus.send(completed);
            return true;
        }
        return false;
    }

private:
    static QVariant path(const char* text) { return QVariant::fromValue(QDBusObjectPath(QLatin1StringView(text))); }
};

} // namespace

/// The real client against a service on a D-Bus of its own.
class TestSecretService : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        const auto address = m_bus.start();
        QVERIFY2(!address.isEmpty(), "dbus-daemon cannot be started");
        qputenv("DBUS_SESSION_BUS_ADDRESS", address.toUtf8());
        auto bus = QDBusConnection::connectToBus(address, QStringLiteral("service"));
        QVERIFY(bus.registerVirtualObject(QStringLiteral("/org/freedesktop/secrets"), &m_service,
                                          QDBusConnection::SubPath));
        QVERIFY(bus.registerService(QStringLiteral("org.freedesktop.secrets")));
    }

    void cleanupTestCase() { QDBusConnection::disconnectFromBus(QStringLiteral("service")); }

    void aPromptIsTakenBack_data()
    {
        using Dismissed = AskingService::Dismissed;
        QTest::addColumn<Dismissed>("dismissed");
        QTest::newRow("the service says that it is") << Dismissed::completes;
        QTest::newRow("the service does not say") << Dismissed::is_ignored;
        QTest::newRow("the service does not answer") << Dismissed::is_not_answered;
    }

    void aPromptIsTakenBack()
    {
        QFETCH(AskingService::Dismissed, dismissed);
        m_service.dismissed = dismissed;
        m_service.prompts = 0;
        m_service.dismissals = 0;
        store([this] { return m_service.prompts > 0; });
        QCOMPARE(m_service.prompts, 1);
        QTRY_COMPARE(m_service.dismissals, 1);
    }

    void aServiceThatDoesNotAnswerIsNotWaitedFor()
    {
        m_service.answers = false;
        QElapsedTimer timer;
        timer.start();
        store([&] { return timer.elapsed() > 100; });
        m_service.answers = true;
    }

    void nothingIsAskedForWhatIsNotWantedAnyMore()
    {
        m_service.prompts = 0;
        CancelSource source;
        source.cancel();
        QVERIFY(!m_keychain.store("key", "sk-1", source.token()));
        QCOMPARE(m_service.prompts, 0);
    }

private:
    /// Stores something, and stops that once `ready`.
    template <typename Ready>
    void store(Ready ready)
    {
        CancelSource source;
        std::optional<Result<void>> stored;
        std::atomic<bool> done = false;
        std::jthread thread([&] {
            stored = m_keychain.store("key", "sk-1", source.token());
            done = true;
        });
        const bool was_ready = QTest::qWaitFor(ready, 10'000);
        const bool waited = !done;
        QElapsedTimer timer;
        timer.start();
        source.cancel();
        const bool ended = QTest::qWaitFor([&] { return done.load(); }, 30'000);
        QVERIFY(was_ready);
        QVERIFY(waited);
        QVERIFY(ended);
        QVERIFY2(timer.elapsed() < 2'500, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(!*stored);
        QVERIFY2(QByteArray::fromStdString(stored->error().message).contains("no longer waited for"),
                 stored->error().message.c_str());
    }

    test::PrivateBus m_bus;
    AskingService m_service;
    config::SecretServiceKeychain m_keychain;
};

QTEST_GUILESS_MAIN(TestSecretService)
#include "tst_secret_service.moc"

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/desktop_notifier.h"

#include <QCoreApplication>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QStringList>
#include <QVariantMap>

#include <utility>

namespace tokenscope::ui {

namespace {

const QString service = QStringLiteral("org.freedesktop.Notifications");
const QString path = QStringLiteral("/org/freedesktop/Notifications");
const QString defaultAction = QStringLiteral("default"); // a click anywhere on it
constexpr int serverDecides = -1;                        // how long it is shown
constexpr uchar normalUrgency = 1;
constexpr uchar criticalUrgency = 2;

QDBusMessage call(const QString& method)
{
    return QDBusMessage::createMethodCall(service, path, service, method);
}

} // namespace

DesktopNotifier::DesktopNotifier(QDBusConnection bus, Otherwise otherwise, QObject* parent)
    : Notifier(parent), m_bus(std::move(bus)), m_otherwise(std::move(otherwise))
{
    m_bus.connect(service, path, service, QStringLiteral("ActionInvoked"), this, SLOT(invoked(uint, QString)));
    m_bus.connect(service, path, service, QStringLiteral("NotificationClosed"), this, SLOT(closed(uint, uint)));
}

void DesktopNotifier::notify(const Message& message)
{
    if (!m_bus.isConnected()) {
        if (m_otherwise)
            m_otherwise(message);
    } else if (!m_markup) {
        ask(message);
    } else {
        send(message);
    }
}

/// Whether what is sent is taken for markup depends on the server.
void DesktopNotifier::ask(const Message& message)
{
    auto* watcher = new QDBusPendingCallWatcher(m_bus.asyncCall(call(QStringLiteral("GetCapabilities"))), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher, message] {
        watcher->deleteLater();
        const QDBusPendingReply<QStringList> reply = *watcher;
        if (reply.isError()) { // and asked anew the next time: a server may come later
            if (m_otherwise)
                m_otherwise(message);
            return;
        }
        m_markup = reply.value().contains(QLatin1StringView("body-markup"));
        send(message);
    });
}

QString DesktopNotifier::body(const QString& text) const
{
    return m_markup.value_or(false) ? text.toHtmlEscaped() : text;
}

void DesktopNotifier::send(const Message& message)
{
    auto request = call(QStringLiteral("Notify"));
    const QVariantMap hints{
        {QStringLiteral("urgency"), QVariant::fromValue(message.urgent ? criticalUrgency : normalUrgency)},
        {QStringLiteral("desktop-entry"), QStringLiteral("tokenscope")}};
    request << QCoreApplication::applicationName() << m_shown.value(message.key, 0U) << QStringLiteral("tokenscope")
            << message.title << body(message.body) << QStringList{defaultAction, tr("Show")} << hints << serverDecides;
    auto* watcher = new QDBusPendingCallWatcher(m_bus.asyncCall(request), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher, message] {
        watcher->deleteLater();
        const QDBusPendingReply<uint> reply = *watcher;
        if (!reply.isError()) {
            m_shown[message.key] = reply.value();
            return;
        }
        m_markup.reset(); // the server may have gone, and another one come
        if (m_otherwise)
            m_otherwise(message);
    });
}

void DesktopNotifier::invoked(uint id, const QString& action)
{
    const auto key = m_shown.key(id);
    if (!key.isEmpty() && action == defaultAction)
        Q_EMIT activated(key);
}

void DesktopNotifier::closed(uint id, uint)
{
    m_shown.remove(m_shown.key(id));
}

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/notifier.h"

#include <QDBusConnection>
#include <QHash>

#include <functional>
#include <optional>

namespace tokenscope::ui {

/// Desktop notifications by the freedesktop.org specification ("Desktop Notifications Specification" 1.2, org.freedesktop.Notifications on
/// the session's D-Bus). Where nobody answers there, `otherwise` is told instead, e.g. a tray icon. Never waits for the bus.
class DesktopNotifier : public Notifier {
    Q_OBJECT

public:
    using Otherwise = std::function<void(const Message&)>;

    explicit DesktopNotifier(QDBusConnection bus = QDBusConnection::sessionBus(), Otherwise otherwise = {},
                             QObject* parent = nullptr);

    void notify(const Message& message) override;

private Q_SLOTS:
    void invoked(uint id, const QString& action);
    void closed(uint id, uint reason);

private:
    void ask(const Message& message);
    void send(const Message& message);
    QString body(const QString& text) const;

    QDBusConnection m_bus;
    Otherwise m_otherwise;
    std::optional<bool> m_markup; ///< whether the server reads the body as markup; absent: not asked yet
    QHash<QString, uint> m_shown; ///< the server's number, by key
};

} // namespace tokenscope::ui

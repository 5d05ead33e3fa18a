// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDBusConnection>
#include <QDBusVariant>
#include <QObject>
#include <QString>

#include <optional>

namespace tokenscope::ui {

/// Whether the desktop is to be dark or light, by the settings portal ("color-scheme" of org.freedesktop.appearance, read and heard of
/// through org.freedesktop.portal.Settings on the session's D-Bus). Never waits for the bus.
class DesktopScheme : public QObject {
    Q_OBJECT

public:
    /// Asks at once, and listens from now on.
    explicit DesktopScheme(QDBusConnection bus, QObject* parent = nullptr);
    ~DesktopScheme() override;

    /// Absent: nobody has answered, or it prefers neither.
    std::optional<bool> dark() const { return m_dark; }

Q_SIGNALS:
    void changed();

private Q_SLOTS:
    void settingChanged(const QString& group, const QString& key, const QDBusVariant& value);

private:
    void take(const QVariant& value);

    QDBusConnection m_bus;
    bool m_told = false; ///< by a signal, which is newer than the answer to what was asked before
    std::optional<bool> m_dark;
};

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/notifier.h"

#include <QAction>
#include <QMenu>
#include <QObject>
#include <QSystemTrayIcon>
#include <QTimer>

#include <functional>

namespace tokenscope::ui {

class Theme;

/// The icon beside the clock, where the desktop has a place for one: how many alerts fire, and a way back to the window.
class Tray : public QObject {
    Q_OBJECT

public:
    /// `available`: whether the desktop has a place for it now, which may be some time after a login.
    explicit Tray(const Theme& theme, QObject* parent = nullptr,
                  std::function<bool()> available = &QSystemTrayIcon::isSystemTrayAvailable);

    void setFiring(int alerts);
    void setPaused(bool paused); ///< the charts: for the menu's word
    /// Where there are no desktop notifications: a balloon, if the tray has those.
    void tell(const Notifier::Message& message);
    bool shown() const { return m_icon.isVisible(); }
    /// Whether closing the window leaves the program running, as the user wants it.
    bool keepsRunning() const { return m_keep->isChecked(); }
    void setKeepsRunning(bool keeps) { m_keep->setChecked(keeps); }
    QMenu& menu() { return m_menu; }
    QString toolTip() const { return m_icon.toolTip(); }

Q_SIGNALS:
    void showRequested();
    void pauseRequested();
    void alertsRequested();
    void keepsRunningChanged(bool keeps);
    void quitRequested();

private:
    void look();
    void dress();

    const Theme& m_theme;
    QMenu m_menu;
    QAction* m_pause;
    QAction* m_alerts;
    QAction* m_keep;
    int m_firing = 0;
    const std::function<bool()> m_available;
    QTimer m_look;          ///< until there is a place
    QSystemTrayIcon m_icon; ///< last: it shows the menu
};

} // namespace tokenscope::ui

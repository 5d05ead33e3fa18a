// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/tray.h"

#include "theme/theme.h"

#include <QApplication>
#include <QPainter>
#include <QPixmap>

#include <chrono>
#include <utility>

namespace tokenscope::ui {

namespace {

constexpr int iconSize = 64;
constexpr std::chrono::seconds lookPace{3};

/// Three bars, as in the application's icon; with a dot in the corner where something fires.
QIcon trayIcon(const ThemeTokens& tokens, bool firing)
{
    QPixmap picture(iconSize, iconSize);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokens.accent);
    constexpr int heights[]{22, 50, 36};
    for (int i = 0; i < 3; ++i)
        painter.drawRoundedRect(QRectF(8 + i * 17, 56 - heights[i], 13, heights[i]), 4, 4);
    if (firing) {
        painter.setBrush(tokens.bad);
        painter.drawEllipse(QRectF(40, 2, 22, 22));
    }
    return QIcon(picture);
}

} // namespace

Tray::Tray(const Theme& theme, QObject* parent, std::function<bool()> available)
    : QObject(parent), m_theme(theme), m_available(std::move(available))
{
    connect(m_menu.addAction(tr("Show Tokenscope")), &QAction::triggered, this, &Tray::showRequested);
    m_pause = m_menu.addAction(QString());
    connect(m_pause, &QAction::triggered, this, &Tray::pauseRequested);
    m_alerts = m_menu.addAction(QString());
    connect(m_alerts, &QAction::triggered, this, &Tray::alertsRequested);
    m_menu.addSeparator();
    m_keep = m_menu.addAction(tr("Keep running when the window is closed"));
    m_keep->setCheckable(true);
    connect(m_keep, &QAction::toggled, this, &Tray::keepsRunningChanged);
    connect(m_menu.addAction(tr("Quit")), &QAction::triggered, this, &Tray::quitRequested);
    m_icon.setContextMenu(&m_menu);
    connect(&m_icon, &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason reason) {
        if (reason == QSystemTrayIcon::Trigger || reason == QSystemTrayIcon::DoubleClick)
            Q_EMIT showRequested();
    });
    connect(&m_icon, &QSystemTrayIcon::messageClicked, this, &Tray::alertsRequested);
    connect(&theme, &Theme::changed, this, &Tray::dress);
    setPaused(false);
    dress();
    m_look.setInterval(lookPace);
    connect(&m_look, &QTimer::timeout, this, &Tray::look);
    m_look.start();
    look();
}

/// Not by showing it anyway: one that nobody sees would let the window be closed for good.
void Tray::look()
{
    if (!m_available())
        return;
    m_look.stop();
    m_icon.show();
}

void Tray::setFiring(int alerts)
{
    if (alerts == m_firing)
        return;
    m_firing = alerts;
    dress();
}

void Tray::setPaused(bool paused)
{
    m_pause->setText(paused ? tr("Resume the charts") : tr("Pause the charts"));
}

void Tray::tell(const Notifier::Message& message)
{
    if (m_icon.isVisible() && QSystemTrayIcon::supportsMessages())
        m_icon.showMessage(message.title, message.body,
                           message.urgent ? QSystemTrayIcon::Critical : QSystemTrayIcon::Information);
}

void Tray::dress()
{
    m_icon.setIcon(trayIcon(m_theme.tokens(), m_firing > 0));
    const auto alerts = m_firing == 0   ? tr("No alerts")
                        : m_firing == 1 ? tr("1 alert firing")
                                        : tr("%1 alerts firing").arg(m_firing);
    m_icon.setToolTip(QStringLiteral("%1: %2").arg(QApplication::applicationName(), alerts));
    m_alerts->setText(alerts);
}

} // namespace tokenscope::ui

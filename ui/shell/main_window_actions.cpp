// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the window offers besides its pages: the palette's commands, dialogs, the tray and alerts.
#include "bridge/alert_engine.h"
#include "bridge/notifier.h"
#include "bridge/source_list.h"
#include "dashboards/library.h"
#include "format/format.h"
#include "pages/common/page.h"
#include "pages/sources/sources_dialog.h"
#include "pages/targets/watch_list.h"
#include "shell/command_palette.h"
#include "shell/main_window.h"
#include "shell/nav_rail.h"
#include "shell/range_dialog.h"
#include "shell/shortcuts_dialog.h"
#include "shell/top_bar.h"
#include "shell/tray.h"
#include "theme/theme.h"
#include "theme/theme_choice.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QSettings>

namespace tokenscope::ui {

namespace {

constexpr QLatin1StringView keepKey("window/keepRunning");

QString labelsOf(const alerts::Event& event)
{
    QStringList labels;
    for (const auto& [name, value] : event.labels)
        labels << QString::fromStdString(value);
    return labels.join(QStringLiteral(", "));
}

} // namespace

void MainWindow::manageSources()
{
    (new SourcesDialog(m_context.theme, m_context.sources, this))->open();
}

void MainWindow::chooseRange()
{
    (new RangeDialog(m_context.theme, m_range, this))->open();
}

void MainWindow::showShortcuts()
{
    auto* dialog =
        new ShortcutsDialog(m_context.theme,
                            {{tr("Ctrl+K"), tr("Find and run any command")},
                             {tr("Ctrl+1 … Ctrl+%1").arg(pages().size()), tr("Go to a page")},
                             {tr("Space"), tr("Pause or resume the charts")},
                             {tr("Ctrl+L"), tr("Choose the source")},
                             {tr("F5"), tr("Ask everything anew")},
                             {tr("/"), tr("Filter the requests, search the dashboards")},
                             {tr("Drag, Ctrl+wheel"), tr("Zoom a chart; a double click goes back")},
                             {tr("Shift+drag"), tr("Move a chart in time; the wheel alone scrolls the page")},
                             {tr("← →, + −, 0"), tr("In a chart: the crosshair, zoom, live again")},
                             {tr("Enter"), tr("Look into the request that is chosen")},
                             {tr("F"), tr("Show a chart alone; Esc brings the others back")},
                             {tr("E"), tr("Edit the dashboard: move, resize, change and add panels")},
                             {tr("Ctrl+Enter"), tr("Send the prompt, or run the query")},
                             {tr("Esc"), tr("Stop the reply, or the query")},
                             {tr("Ctrl+Space"), tr("Complete the word in a query")},
                             {tr("Ctrl+H"), tr("What was asked before, on Explore")},
                             {tr("Ctrl+N"), tr("New chat")},
                             {tr("F11"), tr("The window on the full screen, and back")},
                             {tr("?"), tr("This list")},
                             {tr("Ctrl+Q"), tr("Quit")}},
                            this);
    dialog->open();
}

std::vector<Command> MainWindow::commands()
{
    std::vector<Command> all;
    const auto add = [&all](const QString& id, const QString& title, const QString& group, const QString& keys,
                            std::function<void()> run) {
        all.push_back({id, title, group, keys, std::move(run)});
    };
    int number = 0;
    for (const auto& page : pages()) {
        ++number;
        add(QStringLiteral("page.") + page.id, tr("Go to %1").arg(page.title), tr("Page"),
            number <= 9 ? QStringLiteral("Ctrl+%1").arg(number) : QString(), [this, id = page.id] { showPage(id); });
    }
    for (const auto& dashboard : m_context.library.all())
        add(QStringLiteral("dashboard.") + QString::fromStdString(dashboard.id),
            tr("Open dashboard %1").arg(QString::fromStdString(dashboard.title)), tr("Dashboard"), {},
            [this, id = QString::fromStdString(dashboard.id)] { showDashboard(id); });
    for (const auto& entry : m_context.sources.entries())
        add(QStringLiteral("source.") + entry.id,
            tr("Show source %1").arg(QString::fromStdString(entry.source->name())), tr("Source"), {},
            [this, id = entry.id] { m_context.sources.setCurrent(id); });
    add(QStringLiteral("sources"), tr("Manage sources"), tr("Source"), {}, [this] { manageSources(); });
    for (const auto& [span, title] :
         {std::pair(1, tr("Show the last 1 minute (1m)")), std::pair(5, tr("Show the last 5 minutes (5m)")),
          std::pair(15, tr("Show the last 15 minutes (15m)")), std::pair(60, tr("Show the last hour (1h)")),
          std::pair(360, tr("Show the last 6 hours (6h)")), std::pair(1440, tr("Show the last 24 hours (24h)"))})
        add(QStringLiteral("range.%1").arg(span), title, tr("Time"), {},
            [this, span = span] { m_range.setWindowMs(std::int64_t{60'000} * span); });
    add(QStringLiteral("range.custom"), tr("Choose a time range"), tr("Time"), {}, [this] { chooseRange(); });
    add(QStringLiteral("range.live"), tr("Go live"), tr("Time"), {}, [this] { m_range.goLive(); });
    add(QStringLiteral("pause"), m_range.paused() ? tr("Resume the charts") : tr("Pause the charts"), tr("Time"),
        tr("Space"), [this] { m_topBar->togglePause(); });
    add(QStringLiteral("refresh"), tr("Ask everything anew"), tr("Time"), tr("F5"), [this] { refresh(); });
    for (const auto& [mode, title] :
         {std::pair(ThemeMode::dark, tr("Theme: dark")), std::pair(ThemeMode::light, tr("Theme: light")),
          std::pair(ThemeMode::system, tr("Theme: as the system's"))})
        add(QStringLiteral("theme.%1").arg(static_cast<int>(mode)), title, tr("Appearance"), {},
            [this, mode = mode] { chooseMode(m_context.theme, m_context.settings, mode); });
    if (m_context.gateway.running())
        add(QStringLiteral("copy.address"), tr("Copy the gateway's address"), tr("Gateway"), {},
            [this] { QGuiApplication::clipboard()->setText(m_context.gateway.apiUrl()); });
    if (m_context.alerts)
        add(QStringLiteral("alerts"), tr("Show my alert rules"), tr("Alerts"), {}, [this] { showMyRules(); });
    for (const auto& info : pages()) {
        for (const auto& command : page(info.id)->commands())
            add(info.id + QLatin1Char('.') + command.id, command.title, info.title, command.keys,
                [this, id = info.id, run = command.run] {
                    showPage(id);
                    run();
                });
    }
    add(QStringLiteral("shortcuts"), tr("Show the keyboard shortcuts"), tr("Help"), tr("?"),
        [this] { showShortcuts(); });
    add(QStringLiteral("fullScreen"), isFullScreen() ? tr("Leave the full screen") : tr("Show on the full screen"),
        tr("Window"), tr("F11"), [this] { toggleFullScreen(); });
    add(QStringLiteral("quit"), tr("Quit"), tr("Window"), tr("Ctrl+Q"), [this] { quit(); });
    return all;
}

void MainWindow::comeBack()
{
    setWindowState(windowState() & ~Qt::WindowMinimized);
    show();
    raise();
    activateWindow();
}

void MainWindow::makeTray()
{
    m_tray = new Tray(m_context.theme, this);
    m_tray->setKeepsRunning(m_context.settings.value(keepKey, false).toBool());
    connect(m_tray, &Tray::keepsRunningChanged, this,
            [this](bool keeps) { m_context.settings.setValue(keepKey, keeps); });
    connect(m_tray, &Tray::showRequested, this, &MainWindow::comeBack);
    connect(m_tray, &Tray::pauseRequested, m_topBar, &TopBar::togglePause);
    connect(m_tray, &Tray::quitRequested, this, &MainWindow::quit);
    connect(m_tray, &Tray::alertsRequested, this, [this] {
        comeBack();
        showMyRules();
    });
    connect(&m_range, &TimeRange::changed, m_tray, [this] { m_tray->setPaused(m_range.paused()); });
}

void MainWindow::followAlerts()
{
    auto* engine = m_context.alerts;
    if (!engine)
        return;
    connect(engine, &AlertEngine::changed, this, [this, engine] {
        m_tray->setFiring(engine->firing());
        m_rail->setBadge(QStringLiteral("targets"), engine->firing());
    });
    auto* notifier = m_context.notifier;
    if (!notifier)
        return;
    connect(engine, &AlertEngine::happened, this, [notifier](const AlertEngine::Happening& happening) {
        const auto& [event, rule] = happening;
        if (!rule.notify)
            return;
        const auto name = QString::fromStdString(rule.name);
        const auto labels = labelsOf(event);
        const auto value = ruleValueText(rule, event.value);
        QStringList lines;
        if (event.fired)
            lines << tr("%1, fires %2").arg(value, conditionText(rule));
        else
            lines << tr("Over after %1")
                         .arg(formatValue(static_cast<double>(event.lasted_ms) / 1000.0, Unit::seconds).joined());
        if (!labels.isEmpty())
            lines << labels;
        notifier->notify({.key = QString::fromStdString(rule.id) + labels,
                          .title = event.fired ? name : tr("%1: over").arg(name),
                          .body = lines.join(QLatin1Char('\n')),
                          .urgent = event.fired && rule.severity == alerts::Severity::critical});
    });
    connect(notifier, &Notifier::activated, m_tray, &Tray::alertsRequested);
}

} // namespace tokenscope::ui

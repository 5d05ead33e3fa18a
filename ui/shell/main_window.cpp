// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/main_window.h"

#include "bridge/source_list.h"
#include "pages/common/page.h"
#include "shell/accessibility.h"
#include "shell/command_palette.h"
#include "shell/first_paint.h"
#include "shell/nav_rail.h"
#include "shell/status_bar.h"
#include "shell/top_bar.h"
#include "shell/tray.h"
#include "theme/theme.h"
#include "theme/theme_choice.h"
#include "widgets/breaking_label.h"

#include <QCloseEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPushButton>
#include <QScreen>
#include <QSettings>
#include <QShortcut>
#include <QToolButton>
#include <QVBoxLayout>

namespace tokenscope::ui {

namespace {

constexpr QSize smallest{1000, 600};
constexpr QSize usual{1440, 900};
constexpr std::chrono::milliseconds savePause{500}; ///< once a window that is dragged rests
constexpr std::int64_t sameRoundMs = 3'000;         ///< within it one question may fail and others be answered

/// Before the first button is made: the interface that it is asked for while it is made is the one that it keeps.
ConsoleContext prepared(ConsoleContext context)
{
    installAccessibility();
    return context;
}

} // namespace

MainWindow::MainWindow(ConsoleContext context)
    : m_context(prepared(std::move(context))), m_range(m_context.clock), m_feed(m_context.sources, m_range),
      m_lastMinute(m_context.clock), m_localFeed(*m_context.sources.entries().front().source, m_lastMinute),
      m_catalogue(m_context.sources), m_models(m_context.gateway.apiUrl(), m_context.gateway.authorization),
      m_rail(new NavRail(m_context.theme)), m_topBar(new TopBar(m_context.theme, m_range, m_context.sources)),
      m_stack(new PageStack)
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(tr("Tokenscope"));
    setMinimumSize(smallest);

    auto* central = new QWidget;
    auto* right = new QVBoxLayout;
    right->setSpacing(0);
    right->addWidget(m_topBar);
    right->addWidget(makeBanner());
    right->addWidget(m_stack, 1);
    right->addWidget(new StatusBar(m_context, m_localFeed));
    auto* row = new QHBoxLayout(central);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_rail);
    row->addLayout(right, 1);
    setCentralWidget(central);

    addPages();
    connect(m_rail, &NavRail::chosen, this, &MainWindow::showPage);
    connect(&m_feed, &MetricFeed::answered, this, [this](const QString& error) {
        m_lastError = error;
        m_answered = true;
        if (!error.isEmpty())
            m_failedAt = m_range.now();
        showHealth();
    });
    connect(&m_feed, &MetricFeed::sourceChanged, this, [this] {
        m_lastError.clear();
        m_answered = false;
        m_failedAt.reset();
        m_context.settings.setValue(QStringLiteral("window/source"), m_context.sources.current().id);
        showHealth();
    });
    connect(&m_healthTimer, &QTimer::timeout, this, &MainWindow::showHealth);
    connect(&m_context.theme, &Theme::changed, this, &MainWindow::dress);
    m_saveSoon.setSingleShot(true);
    m_saveSoon.setInterval(savePause);
    connect(&m_saveSoon, &QTimer::timeout, this, &MainWindow::save);
    const auto saveSoon = [this] { m_saveSoon.start(); };
    connect(&m_range, &TimeRange::changed, this, saveSoon);
    connect(m_stack, &PageStack::currentChanged, this, saveSoon);
    m_palette = new CommandPalette(m_context.theme, m_context.settings, this);
    makeTray();
    followAlerts();
    addShortcuts();
    restore();
    dress();
    showHealth();
    m_healthTimer.start(1000);
    m_feed.start();
    m_localFeed.start();
    m_models.start();
    connect(new FirstPaint(*this), &FirstPaint::painted, m_stack, &PageStack::makeOthersInIdle);
}

MainWindow::~MainWindow()
{
    // The pages use the feed and the list of models, which are members and would go first.
    delete takeCentralWidget();
}

void MainWindow::addShortcuts()
{
    const auto add = [this](const char* keys, auto action) {
        auto* shortcut = new QShortcut(QKeySequence(QLatin1StringView(keys)), this);
        connect(shortcut, &QShortcut::activated, this, action);
    };
    add("Ctrl+Q", [this] { quit(); });
    add("Ctrl+L", [this] { m_topBar->openSources(); });
    add("Ctrl+K", [this] { m_palette->open(commands()); });
    add("F5", [this] { refresh(); });
    add("F11", [this] { toggleFullScreen(); });
    connect(m_topBar, &TopBar::refreshRequested, this, &MainWindow::refresh);
    connect(m_topBar, &TopBar::manageSourcesRequested, this, &MainWindow::manageSources);
    connect(m_topBar, &TopBar::customRangeRequested, this, &MainWindow::chooseRange);
    connect(m_topBar, &TopBar::themeRequested, this,
            [this](ThemeMode mode) { chooseMode(m_context.theme, m_context.settings, mode); });
}

void MainWindow::toggleFullScreen()
{
    setWindowState(windowState() ^ Qt::WindowFullScreen);
}

void MainWindow::refresh()
{
    m_feed.refresh();
    m_stack->currentPage()->refresh();
}

QWidget* MainWindow::makeBanner()
{
    m_banner = new BreakingLabel;
    m_banner->setObjectName(QStringLiteral("banner"));
    m_banner->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_banner->hide();
    return m_banner;
}

void MainWindow::showPage(const QString& id)
{
    if (m_stack->show(id))
        m_rail->setCurrent(id);
}

void MainWindow::restore()
{
    const auto& settings = m_context.settings;
    if (!restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray()))
        resize(usual.boundedTo(screen()->availableGeometry().size()));
    if (settings.contains(QStringLiteral("window/source")))
        m_context.sources.setCurrent(settings.value(QStringLiteral("window/source")).toString());
    if (const auto window = settings.value(QStringLiteral("window/range")).toLongLong(); window > 0)
        m_range.setWindowMs(window);
    if (const auto mode = chosenMode(settings))
        m_context.theme.setMode(*mode);
    showPage(settings.value(QStringLiteral("window/page")).toString());
    if (currentPage().isEmpty())
        showPage(pages().front().id);
}

void MainWindow::save()
{
    auto& settings = m_context.settings;
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    settings.setValue(QStringLiteral("window/range"), static_cast<qlonglong>(m_range.windowMs()));
    settings.setValue(QStringLiteral("window/page"), currentPage());
}

void MainWindow::quit()
{
    m_quitting = true;
    close();
}

void MainWindow::resizeEvent(QResizeEvent* event)
{
    QMainWindow::resizeEvent(event);
    m_saveSoon.start();
}

void MainWindow::moveEvent(QMoveEvent* event)
{
    QMainWindow::moveEvent(event);
    m_saveSoon.start();
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    m_saveSoon.stop();
    save();
    const bool stays = !m_quitting && m_tray->shown() && m_tray->keepsRunning();
    m_quitting = false;
    if (stays) {
        hide();
        event->ignore();
        return;
    }
    event->accept();
}

void MainWindow::keyPressEvent(QKeyEvent* event)
{
    // Only what no focused control wanted comes here: Space in a text field or on a button stays theirs.
    // On a button of a dialog Enter works anyway.
    auto* button = qobject_cast<QAbstractButton*>(focusWidget());
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && !event->isAutoRepeat() && (qobject_cast<QPushButton*>(button) || qobject_cast<QToolButton*>(button)))
        return button->click();
    const auto plain = (event->modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier)) == Qt::NoModifier;
    if (plain && event->key() == Qt::Key_Space)
        m_topBar->togglePause();
    else if (plain && event->key() == Qt::Key_Question)
        showShortcuts();
    else
        QMainWindow::keyPressEvent(event);
}

void MainWindow::showHealth()
{
    using Health = TopBar::Health;
    const auto& entry = m_context.sources.current();
    const auto status = entry.source->status();
    if (entry.local() && !m_context.gateway.running())
        m_topBar->setHealth(Health::bad, m_context.gateway.error);
    else if (status.health != sources::Health::unknown)
        m_topBar->setHealth(status.health == sources::Health::good ? Health::good : Health::bad,
                            QString::fromStdString(status.message));
    else if (!m_answered)
        m_topBar->setHealth(Health::unknown, tr("Waiting for the first answer"));
    else
        m_topBar->setHealth(m_lastError.isEmpty() ? Health::good : Health::bad,
                            m_lastError.isEmpty() ? tr("Answering") : m_lastError);

    QStringList sentences{m_context.gateway.error, m_context.sources.problem()};
    // A page's panels go on showing what it was, and a tile has no room for why it is empty.
    if (!entry.local() && answersNothing(status, entry.source->capabilities().promql))
        sentences << QString::fromStdString(status.message);
    for (const auto& warning : status.warnings)
        sentences << QString::fromStdString(warning);
    sentences.removeAll(QString());
    m_banner->setWords(sentences.join(QLatin1Char('\n')));
    m_banner->setVisible(!sentences.isEmpty());
}

bool MainWindow::answersNothing(const sources::SourceStatus& status, bool askedMuch)
{
    if (status.health != sources::Health::bad) {
        m_failedAt.reset();
        return false;
    }
    if (!m_failedAt)
        m_failedAt = m_range.now();
    // A Prometheus is asked by every panel: where some are answered, the panels that are not say so, and a banner that came and
    // went with each answer would move the page up and down.
    return !askedMuch || !status.last_success_ms || *m_failedAt - *status.last_success_ms > sameRoundMs;
}

void MainWindow::dress()
{
    const auto& tokens = m_context.theme.tokens();
    m_banner->setFont(tokens.body);
    m_banner->setStyleSheet(
        QStringLiteral("background: %1; color: %2; border: none; border-left: 3px solid %3;"
                       "border-bottom: 1px solid %4; padding: 8px 12px;")
            .arg(tokens.raised.name(), tokens.text.name(), tokens.bad.name(), tokens.hairline.name()));
}

} // namespace tokenscope::ui

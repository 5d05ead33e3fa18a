// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/main_window.h"

#include "pages/common/page.h"
#include "pages/overview/overview_page.h"
#include "pages/playground/playground_page.h"
#include "shell/nav_rail.h"
#include "shell/shortcuts_dialog.h"
#include "shell/status_bar.h"
#include "shell/top_bar.h"
#include "theme/theme.h"

#include <QCloseEvent>
#include <QCoreApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QSettings>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr QSize smallest{1000, 600};
constexpr QSize usual{1440, 900};

ThemeMode themeMode(const QString& name)
{
    return name == QLatin1StringView("light")  ? ThemeMode::light
           : name == QLatin1StringView("dark") ? ThemeMode::dark
                                               : ThemeMode::system;
}

QString nameOf(ThemeMode mode)
{
    return mode == ThemeMode::light  ? QStringLiteral("light")
           : mode == ThemeMode::dark ? QStringLiteral("dark")
                                     : QStringLiteral("system");
}

} // namespace

MainWindow::MainWindow(ConsoleContext context)
    : m_context(std::move(context)), m_range(m_context.clock), m_feed(m_context.local, m_range),
      m_models(m_context.gateway.apiUrl(), m_context.gateway.authorization), m_rail(new NavRail(m_context.theme)),
      m_topBar(new TopBar(m_context.theme, m_range)), m_stack(new QStackedWidget)
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
    right->addWidget(new StatusBar(m_context, m_feed));
    auto* row = new QHBoxLayout(central);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_rail);
    row->addLayout(right, 1);
    setCentralWidget(central);

    addPage(QStringLiteral("overview"), tr("Overview"), QStringLiteral("overview"),
            new OverviewPage(m_context, m_feed));
    addPage(QStringLiteral("playground"), tr("Playground"), QStringLiteral("playground"),
            new PlaygroundPage(m_context, m_models));

    connect(m_rail, &NavRail::chosen, this, &MainWindow::showPage);
    connect(&m_feed, &MetricFeed::answered, this, &MainWindow::showHealth);
    connect(&m_context.theme, &Theme::changed, this, &MainWindow::dress);
    auto* quit = new QShortcut(QKeySequence(QStringLiteral("Ctrl+Q")), this);
    connect(quit, &QShortcut::activated, this, &MainWindow::close);
    m_topBar->setSource(m_feed.sourceName(), TopBar::Health::unknown, tr("Waiting for the first answer"));
    restore();
    dress();
    m_feed.start();
    m_models.start();
}

MainWindow::~MainWindow()
{
    // The pages use the feed and the list of models, which are members and would go first.
    delete takeCentralWidget();
}

QWidget* MainWindow::makeBanner()
{
    m_banner = new QLabel(m_context.gateway.error);
    m_banner->setObjectName(QStringLiteral("banner"));
    m_banner->setWordWrap(true);
    m_banner->setTextFormat(Qt::PlainText);
    m_banner->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_banner->setVisible(!m_context.gateway.error.isEmpty());
    return m_banner;
}

void MainWindow::addPage(const QString& id, const QString& title, const QString& icon, Page* page)
{
    page->setAccessibleName(title);
    m_rail->add(id, title, icon);
    m_stack->addWidget(page);
    m_pages.push_back({id, page});
}

void MainWindow::showPage(const QString& id)
{
    for (const auto& page : m_pages) {
        if (page.id != id)
            continue;
        m_stack->setCurrentWidget(page.widget);
        m_rail->setCurrent(id);
        page.widget->setFocus();
    }
}

QString MainWindow::currentPage() const
{
    const auto current = std::find_if(m_pages.begin(), m_pages.end(),
                                      [this](const PageInfo& page) { return page.widget == m_stack->currentWidget(); });
    return current == m_pages.end() ? QString() : current->id;
}

void MainWindow::restore()
{
    const auto& settings = m_context.settings;
    if (!restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray()))
        resize(usual);
    if (const auto window = settings.value(QStringLiteral("window/range")).toLongLong(); window > 0)
        m_range.setWindowMs(window);
    if (settings.contains(QStringLiteral("window/theme")))
        m_context.theme.setMode(themeMode(settings.value(QStringLiteral("window/theme")).toString()));
    showPage(m_pages.front().id);
    showPage(settings.value(QStringLiteral("window/page")).toString());
}

void MainWindow::save()
{
    auto& settings = m_context.settings;
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    settings.setValue(QStringLiteral("window/range"), static_cast<qlonglong>(m_range.windowMs()));
    settings.setValue(QStringLiteral("window/theme"), nameOf(m_context.theme.mode()));
    settings.setValue(QStringLiteral("window/page"), currentPage());
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    save();
    event->accept();
}

void MainWindow::keyPressEvent(QKeyEvent* event)
{
    // Only what no focused control wanted comes here: Space in a text field or on a button stays theirs.
    const auto plain = (event->modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier)) == Qt::NoModifier;
    if (plain && event->key() == Qt::Key_Space)
        m_topBar->togglePause();
    else if (plain && event->key() == Qt::Key_Question)
        showShortcuts();
    else
        QMainWindow::keyPressEvent(event);
}

void MainWindow::showHealth(const QString& error)
{
    using Health = TopBar::Health;
    if (!m_context.gateway.running())
        m_topBar->setSource(m_feed.sourceName(), Health::bad, m_context.gateway.error);
    else
        m_topBar->setSource(m_feed.sourceName(), error.isEmpty() ? Health::good : Health::bad,
                            error.isEmpty() ? tr("Answering") : error);
}

void MainWindow::showShortcuts()
{
    auto* dialog = new ShortcutsDialog(m_context.theme,
                                       {{tr("Ctrl+1 … Ctrl+%1").arg(m_pages.size()), tr("Go to a page")},
                                        {tr("Space"), tr("Pause or resume the charts")},
                                        {tr("Ctrl+Enter"), tr("Send the prompt")},
                                        {tr("Esc"), tr("Stop the reply")},
                                        {tr("Ctrl+N"), tr("New chat")},
                                        {tr("?"), tr("This list")},
                                        {tr("Ctrl+Q"), tr("Quit")}},
                                       this);
    dialog->open();
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

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/screenshots.h"

#include "pages/common/page.h"
#include "shell/main_window.h"

#include <QAbstractButton>
#include <QCoreApplication>
#include <QDir>
#include <QEvent>
#include <QPixmap>
#include <QTimer>

#include <algorithm>
#include <iterator>
#include <utility>

namespace tokenscope::ui {

namespace {

constexpr int pollMs = 100;
constexpr int settleMs = 600;         ///< for the answers and pictures of a page just turned to
constexpr qint64 patienceMs = 30'000; ///< for a page that gets ready

} // namespace

ScreenshotRun::ScreenshotRun(MainWindow& window, Theme& theme, ScreenshotOptions options, QObject* parent)
    : QObject(parent), m_window(window), m_theme(theme), m_options(std::move(options))
{
}

void ScreenshotRun::start()
{
    if (!QDir().mkpath(m_options.directory)) {
        Q_EMIT finished(1, {tr("The folder %1 cannot be made. Choose another one.").arg(m_options.directory)});
        return;
    }
    dress();
    m_window.show();
    m_window.showPage(m_window.pages().front().id);
    fillCharts();
    QTimer::singleShot(static_cast<int>(m_options.afterSeconds * 1000), this, &ScreenshotRun::prepare);
}

/// Of the ranges in the top bar the longest that is over when the pictures are taken.
void ScreenshotRun::fillCharts()
{
    const std::pair<double, const char*> ranges[] = {{3600, "1h"}, {900, "15m"}, {300, "5m"}, {0, "1m"}};
    const auto* range = std::find_if(std::begin(ranges), std::end(ranges),
                                     [this](const auto& one) { return one.first <= m_options.afterSeconds; });
    const QString name = QStringLiteral("topBar.range.") + QLatin1StringView(range->second);
    m_window.findChild<QAbstractButton*>(name)->click();
}

void ScreenshotRun::dress()
{
    if (!m_options.themes.isEmpty())
        m_theme.setMode(m_options.themes[m_look]);
    m_window.resize(m_options.sizes[m_size]);
}

void ScreenshotRun::prepare()
{
    const auto& id = m_window.pages()[m_page].id;
    m_window.showPage(id);
    m_window.page(id)->prepareForScreenshot();
    m_waiting.start();
    QTimer::singleShot(settleMs, this, &ScreenshotRun::poll);
}

void ScreenshotRun::poll()
{
    const auto& id = m_window.pages()[m_page].id;
    if (m_window.page(id)->readyForScreenshot()) {
        // One more turn for what the last words changed.
        QTimer::singleShot(pollMs, this, &ScreenshotRun::take);
    } else if (m_waiting.elapsed() > patienceMs) {
        m_errors << tr("The page %1 was not ready in time; its picture shows how far it came.").arg(id);
        take();
    } else {
        QTimer::singleShot(pollMs, this, &ScreenshotRun::poll);
    }
}

/// A picture shows nothing as pointed at, wherever the pointer is.
void ScreenshotRun::lookAway()
{
    for (auto* widget : m_window.findChildren<QWidget*>()) {
        if (!widget->underMouse())
            continue;
        QEvent leave(QEvent::Leave);
        QCoreApplication::sendEvent(widget, &leave);
        widget->setAttribute(Qt::WA_UnderMouse, false);
    }
}

void ScreenshotRun::take()
{
    lookAway();
    const auto file = QDir(m_options.directory).filePath(fileName());
    if (!m_window.grab().save(file))
        m_errors << tr("%1 could not be written.").arg(file);
    next();
}

void ScreenshotRun::next()
{
    if (++m_page == m_window.pages().size()) {
        m_page = 0;
        if (++m_size == m_options.sizes.size()) {
            m_size = 0;
            if (++m_look >= m_options.themes.size()) {
                Q_EMIT finished(m_errors.isEmpty() ? 0 : 1, m_errors);
                return;
            }
        }
        dress();
    }
    prepare();
}

QString ScreenshotRun::fileName() const
{
    QString name = m_window.pages()[m_page].id;
    if (m_options.themes.size() > 1)
        name += m_theme.tokens().dark ? QStringLiteral("-dark") : QStringLiteral("-light");
    if (m_options.sizes.size() > 1) {
        const auto& size = m_options.sizes[m_size];
        name += QStringLiteral("-%1x%2").arg(size.width()).arg(size.height());
    }
    return name + QStringLiteral(".png");
}

} // namespace tokenscope::ui

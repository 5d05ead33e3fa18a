// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/playground/markdown_view.h"

#include "theme/theme.h"

#include <QAbstractTextDocumentLayout>
#include <QDesktopServices>
#include <QTextBlock>
#include <QTextCursor>
#include <QWheelEvent>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace tokenscope::ui {

namespace {

constexpr int renderEveryMs = 50;

} // namespace

MarkdownView::MarkdownView(const Theme& theme, QWidget* parent) : QTextBrowser(parent), m_theme(theme)
{
    setFrameShape(QFrame::NoFrame);
    setProperty("bare", true);
    setOpenLinks(false);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    viewport()->setAutoFillBackground(false);
    document()->setDocumentMargin(0);
    document()->setUndoRedoEnabled(false);
    connect(document()->documentLayout(), &QAbstractTextDocumentLayout::documentSizeChanged, this, &MarkdownView::fit);
    // What a model writes is not to be trusted: only web links, and only by a click.
    connect(this, &QTextBrowser::anchorClicked, this, [](const QUrl& url) {
        if (url.scheme() == QLatin1StringView("https") || url.scheme() == QLatin1StringView("http"))
            QDesktopServices::openUrl(url);
    });
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &MarkdownView::render);
    connect(&theme, &Theme::changed, this, [this] {
        m_dirty = true;
        render();
    });
    fit();
}

QVariant MarkdownView::loadResource(int, const QUrl&)
{
    return {};
}

void MarkdownView::appendText(const QString& delta)
{
    m_source += delta;
    m_dirty = true;
    if (!m_timer.isActive())
        m_timer.start(renderEveryMs);
}

void MarkdownView::flush()
{
    m_timer.stop();
    render();
}

void MarkdownView::render()
{
    if (!m_dirty)
        return;
    m_dirty = false;
    QElapsedTimer cost;
    cost.start();
    document()->setDefaultFont(m_theme.tokens().body);
    document()->setMarkdown(m_source, QTextDocument::MarkdownFeatures(QTextDocument::MarkdownDialectGitHub)
                                          | QTextDocument::MarkdownNoHTML);
    styleCode();
    fit();
    // At most a quarter of the time goes into rendering, however long the reply has become.
    const auto pause = std::max<qint64>(renderEveryMs, 4 * cost.elapsed());
    m_timer.setInterval(static_cast<int>(pause));
}

void MarkdownView::styleCode()
{
    const auto& tokens = m_theme.tokens();
    QTextCursor cursor(document());
    cursor.beginEditBlock();
    for (auto block = document()->begin(); block.isValid(); block = block.next()) {
        auto format = block.blockFormat();
        const auto code = format.hasProperty(QTextFormat::BlockCodeFence) || format.hasProperty(QTextFormat::BlockCodeLanguage);
        if (code) {
            format.setBackground(tokens.raised);
            format.setNonBreakableLines(false);
            cursor.setPosition(block.position());
            cursor.setBlockFormat(format);
            cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
            QTextCharFormat letters;
            letters.setFont(tokens.mono);
            cursor.mergeCharFormat(letters);
        } else if (format.headingLevel() == 0) {
            format.setLineHeight(125, QTextBlockFormat::ProportionalHeight);
            cursor.setPosition(block.position());
            cursor.setBlockFormat(format);
        }
    }
    cursor.endEditBlock();
}

void MarkdownView::fit()
{
    const auto height = static_cast<int>(std::ceil(document()->size().height()));
    setFixedHeight(std::max(height, fontMetrics().lineSpacing()));
}

void MarkdownView::wheelEvent(QWheelEvent* event)
{
    event->ignore(); // the conversation scrolls, not the single reply
}

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/playground/markdown_view.h"

#include "theme/theme.h"

#include <QAbstractTextDocumentLayout>
#include <QDesktopServices>
#include <QElapsedTimer>
#include <QPainter>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocumentFragment>
#include <QTextList>
#include <QTextTable>
#include <QWheelEvent>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace tokenscope::ui {

namespace {

constexpr int renderEveryMs = 50;
constexpr qsizetype longestAnew = 64 * 1024; ///< letters that are rendered in one go after all, for their links

const auto features =
    QTextDocument::MarkdownFeatures(QTextDocument::MarkdownDialectGitHub) | QTextDocument::MarkdownNoHTML;

bool isCode(const QTextBlock& block)
{
    const auto format = block.blockFormat();
    return format.hasProperty(QTextFormat::BlockCodeFence) || format.hasProperty(QTextFormat::BlockCodeLanguage);
}

} // namespace

MarkdownView::MarkdownView(const Theme& theme, QWidget* parent) : QTextBrowser(parent), m_theme(theme)
{
    setFrameShape(QFrame::NoFrame);
    setProperty("bare", true);
    setOpenLinks(false);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    // A reply is text on the page, not a field in a box.
    setStyleSheet(
        QStringLiteral("QTextBrowser, QTextBrowser:focus { background: transparent; border: none; padding: 0; }"));
    setFocusPolicy(Qt::ClickFocus);
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
    connect(&theme, &Theme::changed, this, &MarkdownView::renderAnew);
    document()->setDefaultFont(theme.tokens().body);
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
    // A link's target may stand behind the link, in a part that was rendered without it. A reply that would hold up the window
    // for the better part of a second keeps such links as words.
    if (m_cutter.definesLinks() && m_settled > 0 && m_source.size() <= longestAnew)
        renderAnew();
}

void MarkdownView::render()
{
    if (!m_dirty)
        return;
    m_dirty = false;
    QElapsedTimer cost;
    cost.start();
    m_cutter.read(m_source);
    QTextCursor cursor(document());
    cursor.setPosition(m_open);
    // The end of the settled blocks is that of a block, which keeps what it is when those behind it go.
    const auto format = cursor.blockFormat();
    const auto letters = cursor.blockCharFormat();
    cursor.movePosition(QTextCursor::End, QTextCursor::KeepAnchor);
    cursor.removeSelectedText();
    if (m_settled > 0) {
        cursor.setBlockFormat(format);
        cursor.setBlockCharFormat(letters);
    }
    const auto source = QStringView(m_source);
    const auto from = m_open;
    if (m_cutter.cut() > m_settled) {
        put(m_opening, source.mid(m_settled, m_cutter.cut() - m_settled));
        m_settled = m_cutter.cut();
        m_opening = m_cutter.opening();
        m_open = document()->characterCount() - 1;
    }
    put(m_opening, source.mid(m_settled));
    styleFrom(from);
    fit();
    // At most a quarter of the time goes into rendering, however long the block has become.
    const auto pause = std::max<qint64>(renderEveryMs, 4 * cost.elapsed());
    m_timer.setInterval(static_cast<int>(pause));
}

void MarkdownView::renderAnew()
{
    m_dirty = false;
    m_settled = 0;
    m_open = 0;
    m_opening.clear();
    m_lettersRendered += m_source.size();
    document()->setDefaultFont(m_theme.tokens().body);
    document()->setMarkdown(m_source, features);
    styleFrom(0);
    fit();
}

void MarkdownView::put(const QString& opening, QStringView text)
{
    if (text.isEmpty())
        return;
    m_lettersRendered += text.size();
    if (document()->isEmpty()) {
        document()->setMarkdown(opening + text.toString(), features);
        return;
    }
    // As it reads behind another block, without that block.
    QTextDocument scratch;
    scratch.setDefaultFont(document()->defaultFont());
    scratch.setMarkdown(QStringLiteral("x\n\n") + opening + text.toString(), features);
    QTextCursor part(&scratch);
    part.setPosition(1);
    part.movePosition(QTextCursor::End, QTextCursor::KeepAnchor);
    QTextCursor end(document());
    end.movePosition(QTextCursor::End);
    end.insertFragment(part.selection());
}

void MarkdownView::styleFrom(int position)
{
    QTextCursor cursor(document());
    cursor.beginEditBlock();
    for (auto block = document()->findBlock(position); block.isValid(); block = block.next()) {
        cursor.setPosition(block.position());
        const auto before = block.previous(), after = block.next();
        if (isCode(block))
            styleCode(cursor, !isCode(before), !after.isValid() || !isCode(after));
        else if (auto* table = cursor.currentTable())
            styleCell(cursor, *table);
        else
            styleText(cursor, !after.isValid());
    }
    cursor.endEditBlock();
}

void MarkdownView::styleCode(QTextCursor& cursor, bool first, bool last) const
{
    const auto& tokens = m_theme.tokens();
    auto format = cursor.blockFormat();
    format.setNonBreakableLines(false);
    format.setLeftMargin(tokens.space3);
    format.setRightMargin(tokens.space3);
    format.setTopMargin(first ? tokens.space3 : 0);
    format.setBottomMargin(last ? tokens.space2 + tokens.space3 : 0);
    cursor.setBlockFormat(format);
    cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
    QTextCharFormat letters;
    letters.setFont(tokens.mono);
    cursor.mergeCharFormat(letters);
}

void MarkdownView::styleCell(QTextCursor& cursor, QTextTable& table) const
{
    const auto& tokens = m_theme.tokens();
    const auto cell = table.cellAt(cursor);
    auto block = cursor.blockFormat();
    block.setTopMargin(0);
    block.setBottomMargin(0);
    // Qt's reader puts an empty line before the first heading.
    if (cursor.block().text().isEmpty() && cursor.block() != cell.lastCursorPosition().block())
        block.setLineHeight(1, QTextBlockFormat::FixedHeight);
    cursor.setBlockFormat(block);
    if (cell.row() == 0) {
        cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
        QTextCharFormat heading;
        heading.setFontWeight(QFont::DemiBold);
        cursor.mergeCharFormat(heading);
    }
    if (table.firstCursorPosition().block() != cursor.block())
        return;
    auto format = table.format();
    format.setBorder(1);
    format.setBorderStyle(QTextFrameFormat::BorderStyle_Solid);
    format.setBorderBrush(tokens.hairline);
    format.setBorderCollapse(true);
    format.setCellSpacing(0);
    format.setCellPadding(tokens.space1);
    format.setTopMargin(tokens.space4);
    format.setBottomMargin(tokens.space3);
    table.setFormat(format);
}

void MarkdownView::styleText(QTextCursor& cursor, bool last) const
{
    const auto& tokens = m_theme.tokens();
    auto format = cursor.blockFormat();
    const auto item = cursor.currentList() != nullptr;
    if (format.headingLevel() == 0)
        format.setLineHeight(125, QTextBlockFormat::ProportionalHeight);
    format.setTopMargin(0);
    format.setBottomMargin(last ? 0 : item ? tokens.space1 : tokens.space2);
    cursor.setBlockFormat(format);
}

void MarkdownView::fit()
{
    const auto height = static_cast<int>(std::ceil(document()->size().height()));
    setFixedHeight(std::max(height, fontMetrics().lineSpacing()));
}

void MarkdownView::paintEvent(QPaintEvent* event)
{
    drawGrounds(event->rect());
    QTextBrowser::paintEvent(event);
}

void MarkdownView::drawGrounds(const QRectF& exposed)
{
    // One ground behind all lines of a code block; a block format would give each line its own. Of a long one only what can
    // be seen is measured, and enough around it to have the round corners out of sight.
    const auto& tokens = m_theme.tokens();
    const qreal padding = tokens.space2;
    const auto seen = exposed.adjusted(0, -4 * padding, 0, 4 * padding);
    const auto* const layout = document()->documentLayout();
    QPainter painter(viewport());
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(tokens.hairline);
    painter.setBrush(tokens.raised);
    QRectF ground;
    auto block = document()->findBlock(layout->hitTest(seen.topLeft(), Qt::FuzzyHit));
    for (; block.isValid(); block = block.next()) {
        const auto place = layout->blockBoundingRect(block);
        const bool below = place.top() > seen.bottom();
        if (isCode(block)) {
            ground = ground.united(place);
            if (!below && block.next().isValid() && isCode(block.next()))
                continue;
            painter.drawRoundedRect(
                QRectF(0.5, ground.top() - padding, viewport()->width() - 1, ground.height() + 2 * padding),
                tokens.radius, tokens.radius);
            ground = {};
        }
        if (below)
            break;
    }
}

void MarkdownView::wheelEvent(QWheelEvent* event)
{
    event->ignore(); // the conversation scrolls, not the single reply
}

} // namespace tokenscope::ui

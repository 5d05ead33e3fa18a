// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/breaking_label.h"

#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QTextLayout>

#include <algorithm>
#include <cmath>

namespace tokenscope::ui {

namespace {

constexpr qsizetype longestWord = 64; ///< characters; others may be broken
constexpr qsizetype piece = 12;
constexpr qsizetype longestShown = 240; ///< of a word that fills a window
constexpr qsizetype lastShown = 60;
constexpr int leastLetters = 32;  ///< that a line has room for where not all of the words are shown anyway
constexpr QChar mayBreak(0x200b); ///< no space, but the end of a word

QString broken(QString word, bool whole)
{
    if (word.size() <= longestWord)
        return word;
    if (!whole && word.size() > longestShown)
        word = word.left(longestShown - lastShown) + QChar(0x2026) + word.right(lastShown);
    for (auto at = piece; at < word.size(); at += piece + 1) {
        if (word[at].isLowSurrogate())
            ++at;
        word.insert(at, mayBreak);
    }
    return word;
}

/// The text with marks inside the words that are too long.
QString withMarks(const QString& text, bool whole)
{
    QString marked;
    qsizetype begin = 0;
    for (qsizetype end = 0; end < text.size(); ++end) {
        if (!text[end].isSpace())
            continue;
        marked += broken(text.mid(begin, end - begin), whole) + text[end];
        begin = end + 1;
    }
    return marked + broken(text.mid(begin), whole);
}

} // namespace

BreakingLabel::BreakingLabel(QWidget* parent) : QLabel(parent)
{
    setWordWrap(true);
    setTextFormat(Qt::PlainText);
    auto* clipboard = QGuiApplication::clipboard();
    // What is copied from here is what was written, without the marks.
    connect(clipboard, &QClipboard::changed, this, [this, clipboard](QClipboard::Mode mode) {
        if (!hasFocus() || !hasSelectedText())
            return;
        auto text = clipboard->text(mode);
        if (text.contains(mayBreak))
            clipboard->setText(text.remove(mayBreak), mode);
    });
}

void BreakingLabel::setWords(const QString& words)
{
    m_words = words;
    m_marked = withMarks(words, m_mostLines > 0);
    showWords();
}

void BreakingLabel::setMostLines(int lines)
{
    m_mostLines = lines;
    setWords(m_words);
    updateGeometry();
}

void BreakingLabel::showWords()
{
    const QString shown = m_mostLines > 0 ? fit(contentsRect().width()).text : m_marked;
    setText(shown);
    // A screen reader reads what was written.
    setAccessibleName(shown == m_words ? QString() : m_words);
    if (m_mostLines > 0) // a paragraph, as a plain text would be one long line
        setToolTip(shown == m_marked
                       ? QString()
                       : QString(QStringLiteral("<p>") + m_words.toHtmlEscaped() + QStringLiteral("</p>")));
}

BreakingLabel::Fit BreakingLabel::fit(int width) const
{
    QTextOption wrapping;
    wrapping.setWrapMode(QTextOption::WordWrap);
    QTextLayout layout(m_marked, font());
    layout.setTextOption(wrapping);
    layout.beginLayout();
    Fit fit{m_marked, 0};
    double height = 0;
    for (int lines = 1; lines <= m_mostLines; ++lines) {
        auto line = layout.createLine();
        if (!line.isValid())
            break;
        line.setLeadingIncluded(true);
        line.setLineWidth(width);
        height += line.height();
        if (lines == m_mostLines && line.textStart() + line.textLength() < m_marked.size())
            fit.text = m_marked.left(line.textStart())
                       + fontMetrics().elidedText(m_marked.mid(line.textStart()), Qt::ElideRight, width - 1);
    }
    layout.endLayout();
    fit.height = static_cast<int>(std::ceil(height));
    return fit;
}

/// Of all the words, not of those that are shown at the present width.
int BreakingLabel::heightForWidth(int width) const
{
    if (m_mostLines == 0)
        return QLabel::heightForWidth(width);
    const auto margins = contentsMargins();
    return fit(width - margins.left() - margins.right()).height + margins.top() + margins.bottom();
}

QSize BreakingLabel::minimumSizeHint() const
{
    auto least = QLabel::minimumSizeHint();
    if (m_mostLines > 0)
        least.setWidth(std::min(least.width(), leastLetters * fontMetrics().averageCharWidth()));
    return least;
}

void BreakingLabel::resizeEvent(QResizeEvent* event)
{
    QLabel::resizeEvent(event);
    if (m_mostLines > 0)
        showWords();
}

void BreakingLabel::changeEvent(QEvent* event)
{
    QLabel::changeEvent(event);
    if (m_mostLines > 0 && event->type() == QEvent::FontChange)
        showWords();
}

} // namespace tokenscope::ui

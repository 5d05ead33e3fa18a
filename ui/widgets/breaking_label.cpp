// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/breaking_label.h"

#include <QClipboard>
#include <QGuiApplication>

namespace tokenscope::ui {

namespace {

constexpr qsizetype longestWord = 64; ///< characters; others may be broken
constexpr qsizetype piece = 12;
constexpr qsizetype longestShown = 240; ///< of a word that fills a window
constexpr qsizetype lastShown = 60;
constexpr QChar mayBreak(0x200b); ///< no space, but the end of a word

QString broken(QString word)
{
    if (word.size() <= longestWord)
        return word;
    if (word.size() > longestShown)
        word = word.left(longestShown - lastShown) + QChar(0x2026) + word.right(lastShown);
    for (auto at = piece; at < word.size(); at += piece + 1) {
        if (word[at].isLowSurrogate())
            ++at;
        word.insert(at, mayBreak);
    }
    return word;
}

/// The text with marks inside the words that are too long.
QString withMarks(const QString& text)
{
    QString marked;
    qsizetype begin = 0;
    for (qsizetype end = 0; end < text.size(); ++end) {
        if (!text[end].isSpace())
            continue;
        marked += broken(text.mid(begin, end - begin)) + text[end];
        begin = end + 1;
    }
    return marked + broken(text.mid(begin));
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
    setText(withMarks(words));
    // A screen reader reads what was written.
    setAccessibleName(text() == words ? QString() : words);
}

} // namespace tokenscope::ui

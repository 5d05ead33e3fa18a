// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/playground/markdown_cutter.h"

#include <algorithm>
#include <utility>

namespace tokenscope::ui {

namespace {

constexpr qsizetype shortestFence = 3;
constexpr qsizetype indentOfCode = 4;

/// Markdown's idea of space within a line; other spaces are words.
bool isSpace(QChar c)
{
    return c == QLatin1Char(' ') || c == QLatin1Char('\t') || c == QLatin1Char('\r');
}

QStringView withoutSpaces(QStringView line)
{
    while (!line.isEmpty() && isSpace(line.front()))
        line = line.mid(1);
    while (!line.isEmpty() && isSpace(line.back()))
        line.chop(1);
    return line;
}

/// The "```" or "~~~~" that a line begins with; empty: none.
QStringView fenceMarks(QStringView words)
{
    if (words.isEmpty() || (words.front() != QLatin1Char('`') && words.front() != QLatin1Char('~')))
        return {};
    const auto end = std::find_if(words.begin(), words.end(), [&](QChar c) { return c != words.front(); });
    const auto marks = words.left(end - words.begin());
    // `code` in the line of a paragraph may have three marks, too.
    const bool opens = marks.size() >= shortestFence
                       && (marks.front() == QLatin1Char('~') || !words.mid(marks.size()).contains(marks.front()));
    return opens ? marks : QStringView();
}

bool beginsItem(QStringView words)
{
    const auto ascii = [](QChar c) { return c >= QLatin1Char('0') && c <= QLatin1Char('9'); };
    qsizetype marker = 0;
    while (marker < words.size() && ascii(words[marker]))
        ++marker;
    if (marker == words.size())
        return false;
    const bool sign = marker == 0 ? QStringView(u"-+*").contains(words[0]) : QStringView(u".)").contains(words[marker]);
    return sign && (marker + 1 == words.size() || isSpace(words[marker + 1]));
}

bool mayBeginItem(QChar first)
{
    return QStringView(u"-+*0123456789").contains(first);
}

/// "[name]: target", also in a list or a quotation.
bool definesLink(QStringView words)
{
    while (!words.isEmpty() && (isSpace(words.front()) || words.front() == QLatin1Char('>')))
        words = words.mid(1);
    return words.startsWith(QLatin1Char('[')) && words.contains(QStringView(u"]:"));
}

} // namespace

void MarkdownCutter::read(QStringView text)
{
    while (true) {
        const auto end = text.indexOf(QLatin1Char('\n'), m_read);
        if (end < 0)
            break;
        const auto start = std::exchange(m_read, end + 1);
        const auto whole = text.mid(start, end - start);
        line(whole, start, withoutSpaces(whole));
    }
    // The first letters of a line tell whether what stands above it is over.
    if (m_fence.isEmpty() && m_read < text.size())
        begin(m_read, text.mid(m_read));
}

void MarkdownCutter::line(QStringView text, qsizetype start, QStringView words)
{
    if (!m_fence.isEmpty())
        return inFence(text, start, words);
    if (words.isEmpty()) {
        m_afterBlank = true;
        m_bars = false;
        return;
    }
    begin(start, text);
    m_afterBlank = false;
    m_definesLinks = m_definesLinks || definesLink(words);
    m_list = m_list || beginsItem(words);
    const bool afterBars = std::exchange(m_bars, m_bars || words.contains(QLatin1Char('|')));
    if (const auto marks = fenceMarks(words); !marks.isEmpty()) {
        // Right behind a table it would be one more row of it.
        m_lost = m_lost || afterBars;
        m_fence = marks.toString();
        m_fenceLine = text.toString() + QLatin1Char('\n');
        m_fenceAtTop = !m_list && !isSpace(text.front());
        m_fenceWords = false;
    }
}

void MarkdownCutter::inFence(QStringView text, qsizetype start, QStringView words)
{
    // Further in it is code; in a list the item's own indent counts, which is not known here.
    const auto indent = std::find_if_not(text.begin(), text.end(), isSpace) - text.begin();
    const bool closes = words.size() >= m_fence.size() && (!m_fenceAtTop || indent < indentOfCode)
                        && std::all_of(words.begin(), words.end(), [this](QChar c) { return c == m_fence.front(); });
    if (closes) {
        m_fence.clear();
        if (m_fenceAtTop)
            cutAt(start + text.size() + 1);
        return;
    }
    // Only between two lines with words: empty ones at the end of code are not counted on.
    if (m_fenceAtTop && m_fenceWords && !words.isEmpty()) {
        cutAt(start, m_fenceLine);
    }
    m_fenceWords = !words.isEmpty();
}

void MarkdownCutter::begin(qsizetype start, QStringView words)
{
    if (!m_afterBlank || isSpace(words.front()) || (m_list && mayBeginItem(words.front())))
        return;
    cutAt(start);
}

void MarkdownCutter::cutAt(qsizetype at, const QString& opening)
{
    if (m_lost)
        return;
    m_cut = at;
    m_opening = opening;
    m_afterBlank = false;
    m_list = false;
}

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringView>

namespace tokenscope::ui {

/// Reads a text in Markdown as it grows and says how much of it nothing that follows can change: whole blocks with an empty
/// line behind them, and lines of a block of code. Before the cut and behind it the text reads as in one piece. It is careful: what
/// might belong together stays together, such as a list and what comes after an empty line in it.
class MarkdownCutter {
public:
    /// `text`: all of it, which begins with what was read before.
    void read(QStringView text);

    /// Where the part begins that may still change. It never moves back.
    qsizetype cut() const { return m_cut; }
    /// The line to be put before that part, where it begins in the middle of a block of code; with its line feed.
    const QString& opening() const { return m_opening; }
    /// The text defines targets of links by name, which parts on their own do not know.
    bool definesLinks() const { return m_definesLinks; }

private:
    void line(QStringView text, qsizetype start, QStringView words);
    void inFence(QStringView text, qsizetype start, QStringView words);
    void begin(qsizetype start, QStringView words);
    void cutAt(qsizetype at, const QString& opening = {});

    qsizetype m_read = 0; ///< where the first line begins that was not whole yet
    qsizetype m_cut = 0;
    QString m_opening;
    bool m_definesLinks = false;
    bool m_lost = false; ///< whether the text is code or not cannot be told without reading all of it: no cuts any more
    // Of the text between the cut and what is not read yet.
    bool m_afterBlank = false;
    bool m_list = false;
    bool m_bars = false; ///< its last lines may be rows of a table
    QString m_fence;     ///< the marks that opened the block of code; empty: none is open
    QString m_fenceLine;
    bool m_fenceAtTop = false; ///< neither indented nor in a list
    bool m_fenceWords = false; ///< its last line was not empty
};

} // namespace tokenscope::ui

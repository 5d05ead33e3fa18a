// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace tokenscope::ui {

/// Plain text in as many lines as it needs, as a QLabel with word wrap, but a word that is too long for any line, such as the URL
/// that a server or a person wrote, is broken too, and loses its middle where it would fill the window: a label is at least as wide
/// as its longest word, and its window with it.
class BreakingLabel : public QLabel {
    Q_OBJECT

public:
    explicit BreakingLabel(QWidget* parent = nullptr);

    void setWords(const QString& words);
    const QString& words() const { return m_words; } ///< text() is what is shown of them
    /// The last of so many lines ends in "…" where there would be more, and all is the tool tip. For words of one paragraph, which
    /// then do not lose their middle.
    void setMostLines(int lines);

    int heightForWidth(int width) const override;
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Fit {
        QString text; ///< as much as there is room for
        int height = 0;
    };
    Fit fit(int width) const;
    void showWords();

    QString m_words;
    QString m_marked;    ///< with marks where they may be broken
    int m_mostLines = 0; ///< 0: as many as they need
};

} // namespace tokenscope::ui

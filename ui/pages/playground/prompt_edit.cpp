// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/playground/prompt_edit.h"

#include <QKeyEvent>
#include <QTextBlock>

#include <algorithm>

namespace tokenscope::ui {

PromptEdit::PromptEdit(int fewestLines, int mostLines, QWidget* parent)
    : QPlainTextEdit(parent), m_fewestLines(fewestLines), m_mostLines(mostLines)
{
    setTabChangesFocus(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(this, &QPlainTextEdit::textChanged, this, &PromptEdit::fit);
    fit();
}

void PromptEdit::keyPressEvent(QKeyEvent* event)
{
    const auto enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && event->modifiers().testFlag(Qt::ControlModifier)) {
        Q_EMIT submitted();
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

void PromptEdit::resizeEvent(QResizeEvent* event)
{
    QPlainTextEdit::resizeEvent(event);
    fit();
}

void PromptEdit::changeEvent(QEvent* event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        fit();
}

void PromptEdit::fit()
{
    // Lines after wrapping, counted only as far as they matter.
    int lines = 0;
    for (auto block = document()->begin(); block.isValid() && lines < m_mostLines; block = block.next())
        lines += std::max(1, block.lineCount());
    lines = std::clamp(lines, m_fewestLines, m_mostLines);
    setVerticalScrollBarPolicy(lines == m_mostLines ? Qt::ScrollBarAsNeeded : Qt::ScrollBarAlwaysOff);
    const auto around = height() - viewport()->height() + 2 * static_cast<int>(document()->documentMargin());
    setFixedHeight(lines * fontMetrics().lineSpacing() + around + 1);
}

} // namespace tokenscope::ui

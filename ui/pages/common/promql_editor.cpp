// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/common/promql_editor.h"

#include "pages/common/completion_data.h"
#include "pages/common/completion_popup.h"
#include "pages/common/promql_highlighter.h"
#include "pages/common/promql_lexer.h"
#include "theme/theme.h"

#include <QKeyEvent>
#include <QPointer>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextLayout>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr int lines = 4;

} // namespace

PromqlEditor::PromqlEditor(const Theme& theme, CompletionData& data, QWidget* parent)
    : QPlainTextEdit(parent), m_theme(theme), m_data(data), m_popup(new CompletionPopup(theme, this))
{
    setTabChangesFocus(true);
    new PromqlHighlighter(theme, document());
    connect(this, &QPlainTextEdit::textChanged, this, [this] {
        // Told of new colours, too.
        if (auto text = toPlainText(); text != m_text) {
            m_text = std::move(text);
            setErrorPlace(std::nullopt);
        }
    });
    connect(this, &QPlainTextEdit::cursorPositionChanged, this, &PromqlEditor::mark);
    connect(m_popup, &CompletionPopup::chosen, this, &PromqlEditor::accept);
    connect(&data, &CompletionData::arrived, this, [this] {
        if (m_completing)
            complete();
    });
    connect(&theme, &Theme::changed, this, [this] {
        fit();
        mark();
    });
    fit();
}

PromqlEditor::~PromqlEditor()
{
    // It hangs in the window once it was open.
    delete m_popup;
}

CompletionPopup& PromqlEditor::popup() const
{
    return *m_popup;
}

void PromqlEditor::setErrorPlace(const std::optional<ErrorPlace>& place)
{
    m_error = place;
    mark();
}

void PromqlEditor::revealErrorPlace()
{
    if (!m_error)
        return;
    auto at = textCursor();
    at.setPosition(static_cast<int>(std::min(m_error->from, toPlainText().size())));
    const auto inBlock = at.block().layout()->lineForTextPosition(at.positionInBlock());
    const auto line = at.block().firstLineNumber() + (inBlock.isValid() ? inBlock.lineNumber() : 0);
    auto* bar = verticalScrollBar(); // counts lines
    if (line < bar->value() || line >= bar->value() + bar->pageStep())
        bar->setValue(line - bar->pageStep() / 2);
}

bool PromqlEditor::popupKey(QKeyEvent* event)
{
    if (!m_popup->isVisible() || event->modifiers().testFlag(Qt::ControlModifier))
        return false;
    switch (event->key()) {
    case Qt::Key_Up: m_popup->move(-1); return true;
    case Qt::Key_Down: m_popup->move(1); return true;
    case Qt::Key_PageUp: m_popup->move(-std::min(8, m_popup->count() - 1)); return true;
    case Qt::Key_PageDown: m_popup->move(std::min(8, m_popup->count() - 1)); return true;
    case Qt::Key_Return:
    case Qt::Key_Enter: accept(m_popup->current()); return true;
    case Qt::Key_Escape: closePopup(); return true;
    default: return false;
    }
}

void PromqlEditor::keyPressEvent(QKeyEvent* event)
{
    const bool control = event->modifiers().testFlag(Qt::ControlModifier);
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (popupKey(event))
        return;
    if (control && enter) {
        closePopup();
        Q_EMIT submitted();
        return;
    }
    if (control && event->key() == Qt::Key_Space) {
        m_completing = true;
        m_asked = true;
        complete();
        return;
    }
    if (event->key() == Qt::Key_Escape) {
        closePopup();
        Q_EMIT stopRequested();
        return;
    }
    const auto typed = event->text();
    const auto c = typed.isEmpty() ? QChar() : typed.front();
    if (typedOver(c))
        return;
    const auto before = document()->revision();
    QPlainTextEdit::keyPressEvent(event);
    m_asked = false;
    const bool wordy = c.isLetterOrNumber() || c == QLatin1Char('_') || c == QLatin1Char(':');
    const bool opening = QStringLiteral("{[(\",").contains(c);
    if (before == document()->revision()) {
        closePopup();
    } else if (wordy || opening || m_popup->isVisible()) {
        m_completing = true;
        complete();
    }
}

/// Who goes on after a label's name as if its operator and quotes had not come with it: =" and the quote behind the value.
bool PromqlEditor::typedOver(QChar c)
{
    static const QStringList operators{QStringLiteral("="), QStringLiteral("=~"), QStringLiteral("!"),
                                       QStringLiteral("!="), QStringLiteral("!~")};
    constexpr auto quote = QLatin1Char('"');
    const auto text = toPlainText();
    const auto at = textCursor().position();
    const auto begin = m_quotes.isNull() ? 0 : m_quotes.position();
    if (begin == 0 || begin > at || text[begin - 1] != quote || c.isNull() || textCursor().hasSelection())
        return false;
    const QString retyped = m_retyped + c;
    if (at == begin && operators.contains(retyped)) {
        m_retyped = retyped;
        setOperator(begin - 1, retyped == operators[2] ? operators[3] : retyped);
        return true;
    }
    if (at == begin && c == quote && !m_retyped.endsWith(quote)) {
        m_retyped = retyped;
        return true;
    }
    m_retyped = quote; // what follows is a value
    const auto value = QStringView(text).mid(begin, at - begin);
    if (c != quote || at == text.size() || text[at] != quote || value.contains(quote) || value.contains(u'\\'))
        return false;
    m_quotes = {};
    closePopup();
    moveCursor(QTextCursor::NextCharacter);
    return true;
}

/// In place of the operator that ends there.
void PromqlEditor::setOperator(int end, const QString& sign)
{
    const auto text = toPlainText();
    auto from = end;
    while (from > 0 && QStringLiteral("=!~").contains(text[from - 1]))
        --from;
    auto cursor = textCursor();
    cursor.setPosition(from);
    cursor.setPosition(end, QTextCursor::KeepAnchor);
    if (cursor.selectedText() != sign)
        cursor.insertText(sign);
    if (m_completing)
        complete(); // for the place has moved
}

void PromqlEditor::complete()
{
    m_spot = completionAt(toPlainText(), textCursor().position());
    // All metrics and functions are too much for somebody who has not begun a word and did not ask.
    const bool vast = m_spot.kind == CompletionSpot::Kind::expression && m_spot.prefix.isEmpty() && !m_asked;
    if (m_spot.kind == CompletionSpot::Kind::none || vast) {
        closePopup();
        return;
    }
    const auto items = m_data.choices(m_spot);
    const auto whole = toPlainText().mid(m_spot.from, m_spot.to - m_spot.from);
    if (items.empty() || (items.size() == 1 && items.front().text == whole)) {
        m_popup->hide();
        return;
    }
    auto cursor = textCursor();
    cursor.setPosition(static_cast<int>(m_spot.from));
    auto anchor = cursorRect(cursor);
    anchor.moveTopLeft(viewport()->mapTo(window(), anchor.topLeft()));
    m_popup->open(items, anchor);
}

void PromqlEditor::closePopup()
{
    m_completing = false;
    m_asked = false;
    if (m_popup)
        m_popup->hide();
}

void PromqlEditor::accept(const QString& choice)
{
    closePopup();
    const auto insertion = insertionOf(m_spot, choice, toPlainText());
    auto cursor = textCursor();
    cursor.setPosition(static_cast<int>(m_spot.from));
    cursor.setPosition(static_cast<int>(m_spot.to), QTextCursor::KeepAnchor);
    cursor.insertText(insertion.text);
    cursor.setPosition(static_cast<int>(m_spot.from + insertion.cursor));
    setTextCursor(cursor);
    setFocus();
    m_quotes = {};
    if (insertion.text.endsWith(QStringLiteral("=\"\""))) {
        m_quotes = cursor;
        m_quotes.setKeepPositionOnInsert(true);
        m_retyped.clear();
    }
    if (insertion.goesOn) {
        m_completing = true;
        complete();
    }
}

void PromqlEditor::mark()
{
    const auto& tokens = m_theme.tokens();
    QList<QTextEdit::ExtraSelection> marks;
    const auto add = [&](qsizetype from, qsizetype length, const QTextCharFormat& format) {
        QTextEdit::ExtraSelection mark;
        mark.cursor = textCursor();
        const auto end = document()->characterCount() - 1;
        mark.cursor.setPosition(static_cast<int>(std::clamp<qsizetype>(from, 0, end)));
        mark.cursor.setPosition(static_cast<int>(std::clamp<qsizetype>(from + length, 0, end)),
                                QTextCursor::KeepAnchor);
        mark.format = format;
        marks << mark;
    };
    if (const auto pair = bracketsAt(toPlainText(), textCursor().position())) {
        QTextCharFormat format;
        format.setBackground(tokens.selection);
        if (pair->second < 0)
            format.setForeground(tokens.bad);
        add(pair->first, 1, format);
        if (pair->second >= 0)
            add(pair->second, 1, format);
    }
    if (m_error) {
        QTextCharFormat format;
        format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        format.setUnderlineColor(tokens.bad);
        // Behind the end there is nothing to draw a line under: the last character stands for it.
        const auto size = toPlainText().size();
        const auto from = m_error->from >= size ? size - 1 : m_error->from;
        add(from, m_error->from >= size ? 1 : m_error->length, format);
    }
    setExtraSelections(marks);
}

void PromqlEditor::fit()
{
    setFont(m_theme.tokens().mono);
    setTabStopDistance(2 * QFontMetricsF(font()).horizontalAdvance(QLatin1Char(' ')));
    const auto around = 2 * (m_theme.tokens().space1 + 1 + static_cast<int>(document()->documentMargin()));
    setMinimumHeight(lines * QFontMetrics(m_theme.tokens().mono).lineSpacing() + around);
}

bool PromqlEditor::focusNextPrevChild(bool next)
{
    // Tab comes here before it is a key press.
    if (!next || !m_popup->isVisible())
        return QPlainTextEdit::focusNextPrevChild(next);
    accept(m_popup->current());
    return true;
}

void PromqlEditor::focusOutEvent(QFocusEvent* event)
{
    closePopup();
    QPlainTextEdit::focusOutEvent(event);
}

void PromqlEditor::hideEvent(QHideEvent* event)
{
    closePopup();
    QPlainTextEdit::hideEvent(event);
}

void PromqlEditor::changeEvent(QEvent* event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::EnabledChange)
        closePopup();
}

} // namespace tokenscope::ui

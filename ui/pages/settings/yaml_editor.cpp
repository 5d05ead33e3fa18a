// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/yaml_editor.h"

#include "pages/settings/yaml_highlighter.h"
#include "theme/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QTextBlock>
#include <QToolTip>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr int gutterMargin = 8;

} // namespace

YamlEditor::YamlEditor(const Theme& theme, QWidget* parent)
    : QPlainTextEdit(parent), m_theme(theme), m_highlighter(new YamlHighlighter(theme, document())),
      m_gutter(new QWidget(this))
{
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setTabChangesFocus(true);
    m_gutter->installEventFilter(this);
    connect(this, &QPlainTextEdit::blockCountChanged, this, &YamlEditor::placeGutter);
    connect(this, &QPlainTextEdit::updateRequest, this, [this](const QRect& area, int scrolled) {
        if (scrolled != 0)
            m_gutter->scroll(0, scrolled);
        else
            m_gutter->update(0, area.y(), m_gutter->width(), area.height());
    });
    connect(&theme, &Theme::changed, this, &YamlEditor::dress);
    dress();
}

QStringList YamlEditor::lines() const
{
    return document()->toRawText().split(QChar::ParagraphSeparator);
}

void YamlEditor::setLines(const QStringList& lines)
{
    const auto present = document()->toRawText();
    const auto text = lines.join(QChar(QChar::ParagraphSeparator));
    if (present == text)
        return;
    const auto shorter = std::min(present.size(), text.size());
    qsizetype head = 0;
    while (head < shorter && present[head] == text[head])
        ++head;
    qsizetype tail = 0;
    while (tail < shorter - head && present[present.size() - 1 - tail] == text[text.size() - 1 - tail])
        ++tail;
    QTextCursor cursor(document());
    cursor.setPosition(static_cast<int>(head));
    cursor.setPosition(static_cast<int>(present.size() - tail), QTextCursor::KeepAnchor);
    cursor.insertText(text.mid(head, text.size() - head - tail));
    // What was read from the file, or done in the form, is the ground: going back beyond it would bring back another file's text.
    document()->clearUndoRedoStacks();
}

void YamlEditor::setSecrets(const QStringList& secrets)
{
    m_highlighter->setSecrets(secrets);
}

void YamlEditor::setProblems(std::vector<ProblemLine> problems)
{
    m_problems = std::move(problems);
    underline();
    m_gutter->update();
}

void YamlEditor::underline()
{
    QList<QTextEdit::ExtraSelection> marks;
    for (const auto& problem : m_problems) {
        const auto block = document()->findBlockByNumber(problem.line - 1);
        if (problem.line < 1 || !block.isValid())
            continue;
        QTextEdit::ExtraSelection mark;
        mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        mark.format.setUnderlineColor(problem.warning ? m_theme.tokens().warn : m_theme.tokens().bad);
        mark.cursor = QTextCursor(block);
        const int first = std::clamp(problem.column - 1, 0, std::max(0, block.length() - 2));
        mark.cursor.setPosition(block.position() + first);
        mark.cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
        marks << mark;
    }
    setExtraSelections(marks);
}

void YamlEditor::goTo(int line, int column)
{
    const auto block = document()->findBlockByNumber(line - 1);
    if (!block.isValid())
        return;
    QTextCursor cursor(block);
    cursor.setPosition(block.position() + std::clamp(column - 1, 0, std::max(0, block.length() - 1)));
    setTextCursor(cursor);
    centerCursor();
    setFocus();
}

const ProblemLine* YamlEditor::problemAt(int line) const
{
    const auto found = std::find_if(m_problems.begin(), m_problems.end(),
                                    [line](const ProblemLine& problem) { return problem.line == line; });
    return found == m_problems.end() ? nullptr : &*found;
}

bool YamlEditor::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const auto* problem = problemAt(cursorForPosition(help->pos()).blockNumber() + 1);
        QToolTip::showText(help->globalPos(), problem ? problem->text : QString(), this);
        return true;
    }
    return QPlainTextEdit::viewportEvent(event);
}

void YamlEditor::keyPressEvent(QKeyEvent* event)
{
    // A new line begins where the one before did: YAML is about that. With Shift, Qt would put U+2028 into the line.
    if ((event->key() == Qt::Key_Return && event->modifiers() == Qt::NoModifier)
        || event->matches(QKeySequence::InsertLineSeparator)) {
        const auto line = textCursor().block().text();
        qsizetype indent = 0;
        while (indent < line.size() && line[indent] == QLatin1Char(' '))
            ++indent;
        textCursor().insertText(QLatin1Char('\n')
                                + line.left(std::min<qsizetype>(indent, textCursor().positionInBlock())));
        ensureCursorVisible();
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

int YamlEditor::gutterWidth() const
{
    const auto digits = std::max<qsizetype>(3, QString::number(blockCount()).size());
    return static_cast<int>(digits) * fontMetrics().horizontalAdvance(QLatin1Char('9')) + 2 * gutterMargin;
}

void YamlEditor::placeGutter()
{
    setViewportMargins(gutterWidth(), 0, 0, 0);
    const auto area = contentsRect();
    m_gutter->setGeometry(area.left(), area.top(), gutterWidth(), area.height());
}

void YamlEditor::resizeEvent(QResizeEvent* event)
{
    QPlainTextEdit::resizeEvent(event);
    placeGutter();
}

bool YamlEditor::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_gutter && event->type() == QEvent::Paint) {
        paintGutter();
        return true;
    }
    return QPlainTextEdit::eventFilter(watched, event);
}

void YamlEditor::paintGutter()
{
    const auto& tokens = m_theme.tokens();
    QPainter painter(m_gutter);
    painter.setFont(font());
    const auto offset = contentOffset();
    for (auto block = firstVisibleBlock(); block.isValid(); block = block.next()) {
        const auto place = blockBoundingGeometry(block).translated(offset);
        if (place.top() > m_gutter->height())
            break;
        const auto* problem = problemAt(block.blockNumber() + 1);
        const QRectF area(0, place.top(), m_gutter->width() - gutterMargin, place.height());
        painter.setPen(problem ? (problem->warning ? tokens.warn : tokens.bad) : tokens.secondary);
        if (problem)
            painter.drawText(area.adjusted(2, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("●"));
        painter.drawText(area, Qt::AlignRight | Qt::AlignVCenter, QString::number(block.blockNumber() + 1));
    }
}

void YamlEditor::dress()
{
    setFont(m_theme.tokens().mono);
    placeGutter();
    underline();
    m_gutter->update();
}

} // namespace tokenscope::ui

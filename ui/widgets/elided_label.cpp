// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/elided_label.h"

#include <QPainter>
#include <QStyle>
#include <QStyleOption>
#include <QTextLayout>

#include <algorithm>

namespace tokenscope::ui {

namespace {

/// How much of the text the first line of that width has.
qsizetype firstLine(const QString& text, const QFont& font, int width)
{
    QTextLayout layout(text, font);
    layout.setTextOption(QTextOption(Qt::AlignLeft)); // and words stay whole where they can
    layout.beginLayout();
    auto line = layout.createLine();
    if (line.isValid())
        line.setLineWidth(width);
    layout.endLayout();
    return line.isValid() ? line.textLength() : text.size();
}

} // namespace

ElidedLabel::ElidedLabel(const QString& text, QWidget* parent, int mostLines)
    : QLabel(text, parent), m_mostLines(mostLines)
{
    setTextFormat(Qt::PlainText);
    // A label of one height for each width is laid out by it.
    QSizePolicy policy(QSizePolicy::Preferred, mostLines > 1 ? QSizePolicy::Preferred : QSizePolicy::Fixed);
    policy.setHeightForWidth(mostLines > 1);
    setSizePolicy(policy);
}

QSize ElidedLabel::minimumSizeHint() const
{
    // Room for a letter and the ellipsis, but never more than the whole text wants.
    return {std::min(fontMetrics().averageCharWidth() * 3, sizeHint().width()), QLabel::minimumSizeHint().height()};
}

int ElidedLabel::heightForWidth(int width) const
{
    if (m_mostLines == 1)
        return QLabel::heightForWidth(width);
    const auto margins = contentsMargins();
    const int room = width - margins.left() - margins.right();
    return static_cast<int>(linesIn(room).size()) * fontMetrics().lineSpacing() + margins.top() + margins.bottom();
}

/// The last one has all that is left.
QStringList ElidedLabel::linesIn(int width) const
{
    QStringList lines;
    auto rest = text();
    while (lines.size() + 1 < m_mostLines) {
        const auto length = firstLine(rest, font(), width);
        if (length >= rest.size())
            break;
        lines << rest.left(length).trimmed();
        rest.remove(0, length);
    }
    return lines << rest;
}

void ElidedLabel::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const QRect area = contentsRect();
    auto lines = linesIn(area.width());
    lines.back() = fontMetrics().elidedText(lines.back(), Qt::ElideRight, area.width());
    style()->drawItemText(&painter, area, static_cast<int>(alignment()), palette(), isEnabled(),
                          lines.join(QLatin1Char('\n')), foregroundRole());
}

void ElidedLabel::resizeEvent(QResizeEvent* event)
{
    QLabel::resizeEvent(event);
    const int width = contentsRect().width();
    const bool fits = fontMetrics().horizontalAdvance(linesIn(width).back()) <= width;
    setToolTip(fits ? QString() : text());
}

} // namespace tokenscope::ui

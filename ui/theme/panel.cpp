// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/panel.h"

#include "theme/theme.h"

#include <QPainter>
#include <QTextOption>
#include <QWidget>

namespace tokenscope::ui {

void paintPanel(QWidget& widget, const ThemeTokens& tokens)
{
    QPainter painter(&widget);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(tokens.hairline, 1));
    painter.setBrush(tokens.surface);
    // Half a pixel in, so that the hairline falls on whole pixels.
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(0.5, 0.5, -0.5, -0.5), tokens.radius, tokens.radius);
}

QTextOption messageLayout()
{
    QTextOption option(Qt::AlignCenter);
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    return option;
}

} // namespace tokenscope::ui

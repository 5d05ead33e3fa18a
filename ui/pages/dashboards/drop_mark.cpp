// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/drop_mark.h"

#include "theme/theme.h"

#include <QPainter>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr int bar = 8; ///< what is narrower is filled

} // namespace

DropMark::DropMark(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("dashboard.dropMark"));
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
}

void DropMark::showAt(const QRect& rect, const QString& text)
{
    m_text = text;
    setGeometry(rect);
    raise();
    show();
    update();
}

void DropMark::paintEvent(QPaintEvent*)
{
    const auto& tokens = m_theme.tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (std::min(width(), height()) <= bar) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(tokens.accent);
        const double round = std::min(width(), height()) / 2.0;
        painter.drawRoundedRect(rect(), round, round);
        return;
    }
    auto wash = tokens.accent;
    wash.setAlphaF(0.12F);
    painter.setPen(QPen(tokens.accent, 2));
    painter.setBrush(wash);
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), tokens.radius, tokens.radius);
    if (m_text.isEmpty())
        return;
    painter.setFont(tokens.heading);
    const auto size =
        painter.fontMetrics().size(Qt::TextSingleLine, m_text) + QSize(4 * tokens.space1, 2 * tokens.space1);
    QRect label(QPoint(), size);
    label.moveCenter(rect().center());
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokens.accent);
    painter.drawRoundedRect(label, tokens.radius, tokens.radius);
    painter.setPen(tokens.onAccent);
    painter.drawText(label, Qt::AlignCenter, m_text);
}

} // namespace tokenscope::ui

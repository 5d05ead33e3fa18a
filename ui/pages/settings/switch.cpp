// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/switch.h"

#include "theme/color_math.h"
#include "theme/theme.h"

#include <QPainter>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr QSizeF track{34, 18};
constexpr double knob = 12;
constexpr double margin = 2; ///< for the ring of the focus
constexpr double gap = 8;

} // namespace

Switch::Switch(const Theme& theme, QWidget* parent) : QCheckBox(parent), m_theme(theme)
{
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

QSize Switch::sizeHint() const
{
    const int text = std::max(fontMetrics().horizontalAdvance(tr("On")), fontMetrics().horizontalAdvance(tr("Off")));
    return {static_cast<int>(track.width() + 2 * margin + gap) + text, m_theme.tokens().controlHeight};
}

bool Switch::hitButton(const QPoint& at) const
{
    return rect().contains(at);
}

void Switch::paintEvent(QPaintEvent*)
{
    const auto& tokens = m_theme.tokens();
    const auto off = mixed(tokens.hairline, tokens.secondary, 0.7);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF body(margin + 0.5, (height() - track.height()) / 2, track.width(), track.height());
    painter.setPen(QPen(isChecked() ? tokens.accent : off, 1.2));
    painter.setBrush(!isEnabled() ? tokens.hairline : isChecked() ? tokens.accent : Qt::transparent);
    painter.drawRoundedRect(body, track.height() / 2, track.height() / 2);
    const double inset = (track.height() - knob) / 2;
    const double x = isChecked() ? body.right() - inset - knob : body.left() + inset;
    painter.setPen(Qt::NoPen);
    painter.setBrush(isChecked() ? tokens.onAccent : tokens.secondary);
    painter.drawEllipse(QRectF(x, body.top() + inset, knob, knob));
    if (hasFocus()) {
        painter.setPen(QPen(isChecked() ? tokens.text : tokens.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(body.adjusted(-1, -1, 1, 1), track.height() / 2 + 1, track.height() / 2 + 1);
    }
    painter.setPen(isEnabled() ? tokens.text : tokens.disabled);
    painter.drawText(rect().adjusted(static_cast<int>(body.right() + gap), 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft,
                     isChecked() ? tr("On") : tr("Off"));
}

} // namespace tokenscope::ui

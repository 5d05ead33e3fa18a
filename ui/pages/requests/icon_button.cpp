// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/requests/icon_button.h"

#include "pages/common/icon.h"
#include "theme/theme.h"

namespace tokenscope::ui {

namespace {

constexpr int side = 22;

} // namespace

IconButton::IconButton(const Theme& theme, const QString& icon, const QString& purpose, QWidget* parent)
    : QToolButton(parent), m_theme(theme), m_icon(icon)
{
    setAccessibleName(purpose);
    setToolTip(purpose);
    setFixedSize(side, side);
    setIconSize({14, 14});
    connect(&theme, &Theme::changed, this, &IconButton::dress);
    dress();
}

void IconButton::dress()
{
    setStyleSheet(QStringLiteral("QToolButton, QToolButton:focus { min-height: 0; padding: 0; }"));
    setIcon(tintedIcon(m_icon, m_theme.tokens().secondary));
}

} // namespace tokenscope::ui

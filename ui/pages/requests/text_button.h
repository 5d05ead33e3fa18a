// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QToolButton>

namespace tokenscope::ui {

/// A flat button that keys reach too.
inline QToolButton* textButton(const QString& text, const char* name, const QString& tip)
{
    auto* button = new QToolButton;
    button->setText(text);
    button->setObjectName(QLatin1StringView(name));
    button->setAccessibleName(text);
    button->setToolTip(tip);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPalette>
#include <QString>

namespace tokenscope::ui {

struct ThemeTokens;

/// The palette of the whole application.
QPalette makePalette(const ThemeTokens& tokens);

/// The look of the standard controls on top of the Fusion style. Beside types it knows a few dynamic properties:
/// QPushButton[primary="true"], QPushButton[flat="true"], QLabel[role="secondary" | "title" | "heading" | "error"].
QString makeStyleSheet(const ThemeTokens& tokens);

} // namespace tokenscope::ui

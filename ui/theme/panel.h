// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QWidget;

namespace tokenscope::ui {

struct ThemeTokens;

/// Paints a widget's ground: surface, hairline, rounded corners. Call from its paintEvent.
void paintPanel(QWidget& widget, const ThemeTokens& tokens);

} // namespace tokenscope::ui

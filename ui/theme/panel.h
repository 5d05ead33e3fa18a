// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QTextOption;
class QWidget;

namespace tokenscope::ui {

struct ThemeTokens;

/// Paints a widget's ground: surface, hairline, rounded corners. Call from its paintEvent.
void paintPanel(QWidget& widget, const ThemeTokens& tokens);

/// For a sentence in the middle of a panel: names that are longer than a line are broken, not cut off.
QTextOption messageLayout();

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QPainter;

namespace tokenscope::ui {

struct PlotScene;
struct ThemeTokens;

/// Draws a scene: grid, labels, bands, lines, message. The caller has filled the ground.
void paintPlot(QPainter& painter, const PlotScene& scene, const ThemeTokens& tokens);

} // namespace tokenscope::ui

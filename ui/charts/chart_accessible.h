// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace tokenscope::ui {

/// Makes every TimeSeriesChart and Heatmap say, as its accessible value, what its crosshair or mark shows, and the series of every
/// ChartLegend be operated. Once or often, it is the same.
void installChartAccessibility();

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dashboards/dashboard.h"
#include "query/frame.h"
#include "widgets/stat_tile.h"

#include <vector>

namespace tokenscope::ui {

/// What of an answer a panel of that kind can show, so that no time is spent on thousands of series that it cannot; the frame
/// itself where that is all of it.
query::FramePtr reduced(const query::FramePtr& frame, dashboards::PanelKind kind);

/// How good a value is, in the dashboard's own unit.
StatTile::Tone toneOf(const std::vector<dashboards::Threshold>& thresholds, double value);
/// From which value on it is not good any more; absent where it is.
std::optional<double> limitOf(const std::vector<dashboards::Threshold>& thresholds, double value);

} // namespace tokenscope::ui

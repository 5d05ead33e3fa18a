// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/chart_series.h"
#include "charts/plot_scene.h"
#include "charts/span_pyramid.h"
#include "format/format.h"

#include <QFont>
#include <QSizeF>

#include <optional>

namespace tokenscope::ui {

/// What a scene is worked out from. `series` are the visible ones.
struct SceneInput {
    const query::Frame* frame = nullptr; ///< null where there is none yet
    FramePyramids* pyramids = nullptr;   ///< of that frame; may be null
    /// A scene of the same frame and series for another range, whose columns may be used again; null where there is none.
    const PlotScene* before = nullptr;
    std::vector<ChartSeries> series;
    std::int64_t fromMs = 0; ///< where not before toMs, the frame's own range is taken
    std::int64_t toMs = 0;
    std::int64_t nowMs = 0;
    Unit unit = Unit::none;
    double minimumSpan = 0;
    std::optional<double> minimum, maximum; ///< of the value axis, where they are fixed
    QSizeF size;
    double pixelRatio = 1;
    QFont labelFont;
};

/// Decimates the lines, finds round ticks and leaves the room that their labels need. Message and notice are the caller's.
PlotScene buildScene(const SceneInput& input);

} // namespace tokenscope::ui

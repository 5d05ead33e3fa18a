// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/decimator.h"
#include "charts/time_axis.h"
#include "charts/value_ticks.h"

#include <QColor>
#include <QRectF>
#include <QString>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace tokenscope::ui {

struct PlotLine {
    QColor color;
    double width = 1.5;
    std::vector<PlotColumn> columns;
    /// Of a layer of a stack: for each column what it stands on, of no samples where that is the ground.
    std::vector<PlotColumn> floor;
};

/// Between two lines of the scene, or between one and its floor.
struct PlotBand {
    std::optional<std::size_t> lower; ///< none: its floor
    std::size_t upper = 0;
    QColor color;
};

/// All that is to be seen in the plot, worked out once for each frame of data and drawn as often as needed.
struct PlotScene {
    QRectF plot; ///< where the lines are, in the item; labels are left of and below it
    std::int64_t fromMs = 0;
    std::int64_t toMs = 1;
    double bucketMs = 1;
    double pixelRatio = 1; ///< of the device, in whose pixels dense lines are drawn
    TimeAxis times;
    ValueTicks values;
    std::vector<PlotLine> lines;
    std::vector<PlotBand> bands;
    bool stale = false; ///< the data are not of now: drawn pale
    QString message;    ///< in the middle, in place of data
    QString notice;     ///< over the data, in the colour of an error
    QString remark;     ///< in the middle of the grid, where nothing is drawn
    bool messageIsError = false;

    double x(std::int64_t ms) const
    {
        return plot.left() + plot.width() * static_cast<double>(ms - fromMs) / static_cast<double>(toMs - fromMs);
    }
    double y(double value) const
    {
        // Far outside is as good as infinitely far, and no trouble for the painter.
        const double share = (value - values.minimum) / (values.maximum - values.minimum);
        return plot.bottom() - plot.height() * std::clamp(share, -50.0, 50.0);
    }
};

} // namespace tokenscope::ui

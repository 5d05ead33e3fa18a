// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/frame.h"

#include <QColor>
#include <QString>

#include <vector>

namespace tokenscope::ui {

class SeriesColors;
class Theme;

/// How a column of a frame is shown: its name, colour and weight.
struct ChartSeries {
    QString identity; ///< stable over frames: its labels, or its name where it has none
    QString name;
    QColor color;
    double width = 1.5;
    std::size_t column = 0; ///< in Frame::columns
    /// The last percentile of a group points at its first, so that a band can be drawn between; else itself.
    std::size_t bandFrom = 0;
    bool layer = false; ///< of a stack: stands on those before it
};

/// In the order of the frame; percentiles of one thing side by side, lowest first. What `colors` knows of keeps its colour, or hue.
std::vector<ChartSeries> makeSeries(const query::Frame& frame, const Theme& theme, bool percentiles,
                                    SeriesColors& colors);

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace tokenscope::ui {

/// Where the parts of a row are, from left to right.
struct LaneGeometry {
    double nameLeft = 0, nameRight = 0;
    double plotLeft = 0, plotRight = 0; ///< of the time axis
    double stateLeft = 0, stateRight = 0;
    double ageLeft = 0, ageRight = 0;
    double span = 1; ///< seconds of the time axis

    double x(double seconds) const { return plotLeft + (plotRight - plotLeft) * seconds / span; }
};

} // namespace tokenscope::ui

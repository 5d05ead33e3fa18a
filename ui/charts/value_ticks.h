// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "format/format.h"

#include <QString>

#include <vector>

namespace tokenscope::ui {

struct ValueTick {
    double value = 0;
    QString label; ///< in one unit and with one number of decimals for the whole axis: "0", "0.5 s", "1.0 s"
};

struct ValueTicks {
    double minimum = 0;
    double maximum = 1;
    std::vector<ValueTick> ticks; ///< rising
};

/// Whether the axis ends on a round value at or beyond the data, or exactly where it was told.
enum class AxisEnd { rounded, exact };

/// Round values from at most `low` to at least `high` in at most about `intervals` steps of 1, 2, 2.5 or 5 times a power of
/// ten; of a power of two for bytes; of whole minutes and hours for long durations.
ValueTicks valueTicks(double low, double high, int intervals, Unit unit, AxisEnd end = AxisEnd::rounded);

} // namespace tokenscope::ui

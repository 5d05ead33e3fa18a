// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>
#include <vector>

namespace tokenscope::ui {

struct TimeTick {
    std::int64_t ms = 0; ///< since 1970
    QString label;       ///< local time: "14:05:30", "14:05", "21 Nov"
};

/// Round instants of local time within [fromMs, toMs], at most about `maximumCount`: whole seconds, minutes and hours of the
/// wall clock, also in zones off by half an hour and on days of 23 or 25 hours. Midnight is labelled with its date; so is
/// the first tick of a range that does not end on the day of `nowMs` and shows no midnight.
std::vector<TimeTick> timeTicks(std::int64_t fromMs, std::int64_t toMs, int maximumCount, std::int64_t nowMs);

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>
#include <optional>

namespace tokenscope::ui {

/// What a number means, and so how it is written for a person.
enum class Unit {
    none,              ///< 12, 1,234, 3.2k
    seconds,           ///< 182 ms, 1.42 s, 2 m 05 s, 640 µs
    percent,           ///< 0.3 %, 71 %   (the value is 0 to 100)
    bytes,             ///< 11.3 GiB
    requestsPerSecond, ///< 12.4 req/s
    tokensPerSecond,   ///< 3.2k tok/s
    tokens,            ///< 1,234 tok
    perSecond,         ///< 12.4 /s
    bytesPerSecond,    ///< 1.2 MiB/s
    celsius,           ///< 64 °C
    watts,             ///< 312 W
    hertz,             ///< 1.98G Hz
    dollars,           ///< $0.0042, $12.30
};

/// A number and its unit apart, so that a tile can set them in different sizes.
struct FormattedValue {
    QString number;
    QString unit;
    QString joined() const; ///< "182 ms", "3.2k tok/s", "–"
};

/// Three significant digits where that says something; an absent value or NaN is "–" without a unit, never 0.
FormattedValue formatValue(std::optional<double> value, Unit unit);

/// As formatValue(), for what is round by itself, as an axis has it: no zeros behind the point, whole minutes, hours and days by
/// their name alone: "5 ms", "2.5 s", "2 min".
QString formatRound(std::optional<double> value, Unit unit);

/// A time of day for the axis or tooltip of a range that long, in local time: "14:05:30", "14:05", "21 Nov 14:05".
QString formatTime(std::int64_t msSinceEpoch, std::int64_t rangeMs);

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "telemetry/filter/filter_fields.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::telemetry {

/// A number as it was written: 1.5s is 1.5e9, and everything from 1.45e9 up to 1.55e9 reads like it.
struct FilterNumber {
    double value = 0;
    double half = 0;      ///< half of the last digit written
    std::string currency; ///< of money with a sign; empty: whatever it is
};

/// Of a field that is a number. Absent where the text is none; `why` then says what it should look like.
std::optional<FilterNumber> read_filter_number(std::string_view text, FilterField::Kind kind, std::string& why);

/// A moment as it was written: 14:30 is the whole minute. Without a date it is of the day of `now`, in local time.
struct FilterMoment {
    std::optional<std::int32_t> year, month, day; ///< all or none
    std::int64_t ms_of_day = 0;
    std::int64_t length_ms = 0;

    struct Span {
        std::int64_t from = 0, to = 0; ///< ms since 1970; `to` is behind the end
    };
    Span on_day_of(WallTime now) const;
};

/// "14:30", "14:30:05.250", "2026-01-31", "2026-01-31T14:30".
std::optional<FilterMoment> read_filter_moment(std::string_view text);

} // namespace tokenscope::telemetry

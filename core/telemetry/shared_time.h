// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

#include <cstdint>

namespace tokenscope::telemetry {

/// What each of `parts`, not 0, has of a time. Rounded up, so that what is above a bucket's bound by less than a nanosecond
/// stays above it.
inline Nanos shared(Nanos time, std::uint64_t parts)
{
    if (time <= Nanos(0))
        return Nanos(0);
    return Nanos(static_cast<Nanos::rep>((static_cast<std::uint64_t>(time.count()) - 1) / parts + 1));
}

} // namespace tokenscope::telemetry

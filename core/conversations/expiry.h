// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

#include <algorithm>
#include <chrono>

namespace tokenscope::conversations {

/// `asked`, or where that is its default, the time to live from now. No time to live reaches beyond a century, so that the
/// sum cannot overflow.
inline WallTime expiry(WallTime asked, WallTime now, std::chrono::seconds ttl)
{
    constexpr std::chrono::seconds century = std::chrono::hours(24) * 36'525;
    return asked == WallTime{} ? now + std::clamp(ttl, std::chrono::seconds(0), century) : asked;
}

} // namespace tokenscope::conversations

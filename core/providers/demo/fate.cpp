// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/demo/fate.h"

#include "providers/demo/random.h"

#include <algorithm>
#include <cmath>

namespace tokenscope::providers::demo {

namespace {

constexpr double largest_factor = 1000;

/// Draws even where the answer is clear, so that one option does not change what the others do.
bool one_of(SplitMix64& random, double share)
{
    return random.unit() < share; // never where it is not a number
}

} // namespace

Fate draw_fate(const config::DemoOptions& options, std::uint64_t seed)
{
    SplitMix64 random(seed);
    Fate fate;
    fate.refused = one_of(random, options.error_rate);
    fate.breaks = one_of(random, options.midstream_error_rate);
    fate.break_at = random.unit();
    if (one_of(random, options.tail_rate) && !std::isnan(options.tail_factor))
        fate.factor = std::clamp(options.tail_factor, 1.0, largest_factor);
    return fate;
}

bool Fate::broken_after(std::size_t generated, std::size_t tokens) const
{
    if (!breaks || tokens < 2)
        return false;
    return generated >= 1 + static_cast<std::size_t>(break_at * static_cast<double>(tokens - 1));
}

} // namespace tokenscope::providers::demo

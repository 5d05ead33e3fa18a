// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "telemetry/registry/bucket_bounds.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace tokenscope::telemetry {

/// The gaps between the chunks of one stream, counted by bucket: a stream may have any number of chunks, and none of them
/// is to cost more than this.
struct ChunkGaps {
    /// Upper bounds in seconds: OpenTelemetry's of the client's time per output chunk, and three more at the top.
    static constexpr std::array<double, 17> bounds{.01,  .02,   .04,   .08,   .16,   .32, .64, 1.28, 2.56,
                                                   5.12, 10.24, 20.48, 40.96, 81.92, 120, 300, 600};
    static constexpr BucketBounds buckets{bounds, 1e9};

    std::array<std::uint32_t, bounds.size() + 1> counts{}; ///< the last one: above every bound
    Nanos sum{};

    void add(Nanos gap)
    {
        ++counts[buckets.bucket_of(gap.count())];
        sum += gap;
    }
    bool empty() const
    {
        return std::all_of(counts.begin(), counts.end(), [](std::uint32_t count) { return count == 0; });
    }
};

} // namespace tokenscope::telemetry

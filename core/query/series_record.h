// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/label_pool.h"
#include "query/series_tier.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace tokenscope::query {

/// One series in a SeriesStore. Its labels never change, so that a reader who holds it may read them without a lock.
struct SeriesRecord {
    SeriesRecord(std::string_view name, LabelSet set, std::size_t identity)
        : metric(name), labels(std::move(set)), hash(identity)
    {
    }

    std::string_view metric; ///< as the index keeps it; not for readers, whom it may not outlive
    LabelSet labels;
    std::size_t hash;
    std::int64_t last_time = 0; ///< of its last point, if it has one
    std::uint32_t scrape = 0;   ///< serial number of the last scrape that had it
    std::uint32_t position = 0; ///< among the series of that scrape
    bool times_itself = false;  ///< its last sample had a time of its own
    SeriesTier raw;
    std::unique_ptr<SeriesTier> coarse; ///< null while nothing is that old

    bool empty() const { return raw.empty() && !coarse; }
};

} // namespace tokenscope::query

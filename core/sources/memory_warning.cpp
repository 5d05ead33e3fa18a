// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/memory_warning.h"

#include <fmt/format.h>

#include <cstdint>

namespace tokenscope::sources {

namespace {

/// "47 min", "3 h": of a length in ms.
std::string length(std::int64_t ms)
{
    constexpr std::int64_t minute = 60'000;
    if (ms < 2 * minute)
        return fmt::format("{} s", ms / 1'000);
    return ms < 120 * minute ? fmt::format("{} min", ms / minute) : fmt::format("{} h", ms / (60 * minute));
}

} // namespace

std::optional<std::string> memory_warning(const query::SeriesStore::Use& use)
{
    if (!use.history_cut && use.dropped_samples == 0)
        return std::nullopt;
    auto text = fmt::format("The memory for metrics ({} MB) is used up by {} series.", use.budget >> 20, use.series);
    if (use.history_cut && use.newest && use.raw_from && use.history_from)
        text +=
            fmt::format(" Older history was given up: every sample is kept for the last {}, one of every 10 s for {}.",
                        length(*use.newest - *use.raw_from), length(*use.newest - *use.history_from));
    if (use.dropped_samples > 0)
        text += fmt::format(" {} samples of new series were refused: serve fewer label values, or allow more memory.",
                            use.dropped_samples);
    return text;
}

} // namespace tokenscope::sources

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/series_store.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::tests {

/// The compact notation for series that Prometheus' rule tests have (docs: "unit testing rules"), one value a step:
///   7 NaN -Inf   values                     stale    a staleness marker
///   0+10x3       0 10 20 30 (n more)        _  _x3   no sample, n times
/// Throws std::invalid_argument on anything else.
std::vector<std::optional<double>> parse_values(std::string_view text);

/// Lines such as `m{le="0.1", job="a"} 0+5x10`, a sample every `step_ms` from 0 on, as scrapes of a store. A store marks a
/// series stale that a scrape lacks, so after its first sample a series may only have a gap where all have one.
void load(query::SeriesStore& store, std::string_view lines, std::int64_t step_ms);

} // namespace tokenscope::tests

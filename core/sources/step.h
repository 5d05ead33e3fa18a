// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sources/metric_source.h"

#include <chrono>
#include <cstdint>

namespace tokenscope::sources {

/// The step in ms at which a chart of so many pixels shows a range of `range_ms`: a round one (1, 2, 5, 10, 15, 30 s, ... 1 d,
/// 2 d, 5 d, ...), no finer than a pixel or than `interval`, at which the source gets its samples (0: not known), and never of
/// more than query::max_steps steps.
std::int64_t step_for(std::int64_t range_ms, int pixels, std::chrono::milliseconds interval = {});

/// That step, with both ends on multiples of it: so that neighbouring refreshes ask for the same instants, and a server's cache
/// can answer.
Range range_for(std::int64_t from, std::int64_t to, int pixels, std::chrono::milliseconds interval = {});

} // namespace tokenscope::sources

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/labels.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tokenscope::query {

/// One line of an answer. `values` runs parallel to Frame::times; NaN where there is no value (a gap, never a zero).
struct Column {
    std::string name; ///< for people: "p95", or the label values joined, e.g. "demo / tiny"
    Labels labels;    ///< what distinguishes it; a quantile adds {"quantile", "0.95"}
    std::vector<double> values;
};

/// The answer to a range query: columns over one shared, evenly spaced, rising time axis. Handed over immutable.
struct Frame {
    std::vector<std::int64_t> times; ///< ms since 1970
    std::vector<Column> columns;     ///< sorted by labels; empty where nothing matched
    std::vector<std::string> warnings;
};

using FramePtr = std::shared_ptr<const Frame>;

} // namespace tokenscope::query

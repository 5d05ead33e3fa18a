// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/snapshot.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace tokenscope::telemetry {

struct OrderedFamily {
    const FamilySnapshot* family;
    std::vector<const SeriesSnapshot*> series;
};

/// The snapshot in the order of every page: families by name, series by their labels; none without a series. Refers to
/// the snapshot.
std::vector<OrderedFamily> in_page_order(const Snapshot& snapshot);

/// About how long the text of these is, to reserve it at once.
std::size_t text_size(const std::vector<OrderedFamily>& families);

/// "counter", "gauge" or "histogram".
std::string_view type_name(MetricKind kind);

} // namespace tokenscope::telemetry

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/snapshot.h"

#include <map>
#include <string>
#include <vector>

namespace tokenscope::telemetry {

/// What the text format is served as.
inline constexpr const char* text_content_type = "text/plain; version=0.0.4; charset=utf-8";

/// A snapshot in Prometheus' text format 0.0.4: families by name, series by their labels, so that equal snapshots give
/// equal bytes. Does not depend on the locale. Families without a series are left out.
/// https://prometheus.io/docs/instrumenting/exposition_formats/
std::string write_text(const Snapshot& families);

/// One line of that page.
struct FlatSample {
    std::string name;
    std::map<std::string, std::string> labels; ///< `le` among them, written as in the page
    double value = 0;
    bool cumulative = false; ///< a counter, or any part of a histogram
    bool operator==(const FlatSample&) const = default;
};

/// The same page, in the same order, as samples; a histogram is name_bucket{le}, name_sum and name_count.
std::vector<FlatSample> flatten(const Snapshot& families);

} // namespace tokenscope::telemetry

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "telemetry/snapshot.h"

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::telemetry {

// The pages that a snapshot becomes. All of them have their families by name and the series by their labels, so that equal
// snapshots give equal bytes; none depends on the locale; families without a series are left out.

/// What Prometheus reads.
enum class TextFormat {
    /// Text format 0.0.4. https://prometheus.io/docs/instrumenting/exposition_formats/
    prometheus,
    /// OpenMetrics 1.0, which has exemplars. https://prometheus.io/docs/specs/om/open_metrics_spec/
    openmetrics,
};

std::string_view content_type(TextFormat format);
inline constexpr std::string_view json_content_type = "application/json; charset=utf-8";

std::string write_text(const Snapshot& snapshot);

/// Its rules make some lines other than those of the text format: a counter's family lacks the "_total" of its samples (one
/// whose name has none is of type "unknown", with its name as it is), bounds of buckets are written as Go does ("1.0",
/// "1e+06"), and totals that OpenMetrics forbids (NaN, negative) are left out rather than spoil the page. Exemplars stand at
/// their bucket.
std::string write_openmetrics(const Snapshot& snapshot);

std::string write_page(const Snapshot& snapshot, TextFormat format);

/// What the JSON page tells of the store of conversations.
struct StoreFacts {
    std::string backend;       ///< "memory" or "sqlite": the one in use
    std::size_t responses = 0; ///< kept, those that have expired but are not yet purged included
    bool degraded = false;     ///< what should go to the disk is in memory, because it cannot be written
    std::string path;          ///< of the database; empty: none
    std::chrono::seconds ttl{};
};

/// {"timestamp": RFC 3339, "database": {"backend", "responses", "degraded", "ttl_seconds", "path"},
///  "metrics": [{"name", "help", "type", "samples": [{"labels": {}, "value"}]}]}
/// A histogram's sample has in place of the value {"buckets": [{"le", "count"}], "sum", "count", "quantiles": {"0.5", "0.9",
/// "0.95", "0.99"}}: counts are cumulative, quantiles estimated from the buckets as Prometheus does, null where nothing was
/// observed. Numbers are JSON numbers; NaN and the infinities, which JSON lacks, are the strings "NaN", "+Inf" and "-Inf".
std::string write_json(const Snapshot& snapshot, WallTime time, const StoreFacts& store);

/// One line of the text page.
struct FlatSample {
    std::string name;
    std::map<std::string, std::string> labels; ///< `le` among them, written as in the page
    double value = 0;
    bool cumulative = false; ///< a counter, or any part of a histogram
    bool operator==(const FlatSample&) const = default;
};

/// The same page, in the same order, as samples; a histogram is name_bucket{le}, name_sum and name_count.
std::vector<FlatSample> flatten(const Snapshot& snapshot);

} // namespace tokenscope::telemetry

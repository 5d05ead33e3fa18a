// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "telemetry/catalogue.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tokenscope::telemetry {

/// One label of a series. The name is the catalogue's; the value is valid UTF-8 and never empty: to Prometheus an empty
/// label and none are the same.
struct Label {
    std::string name;
    std::string value;
    auto operator<=>(const Label&) const = default;
};
using Labels = std::vector<Label>; ///< sorted by name

/// A sampled trace whose request fell into a bucket.
struct Exemplar {
    std::string trace_id; ///< 32 hex digits
    double value = 0;     ///< what was observed
    WallTime at;
    bool operator==(const Exemplar&) const = default;
};

struct Bucket {
    double upper_bound = 0;           ///< inclusive; the last one's is +Inf
    std::uint64_t cumulative = 0;     ///< observations up to it
    std::optional<Exemplar> exemplar; ///< the latest that fell into this bucket and not into the one below
    bool operator==(const Bucket&) const = default;
};

struct HistogramValue {
    std::vector<Bucket> buckets; ///< rising, the +Inf bucket last; its count is the histogram's
    double sum = 0;
    std::uint64_t count() const { return buckets.empty() ? 0 : buckets.back().cumulative; }
    bool operator==(const HistogramValue&) const = default;
};

struct SeriesSnapshot {
    Labels labels;
    std::variant<double, HistogramValue> value; ///< by the family's kind
    bool operator==(const SeriesSnapshot&) const = default;
};

struct FamilySnapshot {
    std::string name; ///< as in the catalogue: counters with their _total
    std::string help;
    MetricKind kind = MetricKind::gauge;
    std::vector<SeriesSnapshot> series; ///< at least one
};

/// Everything a registry holds at one moment, as plain values in no particular order. Writers (exposition.h) turn it into
/// a page and never touch live metrics.
using Snapshot = std::vector<FamilySnapshot>;

} // namespace tokenscope::telemetry

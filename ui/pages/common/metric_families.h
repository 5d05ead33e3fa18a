// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sources/monitoring.h"

#include <QString>

#include <vector>

namespace tokenscope::ui {

/// A metric as one picks it: a histogram's or summary's parts are one.
struct MetricFamily {
    QString name; ///< without "_bucket" and its kind
    QString type; ///< "counter", "gauge", "histogram", "summary" or "unknown"
    QString help;
    bool buckets = false; ///< there is <name>_bucket
    bool sums = false;    ///< there are <name>_sum and <name>_count
    bool itself = false;  ///< there is <name>

    bool operator==(const MetricFamily&) const = default;
};

/// Sorted by name. Where a type is not known, the names tell it as far as they can.
std::vector<MetricFamily> metricFamilies(const std::vector<sources::MetricInfo>& metrics);

} // namespace tokenscope::ui

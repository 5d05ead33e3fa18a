// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/labels.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tokenscope::sources {

struct Capabilities {
    bool promql = false;
    bool targets = false;
    bool rules = false; ///< and alerts
    /// Between two samples of a series; 0: not known. A step below it shows nothing more, a rate needs a window of several, and
    /// a heatmap a step of several.
    std::chrono::milliseconds interval{0};
};

enum class Health { unknown, good, bad };

/// How a source is doing, as far as is known from what it was asked last.
struct SourceStatus {
    Health health = Health::unknown;
    std::string message;                         ///< one sentence; empty while unknown
    std::optional<std::int64_t> last_success_ms; ///< ms since 1970
    std::vector<std::string> warnings;           ///< e.g. that its store is full; for a banner
};

struct MetricInfo {
    std::string name;
    std::string type; ///< "counter", "gauge", "histogram", "summary" or "unknown"; a histogram's parts have its type
    std::string help;
    std::string unit;
};

/// Something that is scraped for metrics.
struct Target {
    std::string pool; ///< the scrape job's name
    std::string url;
    query::Labels labels;
    Health health = Health::unknown;
    std::string last_error;
    std::optional<std::int64_t> last_scrape_ms;
    std::optional<double> scrape_seconds;
};

struct Alert {
    query::Labels labels;
    query::Labels annotations;
    std::string state; ///< "pending" or "firing"
    std::optional<std::int64_t> active_since_ms;
    std::optional<double> value;
};

struct Rule {
    bool alerting = false; ///< else it records a series
    std::string name;
    std::string expression;
    query::Labels labels;
    query::Labels annotations;
    std::chrono::milliseconds hold{0}; ///< an alert fires after this long
    std::string state;                 ///< of an alert: "inactive", "pending" or "firing"
    Health health = Health::unknown;
    std::string last_error;
    std::optional<std::int64_t> last_evaluation_ms;
    std::vector<Alert> alerts;
};

struct RuleGroup {
    std::string name;
    std::string file;
    std::chrono::milliseconds interval{0};
    std::vector<Rule> rules;
};

} // namespace tokenscope::sources

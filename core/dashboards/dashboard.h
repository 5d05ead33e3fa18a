// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/query.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tokenscope::dashboards {

/// Of the grid that a row's panels stand in.
inline constexpr std::size_t grid_columns = 12;
inline constexpr std::size_t max_panel_height = 4;

enum class PanelKind { timeseries, stat, heatmap, table, bar };

/// What the numbers mean; named in the files as here.
enum class Unit {
    none,
    seconds,
    milliseconds,
    percent,
    ratio,
    bytes,
    mebibytes,
    tokens,
    per_second,
    tokens_per_second,
    requests_per_second,
    bytes_per_second,
    celsius,
    watts,
    hertz,
    dollars
};

enum class ThresholdLevel { good, warn, bad };
/// From this value on it is good, worth a look, or bad.
struct Threshold {
    double from = 0;
    ThresholdLevel level = ThresholdLevel::good;
};

/// A panel's question: the first alternative all of whose metrics the source has. Metrics that were renamed over the years
/// are alternatives of each other.
struct PanelQuery {
    std::vector<query::Query> alternatives; ///< not empty unless there is an expression
    std::string expression;                 ///< raw PromQL, for sources that can; else empty
    std::string name;                       ///< of its one column, or before the names of several; may be empty
};

struct Panel {
    std::string id; ///< unique in the dashboard
    std::string title;
    std::string description;
    PanelKind kind = PanelKind::timeseries;
    Unit unit = Unit::none;
    std::size_t width = 4;  ///< of grid_columns
    std::size_t height = 1; ///< in steps of a chart's usual height
    bool stacked = false;
    bool legend = true;
    std::optional<double> minimum, maximum; ///< of the value axis
    std::vector<Threshold> thresholds;      ///< rising
    std::vector<PanelQuery> queries;
};

/// A choice above the panels: the values that a label of a metric has. "$name" in a matcher stands for what is chosen.
struct Variable {
    std::string name;
    std::string title;
    std::string label;
    std::vector<std::string> metrics; ///< the first one that the source has
    bool multi = false;               ///< whether several values can be chosen at once
    /// A matcher. Not empty: one value is always chosen, to begin with the first that it accepts, or the first of all. For what
    /// means nothing when it is mixed.
    std::string first;
};

struct Row {
    std::string title; ///< may be empty
    std::vector<Panel> panels;
};

struct Dashboard {
    std::string id; ///< its file's name without ".json"
    std::string title;
    std::string description;
    /// A source with any of these metrics is offered this dashboard first, where it has any of the others as well; empty: fits
    /// all.
    std::vector<std::string> needs;
    std::vector<std::string> also_needs;
    std::vector<Variable> variables;
    std::vector<Row> rows;
    bool shipped = false; ///< read-only; not in the file
};

} // namespace tokenscope::dashboards

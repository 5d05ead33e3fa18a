// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/chart_group.h"
#include "charts/chart_series.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <vector>

/// What can be read off a frame.
namespace tokenscope::ui {

/// Absent where no sample is a number. What was measured as infinite is one.
struct SeriesStatistics {
    std::optional<double> last, minimum, maximum, mean;
};

/// Of the samples within the span. `last` is among the newest few of the frame: an older one is not how things are now.
SeriesStatistics statisticsOf(const query::Frame& frame, std::size_t column, ChartSpan span);
std::optional<double> newestValue(const query::Frame& frame, std::size_t column);
std::optional<double> valueAt(const query::Frame& frame, std::size_t column, std::size_t index);

/// The sample nearest to a time; nothing where there is none.
std::optional<std::size_t> nearestSample(const query::Frame& frame, std::int64_t ms);

/// Comma-separated lines as in RFC 4180: a heading, then for each step of the span its time (UTC, ISO 8601) and a field for each
/// series with all its digits, empty where there is no value.
/// A name that a spreadsheet would take for a formula is written as text.
QString csvOfSeries(const query::Frame& frame, const std::vector<ChartSeries>& series, ChartSpan span);

} // namespace tokenscope::ui

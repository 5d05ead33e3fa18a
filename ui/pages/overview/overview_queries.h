// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "format/format.h"
#include "query/frame.h"
#include "query/query.h"

#include <QString>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tokenscope::ui {

/// How several answers become one frame.
enum class Combine {
    columns,    ///< side by side, named by `names`
    percentage, ///< 100 * the first / the second
    without,    ///< side by side, the first less the second: see answering()
};

/// A tile or chart: what it is called, what it asks, how the answers are put together.
struct PanelSpec {
    QString id; ///< the widget's object name is "tile.<id>" or "chart.<id>"
    QString title;
    QString subtitle;
    Unit unit = Unit::none;
    std::vector<query::Query> queries;
    std::vector<std::string> names;
    Combine combine = Combine::columns;
    bool percentiles = false;
    double yMinimumSpan = 0;
    std::optional<double> warnFrom, badFrom; ///< from these values on a tile's number is amber, red
    QString emptyText;                       ///< in place of the page's own
    bool ifMeasured = false;                 ///< a tile that is left out where the source has nothing of it
};

/// Every question the console's overview and status bar ask of a gateway, in one place (names: docs/metrics).
namespace overview {

std::vector<PanelSpec> tiles();
std::vector<PanelSpec> charts();
/// How long requests took, as a distribution over time.
query::Query latencyHeatmap();

query::Query requestRate();
query::Query outputRate();
/// All that are not answered yet, those that wait included.
query::Query inFlight();
query::Query queued();
query::Query failedTotal();
query::Query gpuUse();
query::Query residentMemory();

/// How many are being answered: those in flight less those that wait, at every step that has both.
query::FramePtr answering(const query::FramePtr& inFlight, const query::FramePtr& queued);
std::optional<double> answering(std::optional<double> inFlight, std::optional<double> queued);

} // namespace overview

} // namespace tokenscope::ui

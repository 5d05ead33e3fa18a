// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "format/format.h"
#include "query/query.h"

#include <QString>

#include <functional>
#include <string>
#include <vector>

namespace tokenscope::ui {

/// How several answers become one frame.
enum class Combine {
    columns,    ///< side by side, named by `names`
    percentage, ///< 100 * the first / the second
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
    QString emptyText; ///< in place of the page's own
};

/// Every question the console's overview and status bar ask of a gateway, in one place (names: docs/metrics).
namespace overview {

std::vector<PanelSpec> tiles();
std::vector<PanelSpec> charts();
/// How long requests took, as a distribution over time.
query::Query latencyHeatmap();

query::Query requestRate();
query::Query outputRate();
query::Query inFlight();
query::Query queued();
query::Query failedTotal();
query::Query gpuUse();
query::Query residentMemory();

} // namespace overview

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/wanted.h"
#include "charts/heatmap.h"
#include "query/frame.h"
#include "query/query.h"

#include <QString>

#include <cstdint>
#include <optional>

namespace tokenscope::ui {

/// Which requests of this process a chart tells of.
struct RequestsBehind {
    QString filter;              ///< in the filter language; empty: all
    std::int64_t lookBackMs = 0; ///< a sample tells of what ended in the time before it, e.g. a rate's window
    RequestsWanted::Slowest slowest = RequestsWanted::Slowest::total; ///< of the times, the one that the chart shows
};

/// Nothing where the answer to the query does not tell of single requests (CPU, GPU, the queue's length).
std::optional<RequestsBehind> requestsBehind(const query::Query& query);

/// Those behind the samples between two times; `series` are the labels of the one that was clicked, none for all.
RequestsWanted requestsAt(const RequestsBehind& behind, std::int64_t fromMs, std::int64_t toMs,
                          const query::Labels& series);

/// Those of a heatmap's cell: of its time and, where the filter language has what the heatmap shows, between its bounds.
RequestsWanted requestsIn(const RequestsBehind& behind, const HeatCell& cell);

} // namespace tokenscope::ui

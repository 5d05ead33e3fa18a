// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/presence.h"

#include <algorithm>
#include <cmath>

namespace tokenscope::sources {

namespace {

using namespace std::chrono_literals;
using query::Function;

query::Query growth(const query::Query& query, std::string metric)
{
    return {.metric = std::move(metric), .function = Function::increase, .where = query.where, .offset = query.offset};
}

} // namespace

query::Query presence_of(const query::Query& query)
{
    switch (query.function) {
    case Function::value:
    case Function::rate:
    case Function::increase: break;
    case Function::mean: return growth(query, query.metric + "_count");
    case Function::quantile:
    case Function::heatmap: {
        // One bucket of each series has them all.
        auto events = growth(query, query.metric + "_bucket");
        events.where.try_emplace("le", "+Inf");
        return events;
    }
    case Function::share: {
        const auto& whole = query.parts.back();
        return whole.function == Function::value || whole.function == Function::mean ? presence_of(whole)
                                                                                     : growth(whole, whole.metric);
    }
    }
    return {.metric = query.metric,
            .function = Function::value,
            .aggregation = query::Aggregation::count,
            .where = query.where,
            .offset = query.offset};
}

std::vector<LookBack> look_backs(const Capabilities& capabilities)
{
    if (!capabilities.promql)
        return {{1h, 10s}, {24h, 1min}};
    // No step is longer than the five minutes for which a value counts, so that none between two steps is missed.
    return {{1h, 10s}, {7 * 24h, 5min}};
}

std::chrono::milliseconds presence_window(const LookBack& look, const Capabilities& capabilities)
{
    return std::max<std::chrono::milliseconds>({5min, 2 * look.step, 4 * capabilities.interval});
}

std::optional<std::int64_t> last_present(const query::Frame& frame, Present present)
{
    for (auto row = frame.times.size(); row-- > 0;) {
        const auto seen = [&](const query::Column& column) {
            return row < column.values.size()
                   && (present == Present::any ? !std::isnan(column.values[row]) : column.values[row] > 0);
        };
        if (std::ranges::any_of(frame.columns, seen))
            return frame.times[row];
    }
    return std::nullopt;
}

bool is_empty(const query::Frame& frame)
{
    const auto nothing = [](double value) { return std::isnan(value); };
    return std::ranges::all_of(
        frame.columns, [&](const query::Column& column) { return std::ranges::all_of(column.values, nothing); });
}

} // namespace tokenscope::sources

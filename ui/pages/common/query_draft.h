// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "format/format.h"
#include "pages/common/metric_families.h"
#include "query/matcher.h"
#include "query/query.h"

#include <QString>

#include <optional>
#include <vector>

namespace tokenscope::ui {

/// What one can do with a metric, as the builder offers it.
enum class BuilderFunction { value, rate, increase, mean, quantile, heatmap, eventRate, eventIncrease };

struct DraftMatcher {
    QString label;
    query::MatchKind kind = query::MatchKind::equal;
    QString value;

    bool operator==(const DraftMatcher&) const = default;
};

/// A query as it stands in the builder's fields, finished or not.
struct QueryDraft {
    QString metric;
    BuilderFunction function = BuilderFunction::value;
    query::Aggregation aggregation = query::Aggregation::sum;
    QString quantiles = QStringLiteral("0.5, 0.95, 0.99");
    QString by; ///< with commas between
    std::vector<DraftMatcher> matchers;
    QString window = QStringLiteral("1m");
    int topk = 0;

    bool operator==(const QueryDraft&) const = default;
};

/// Those that make sense for it, the usual one first.
std::vector<BuilderFunction> functionsOf(const MetricFamily& family);

/// Fails with a sentence on what is missing or wrong; the error's param is the field: "metric", "quantiles", "by", "matchers", "window".
Result<query::Query> queryOf(const QueryDraft& draft);

/// The draft that queryOf() makes this query from; absent for what the builder has no fields for: a share, an offset, a scale.
std::optional<QueryDraft> draftOf(const query::Query& query);

/// What its values are counted in, as far as the metric's name tells: "_seconds", "_bytes".
Unit unitOf(const query::Query& query);

/// The query as PromQL; several quantiles joined by "or", each with its label "quantile".
QString promqlOf(const query::Query& query, std::chrono::milliseconds step);

/// For the settings; what cannot be read is left as it is by default.
QString savedDraft(const QueryDraft& draft);
QueryDraft draftFrom(const QString& saved);

} // namespace tokenscope::ui

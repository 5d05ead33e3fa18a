// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dashboards/dashboard.h"

#include <functional>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::dashboards {

using MetricNames = std::set<std::string, std::less<>>;

/// What is chosen for each variable: no values stands for all.
using Choices = std::map<std::string, std::vector<std::string>, std::less<>>;

/// Whether the source has any of the metrics that the dashboard is made for, and any of those that it needs as well.
bool fits(const Dashboard& dashboard, const MetricNames& names);

/// The metrics, as a source names them, that a query reads: m_bucket of a quantile, both of a mean, and so on.
std::vector<std::string> metrics_of(const query::Query& query);

/// The first alternative all of whose metrics the source has; the first of all where it has none, so that an error or an empty
/// answer names what was looked for. Of those that may answer, `passed` are passed over. Absent for a raw expression.
std::optional<query::Query> resolve(const PanelQuery& query, const MetricNames& names, const Choices& choices = {},
                                    std::size_t passed = 0);
/// How many of the alternatives may answer: the source has their metrics, and they go by whatever is chosen that any alternative
/// goes by, since an answer that does not would be of something else than what is chosen. After the first only those of the same
/// system (the text before the first '_' or ':' of their names) or that go by a choice: what another system says stands in for
/// a metric that was renamed only where it is known to be of the same thing.
std::size_t offered(const PanelQuery& query, const MetricNames& names, const Choices& choices = {});

/// The variables with something chosen by which a query goes, or an expression in PromQL.
std::set<std::string, std::less<>> gone_by(const query::Query& query, const Choices& choices);
std::set<std::string, std::less<>> gone_by(std::string_view expression, const Choices& choices);

/// Of a variable with a `first`: the place of the value that is chosen to begin with; 0 where it accepts none.
std::size_t first_value(const Variable& variable, const std::vector<std::string>& values);

/// The query with "$name" in its matchers replaced by what is chosen: nothing chosen removes the matcher, several values become
/// a regular expression with everything in them escaped.
query::Query with_choices(query::Query query, const Choices& choices);
/// The same in raw PromQL: "$name" becomes a regular expression's text, ".*" where nothing is chosen.
std::string with_choices(std::string_view expression, const Choices& choices);

} // namespace tokenscope::dashboards

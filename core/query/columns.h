// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/frame.h"
#include "query/query.h"

#include <string>
#include <vector>

namespace tokenscope::query {

/// How the columns of an answer are labelled, called and ordered, whoever answered.

/// The labels that every column of the answer has, in the query's order and each once: `by`, of a share that of its first part,
/// of a heatmap "le". A quantile's columns have "quantile" besides.
std::vector<std::string> grouping(const Query& query);

/// For people: the values of grouping() joined with " / ", "(no model)" for an empty one, after "p95" for quantiles; the metric
/// where there is neither, of a share that of its first part. A label that is missing counts as empty.
std::string column_name(const Query& query, const Labels& labels);

/// By labels; a heatmap's by the number in "le" first.
void sort_columns(const Query& query, std::vector<Column>& columns);

} // namespace tokenscope::query

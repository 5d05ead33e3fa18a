// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/matcher.h"
#include "query/query.h"
#include "query/series_store.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::query {

/// The values of the labels that a group was made by, in their order; empty where a series lacks one.
using GroupKey = std::vector<std::string>;
using Groups = std::map<GroupKey, std::vector<SeriesStore::Series>>;

/// What a query reads of a store.
struct Selection {
    const Query& query;
    const Matchers& matchers;
    const SeriesStore& store;

    /// The series of the query's metric with `suffix` that its matchers accept, with their points in [from, to], grouped by
    /// `labels`; those of a group are sorted by their labels, so that they always add up in the same order.
    Groups groups(const std::vector<std::string>& labels, std::string_view suffix, std::int64_t from,
                  std::int64_t to) const;
};

} // namespace tokenscope::query

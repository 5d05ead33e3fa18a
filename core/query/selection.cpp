// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/selection.h"

#include <algorithm>

namespace tokenscope::query {

GroupKey group_key(const Labels& labels, const std::vector<std::string>& by)
{
    GroupKey key;
    for (const auto& label : by) {
        const auto value = labels.find(label);
        key.push_back(value == labels.end() ? std::string() : value->second);
    }
    return key;
}

Groups Selection::groups(const std::vector<std::string>& labels, std::string_view suffix, std::int64_t from,
                         std::int64_t to) const
{
    // The store leaves the span's beginning out, Prometheus does not.
    auto found = store.select(
        query.metric + std::string(suffix), [this](const Labels& all) { return matchers.accept(all); }, from - 1, to);
    std::ranges::sort(found, {}, &SeriesStore::Series::labels);
    Groups groups;
    for (auto& series : found)
        groups[group_key(series.labels, labels)].push_back(std::move(series));
    return groups;
}

} // namespace tokenscope::query

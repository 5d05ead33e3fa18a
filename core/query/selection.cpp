// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/selection.h"

#include <algorithm>

namespace tokenscope::query {

Groups Selection::groups(const std::vector<std::string>& labels, std::string_view suffix, std::int64_t from,
                         std::int64_t to) const
{
    // The store leaves the span's beginning out, Prometheus does not.
    auto found = store.select(
        query.metric + std::string(suffix), [this](const Labels& all) { return matchers.accept(all); }, from - 1, to);
    std::ranges::sort(found, {}, &SeriesStore::Series::labels);
    Groups groups;
    for (auto& series : found) {
        GroupKey key;
        for (const auto& label : labels) {
            const auto value = series.labels.find(label);
            key.push_back(value == series.labels.end() ? std::string() : value->second);
        }
        groups[std::move(key)].push_back(std::move(series));
    }
    return groups;
}

} // namespace tokenscope::query

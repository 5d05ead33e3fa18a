// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "query/aggregator.h"
#include "query/frame.h"
#include "query/selection.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tokenscope::query {

/// One query but a share at some steps, before its topk and scale: the inner part of the evaluator.
class Evaluation {
public:
    /// The answer of one PromQL expression: columns without names.
    using Answer = std::vector<Column>;
    using Answers = std::vector<Answer>;
    static Answers alone(Answer answer);

    /// `times`: the steps, without the query's offset; `step`: of a heatmap. Everything must outlive this.
    Evaluation(const Selection& selection, std::span<const std::int64_t> times, std::int64_t step);

    /// One answer, or one for each quantile. Fails where there would be more than 20 million values.
    Result<Answers> run() const;

private:
    using Values = std::vector<double>;
    using Group = std::vector<SeriesStore::Series>;

    Groups select(std::string_view suffix, std::int64_t back) const;
    std::optional<Error> too_many(std::size_t columns) const;
    Column column(const GroupKey& key, Values values) const;

    Result<Answers> values() const;
    Result<Answers> growths() const;
    Result<Answers> means() const;
    Result<Answers> quantiles() const;
    Result<Answers> heatmap() const;

    Values instants(const Group& group) const;
    Values rates(Group& group) const;
    void add_rates(Aggregator& sum, SeriesStore::Series& series) const;
    std::optional<Error> add_quantiles(const GroupKey& key, Group& group, Answers& answers) const;

    const Selection& m_selection;
    const Query& m_query;
    const std::vector<std::string> m_labels;
    const std::vector<double> m_quantiles; ///< rising and distinct
    const std::int64_t m_window;
    std::vector<std::int64_t> m_times; ///< with the offset
};

} // namespace tokenscope::query

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/random_query.h"

#include "query/columns.h"

#include <algorithm>

namespace tokenscope::tests {

using query::Function;
using query::Query;
using namespace std::chrono_literals;

Vocabulary hostile_vocabulary()
{
    std::vector<std::string> words = {
        "m",          "on",      "by",   "inf",  "Inf",    "NaN", "bool",         "offset",    "ignoring",
        "group_left", "without", "and",  "or",   "unless", "sum", "topk",         "quantile",  "start",
        "end",        "atan2",   "rate", ":a:b", "_",      "A1",  "count_values", "x:y_total", "nan_total"};
    std::vector<std::string> labels = {"a",      "le",    "job", "_x",         "on",       "by",  "bool",  "sum",
                                       "offset", "start", "end", "group_left", "ignoring", "and", "atan2", "X9"};
    std::vector<std::string> matchers = {"",
                                         "!",
                                         "~",
                                         "!~",
                                         "v",
                                         "\"",
                                         "!\\",
                                         "~\\\\",
                                         "~[\"']+",
                                         "\n\r\t",
                                         std::string(1, '\0'),
                                         "{}",
                                         "\"}) or vector(1) #",
                                         "`'",
                                         "\xc3\xa9\xe2\x82\xac\xf0\x9f\x99\x82",
                                         "\xef\xbf\xbd",
                                         "!~5..|\xef\xbf\xbd",
                                         "~(?i)ab+c{2,3}$",
                                         "~a|b|",
                                         "$model",
                                         "\x7f\x1b",
                                         "/~1~0"};
    return {words,
            words,
            words,
            labels,
            matchers,
            {1ms, 999ms, 1s, 90s, 5min, 3h, 36h, 24h * 365, 24h * 366 * 100},
            {0, 0.5, 0.95, 0.999, 1, -1, 2, 1e-300, 1.0 / 3},
            {-1, 0, 1e-3, 1e300, 5e-324, -1.0 / 3, 1e21}};
}

Query RandomQueries::next()
{
    auto query = once_in(6) ? share() : simple(false);
    if (once_in(4))
        query.topk = 1 + below(4);
    if (once_in(4))
        query.scale = any(m_words.scales);
    return query;
}

Query RandomQueries::simple(bool only_parts)
{
    Query query;
    query.function = static_cast<Function>(below(only_parts ? 4 : 6));
    switch (query.function) {
    case Function::value:
        query.metric = once_in(3) ? any(m_words.counters) : any(m_words.gauges);
        query.aggregation = static_cast<query::Aggregation>(below(5));
        break;
    case Function::rate:
    case Function::increase: query.metric = once_in(6) ? any(m_words.gauges) : any(m_words.counters); break;
    default: query.metric = any(m_words.histograms);
    }
    const bool heatmap = query.function == Function::heatmap;
    if (query.function == Function::quantile)
        for (auto count = 1 + below(3); count > 0; --count)
            query.quantiles.push_back(any(m_words.quantiles));
    for (auto count = heatmap ? 0 : below(4); count > 0; --count)
        query.by.push_back(any(m_words.labels));
    if (query.function == Function::quantile)
        std::erase(query.by, "quantile");
    for (auto count = below(3); count > 0; --count)
        query.where[any(m_words.labels)] = any(m_words.matchers);
    if (query.function != Function::value && !heatmap)
        query.window = any(m_words.times);
    if (once_in(4))
        query.offset = once_in(3) ? -any(m_words.times) : any(m_words.times);
    return query;
}

Query RandomQueries::share()
{
    Query query{.function = Function::share, .parts = {simple(true), simple(true)}};
    auto& of = query.parts[0];
    auto& in = query.parts[1];
    in.by = of.by;
    std::shuffle(in.by.begin(), in.by.end(), m_random);
    if (!in.by.empty() && once_in(2))
        in.by.resize(below(in.by.size()));
    query.or_zero = grouping(in).size() == grouping(of).size() && once_in(2);
    // Mostly something of the same metric, as people ask; else the two seldom meet.
    if (in.function == of.function && !once_in(4))
        in.metric = of.metric;
    for (auto* part : {&of, &in})
        if (once_in(6))
            part->scale = any(m_words.scales);
    return query;
}

} // namespace tokenscope::tests

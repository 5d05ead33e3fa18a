// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/common/promql_words.h"

#include <algorithm>
#include <array>

namespace tokenscope::ui {

namespace {

constexpr PromqlWord word(const char* name, const char* signature, WordKind kind)
{
    return {QLatin1StringView(name), QLatin1StringView(signature), kind};
}

constexpr std::array all{
    word("abs", "abs(v instant-vector)", WordKind::function),
    word("absent", "absent(v instant-vector)", WordKind::function),
    word("absent_over_time", "absent_over_time(v range-vector)", WordKind::function),
    word("acos", "acos(v instant-vector)", WordKind::function),
    word("acosh", "acosh(v instant-vector)", WordKind::function),
    word("and", "a and b: those of a that b has, too", WordKind::keyword),
    word("asin", "asin(v instant-vector)", WordKind::function),
    word("asinh", "asinh(v instant-vector)", WordKind::function),
    word("atan", "atan(v instant-vector)", WordKind::function),
    word("atan2", "a atan2 b", WordKind::keyword),
    word("atanh", "atanh(v instant-vector)", WordKind::function),
    word("avg", "avg by (labels) (v instant-vector)", WordKind::aggregation),
    word("avg_over_time", "avg_over_time(v range-vector)", WordKind::function),
    word("bool", "a > bool b: 0 or 1 in place of a filter", WordKind::keyword),
    word("bottomk", "bottomk by (labels) (k scalar, v instant-vector)", WordKind::aggregation),
    word("by", "sum by (labels) (v): keep only these labels", WordKind::keyword),
    word("ceil", "ceil(v instant-vector)", WordKind::function),
    word("changes", "changes(v range-vector)", WordKind::function),
    word("clamp", "clamp(v instant-vector, min scalar, max scalar)", WordKind::function),
    word("clamp_max", "clamp_max(v instant-vector, max scalar)", WordKind::function),
    word("clamp_min", "clamp_min(v instant-vector, min scalar)", WordKind::function),
    word("cos", "cos(v instant-vector)", WordKind::function),
    word("cosh", "cosh(v instant-vector)", WordKind::function),
    word("count", "count by (labels) (v instant-vector)", WordKind::aggregation),
    word("count_over_time", "count_over_time(v range-vector)", WordKind::function),
    word("count_values", "count_values by (labels) (label string, v instant-vector)", WordKind::aggregation),
    word("day_of_month", "day_of_month(v=vector(time()) instant-vector)", WordKind::function),
    word("day_of_week", "day_of_week(v=vector(time()) instant-vector)", WordKind::function),
    word("day_of_year", "day_of_year(v=vector(time()) instant-vector)", WordKind::function),
    word("days_in_month", "days_in_month(v=vector(time()) instant-vector)", WordKind::function),
    word("deg", "deg(v instant-vector)", WordKind::function),
    word("delta", "delta(v range-vector)", WordKind::function),
    word("deriv", "deriv(v range-vector)", WordKind::function),
    word("exp", "exp(v instant-vector)", WordKind::function),
    word("floor", "floor(v instant-vector)", WordKind::function),
    word("group", "group by (labels) (v instant-vector)", WordKind::aggregation),
    word("group_left", "a * on (labels) group_left (labels) b: many to one", WordKind::keyword),
    word("group_right", "a * on (labels) group_right (labels) b: one to many", WordKind::keyword),
    word("histogram_avg", "histogram_avg(v instant-vector)", WordKind::function),
    word("histogram_count", "histogram_count(v instant-vector)", WordKind::function),
    word("histogram_fraction", "histogram_fraction(lower scalar, upper scalar, b instant-vector)", WordKind::function),
    word("histogram_quantile", "histogram_quantile(q scalar, b instant-vector)", WordKind::function),
    word("histogram_sum", "histogram_sum(v instant-vector)", WordKind::function),
    word("holt_winters", "holt_winters(v range-vector, sf scalar, tf scalar)", WordKind::function),
    word("hour", "hour(v=vector(time()) instant-vector)", WordKind::function),
    word("idelta", "idelta(v range-vector)", WordKind::function),
    word("ignoring", "a / ignoring (labels) b: match by all other labels", WordKind::keyword),
    word("increase", "increase(v range-vector)", WordKind::function),
    word("irate", "irate(v range-vector)", WordKind::function),
    word("label_join", "label_join(v instant-vector, dst_label string, separator string, src_label string, ...)",
         WordKind::function),
    word("label_replace",
         "label_replace(v instant-vector, dst_label string, replacement string, src_label string, regex string)",
         WordKind::function),
    word("last_over_time", "last_over_time(v range-vector)", WordKind::function),
    word("ln", "ln(v instant-vector)", WordKind::function),
    word("log10", "log10(v instant-vector)", WordKind::function),
    word("log2", "log2(v instant-vector)", WordKind::function),
    word("mad_over_time", "mad_over_time(v range-vector)", WordKind::function),
    word("max", "max by (labels) (v instant-vector)", WordKind::aggregation),
    word("max_over_time", "max_over_time(v range-vector)", WordKind::function),
    word("min", "min by (labels) (v instant-vector)", WordKind::aggregation),
    word("min_over_time", "min_over_time(v range-vector)", WordKind::function),
    word("minute", "minute(v=vector(time()) instant-vector)", WordKind::function),
    word("month", "month(v=vector(time()) instant-vector)", WordKind::function),
    word("offset", "v offset 1h: as it was that long ago", WordKind::keyword),
    word("on", "a / on (labels) b: match by these labels only", WordKind::keyword),
    word("or", "a or b: all of a, and those of b that a lacks", WordKind::keyword),
    word("pi", "pi()", WordKind::function),
    word("predict_linear", "predict_linear(v range-vector, t scalar)", WordKind::function),
    word("present_over_time", "present_over_time(v range-vector)", WordKind::function),
    word("quantile", "quantile by (labels) (q scalar, v instant-vector)", WordKind::aggregation),
    word("quantile_over_time", "quantile_over_time(q scalar, v range-vector)", WordKind::function),
    word("rad", "rad(v instant-vector)", WordKind::function),
    word("rate", "rate(v range-vector)", WordKind::function),
    word("resets", "resets(v range-vector)", WordKind::function),
    word("round", "round(v instant-vector, to_nearest=1 scalar)", WordKind::function),
    word("scalar", "scalar(v instant-vector)", WordKind::function),
    word("sgn", "sgn(v instant-vector)", WordKind::function),
    word("sin", "sin(v instant-vector)", WordKind::function),
    word("sinh", "sinh(v instant-vector)", WordKind::function),
    word("sort", "sort(v instant-vector)", WordKind::function),
    word("sort_desc", "sort_desc(v instant-vector)", WordKind::function),
    word("sqrt", "sqrt(v instant-vector)", WordKind::function),
    word("stddev", "stddev by (labels) (v instant-vector)", WordKind::aggregation),
    word("stddev_over_time", "stddev_over_time(v range-vector)", WordKind::function),
    word("stdvar", "stdvar by (labels) (v instant-vector)", WordKind::aggregation),
    word("stdvar_over_time", "stdvar_over_time(v range-vector)", WordKind::function),
    word("sum", "sum by (labels) (v instant-vector)", WordKind::aggregation),
    word("sum_over_time", "sum_over_time(v range-vector)", WordKind::function),
    word("tan", "tan(v instant-vector)", WordKind::function),
    word("tanh", "tanh(v instant-vector)", WordKind::function),
    word("time", "time()", WordKind::function),
    word("timestamp", "timestamp(v instant-vector)", WordKind::function),
    word("topk", "topk by (labels) (k scalar, v instant-vector)", WordKind::aggregation),
    word("unless", "a unless b: those of a that b lacks", WordKind::keyword),
    word("vector", "vector(s scalar)", WordKind::function),
    word("without", "sum without (labels) (v): drop these labels", WordKind::keyword),
    word("year", "year(v=vector(time()) instant-vector)", WordKind::function),
};

} // namespace

std::span<const PromqlWord> promqlWords()
{
    return all;
}

const PromqlWord* findPromqlWord(QStringView name)
{
    const auto found = std::find_if(all.begin(), all.end(), [name](const PromqlWord& word) {
        return name.compare(word.name, word.kind == WordKind::function ? Qt::CaseSensitive : Qt::CaseInsensitive) == 0;
    });
    return found == all.end() ? nullptr : &*found;
}

} // namespace tokenscope::ui

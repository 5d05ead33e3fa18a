// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/evaluator.h"

#include "query/columns.h"
#include "query/evaluation.h"
#include "query/matcher.h"
#include "query/modifiers.h"
#include "query/validate.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>

namespace tokenscope::query {

namespace {

constexpr std::int64_t latest_time = 253'402'300'799'999;

using Answers = Evaluation::Answers;

std::optional<Error> validate_range(std::int64_t from, std::int64_t to, std::int64_t step)
{
    const auto invalid = [](std::string param, std::string message) {
        return Error{.code = ErrorCode::invalid_request, .message = std::move(message), .param = std::move(param)};
    };
    if (step <= 0)
        return invalid("step", "The step must be longer than 0.");
    if (from > to)
        return invalid("from", "The range must not end before it begins.");
    if (from < -latest_time || to > latest_time)
        return invalid("from", "The range must lie within the years up to 9999.");
    if ((to - from) / step > max_steps)
        return invalid(
            "step", fmt::format("The range has more than {} steps: use a longer step or a shorter range.", max_steps));
    return std::nullopt;
}

/// What all parts of a question have in common.
struct Grid {
    const SeriesStore& store;
    std::vector<std::int64_t> times;
    std::int64_t step;
    const SketchStore* sketches;
};

Error inside(std::string_view part, Error error)
{
    error.param.insert(0, part);
    return error;
}

Result<Answers> answers(const Query& query, const Grid& grid);

Result<Answers> share(const Query& query, const Grid& grid)
{
    auto of = answers(query.parts[0], grid);
    if (!of)
        return failure(inside("/of", of.error()));
    const auto in = answers(query.parts[1], grid);
    if (!in)
        return failure(inside("/in", in.error()));
    if (query.or_zero)
        add_zeros(of->front(), in->front());
    return Evaluation::alone(share_of(std::move(of->front()), in->front(), grouping(query.parts[1])));
}

Result<Answers> simple(const Query& query, const Grid& grid)
{
    const auto matchers = Matchers::compile(query.where);
    if (!matchers)
        return failure(matchers.error());
    const Selection selection{query, *matchers, grid.store, grid.sketches};
    return Evaluation(selection, grid.times, grid.step).run();
}

Result<Answers> answers(const Query& query, const Grid& grid)
{
    auto result = query.function == Function::share ? share(query, grid) : simple(query, grid);
    if (!result)
        return result;
    for (auto& answer : *result) {
        sort_columns(query, answer);
        if (query.topk > 0)
            keep_highest(answer, query.topk);
        for (auto& column : answer)
            for (auto& value : column.values)
                value *= query.scale;
    }
    return result;
}

} // namespace

Result<Frame> evaluate(const Query& query, const SeriesStore& store, std::int64_t from, std::int64_t to,
                       std::int64_t step, const SketchStore* sketches)
{
    if (auto error = validate(query))
        return failure(std::move(*error));
    if (auto error = validate_range(from, to, step))
        return failure(std::move(*error));
    if (query.function == Function::heatmap && step > longest_time.count())
        return failure({.code = ErrorCode::invalid_request,
                        .message = "The step of a heatmap must be at most 100 years.",
                        .param = "step"});
    Grid grid{store, {}, step, sketches};
    grid.times.reserve(static_cast<std::size_t>((to - from) / step) + 1);
    for (auto time = from; time <= to; time += step) {
        grid.times.push_back(time);
        if (step > to - time)
            break;
    }
    auto result = answers(query, grid);
    if (!result)
        return failure(result.error());
    Frame frame;
    frame.times = std::move(grid.times);
    for (auto& answer : *result)
        std::ranges::move(answer, std::back_inserter(frame.columns));
    finish_columns(query, frame.columns);
    return frame;
}

} // namespace tokenscope::query

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/local_source.h"

#include "query/evaluator.h"

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace tokenscope::sources {

namespace {

/// "47 min", "3 h": of a length in ms.
std::string length(std::int64_t ms)
{
    constexpr std::int64_t minute = 60'000;
    if (ms < 2 * minute)
        return fmt::format("{} s", ms / 1'000);
    return ms < 120 * minute ? fmt::format("{} min", ms / minute) : fmt::format("{} h", ms / (60 * minute));
}

std::optional<std::string> memory_warning(const query::SeriesStore::Use& use)
{
    if (!use.history_cut && use.dropped_samples == 0)
        return std::nullopt;
    auto text = fmt::format("The memory for metrics ({} MB) is used up by {} series.", use.budget >> 20, use.series);
    if (use.history_cut && use.newest && use.raw_from && use.history_from)
        text +=
            fmt::format(" Older history was given up: every sample is kept for the last {}, one of every 10 s for {}.",
                        length(*use.newest - *use.raw_from), length(*use.newest - *use.history_from));
    if (use.dropped_samples > 0)
        text += fmt::format(" {} samples of new series were refused: serve fewer label values, or allow more memory.",
                            use.dropped_samples);
    return text;
}

} // namespace

LocalSource::LocalSource(const query::SeriesStore& store, const query::SketchStore* sketches,
                         StoreAnswers::Describe describe, std::size_t max_waiting)
    : m_store(store), m_answers(
                          store,
                          [&store, sketches](const query::Query& query, const Range& range) {
                              return query::evaluate(query, store, range.from, range.to, range.step, sketches);
                          },
                          std::move(describe), max_waiting)
{
}

SourceStatus LocalSource::status() const
{
    const auto use = m_store.use();
    SourceStatus status{.health = Health::good, .message = "This process."};
    if (auto warning = memory_warning(use))
        status.warnings.push_back(std::move(*warning));
    return status;
}

void LocalSource::range(query::Query query, Range range, CancelToken cancel, Done done)
{
    m_answers.range(std::move(query), range, std::move(cancel), std::move(done));
}

void LocalSource::test(CancelToken cancel, Answer<std::string> done)
{
    m_answers.metrics(std::move(cancel), [done = std::move(done)](Result<std::vector<MetricInfo>> metrics) {
        done(std::move(metrics).map([](const std::vector<MetricInfo>& all) {
            return fmt::format("This process, with {} metrics.", all.size());
        }));
    });
}

void LocalSource::metrics(CancelToken cancel, Answer<std::vector<MetricInfo>> done)
{
    m_answers.metrics(std::move(cancel), std::move(done));
}

void LocalSource::label_names(std::string metric, CancelToken cancel, Answer<Texts> done)
{
    m_answers.label_names(std::move(metric), std::move(cancel), std::move(done));
}

void LocalSource::label_values(std::string label, std::string metric, CancelToken cancel, Answer<Texts> done)
{
    m_answers.label_values(std::move(label), std::move(metric), std::move(cancel), std::move(done));
}

} // namespace tokenscope::sources

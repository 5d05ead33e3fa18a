// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/local_source.h"

#include "query/evaluator.h"
#include "sources/memory_warning.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

namespace tokenscope::sources {

LocalSource::LocalSource(const query::SeriesStore& store, const query::SketchStore* sketches,
                         StoreAnswers::Describe describe, std::size_t max_waiting, std::vector<std::string> expected)
    : m_store(store), m_sketches(sketches),
      m_answers(
          store,
          [&store, sketches](const query::Query& query, const Range& range) {
              return query::evaluate(query, store, range.from, range.to, range.step, sketches);
          },
          describe, max_waiting)
{
    for (const auto& metric : expected)
        m_expected.push_back(describe(metric));
    std::ranges::sort(m_expected, {}, &MetricInfo::name);
}

query::SeriesStore::Use LocalSource::use() const
{
    auto use = m_store.use();
    if (m_sketches) {
        use.bytes += m_sketches->bytes();
        use.budget += m_sketches->budget();
    }
    return use;
}

SourceStatus LocalSource::status() const
{
    const auto use = this->use();
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
    m_answers.metrics(std::move(cancel), [this, done = std::move(done)](Result<std::vector<MetricInfo>> metrics) {
        done(std::move(metrics).map([this](const std::vector<MetricInfo>& seen) {
            std::vector<MetricInfo> all;
            std::ranges::set_union(seen, m_expected, std::back_inserter(all), {}, &MetricInfo::name, &MetricInfo::name);
            return all;
        }));
    });
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

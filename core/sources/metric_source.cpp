// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/metric_source.h"

#include <fmt/format.h>

#include <utility>

namespace tokenscope::sources {

namespace {

template <typename T>
void refuse(const MetricSource& source, std::string_view what, const CancelToken& cancel, const Answer<T>& done)
{
    if (!cancel.cancelled())
        done(failure(ErrorCode::invalid_request,
                     fmt::format("{} has no {}: choose a Prometheus.", source.name(), what)));
}

} // namespace

void MetricSource::promql(std::string, Range, CancelToken cancel, Done done)
{
    refuse(*this, "PromQL", cancel, done);
}

void MetricSource::label_values_in(Range, std::string label, std::string metric, CancelToken cancel, Answer<Texts> done)
{
    label_values(std::move(label), std::move(metric), std::move(cancel), std::move(done));
}

void MetricSource::targets(CancelToken cancel, Answer<std::vector<Target>> done)
{
    refuse(*this, "targets", cancel, done);
}

void MetricSource::rules(CancelToken cancel, Answer<std::vector<RuleGroup>> done)
{
    refuse(*this, "rules", cancel, done);
}

} // namespace tokenscope::sources

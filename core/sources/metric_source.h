// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"
#include "query/frame.h"
#include "query/query.h"
#include "sources/monitoring.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tokenscope::sources {

/// The steps from, from+step, ... up to and including `to`, in ms since 1970. Where both ends are the same it is one instant.
struct Range {
    std::int64_t from = 0;
    std::int64_t to = 0;
    std::int64_t step = 1000;
};

template <typename T>
using Answer = std::function<void(Result<T>)>;

/// Who answers queries: this process, a scraped page, a Prometheus far away. Thread-safe. Everything that takes an answer
/// gives it on a thread of its own choosing, exactly once; not at all if `cancel` was cancelled before. An error's `message` is a
/// sentence for a person with what to do, its `detail` what the other side or the system said, word for word.
class MetricSource {
public:
    virtual ~MetricSource() = default;
    using Done = Answer<query::FramePtr>;
    using Texts = std::vector<std::string>;

    virtual std::string name() const = 0;
    virtual void range(query::Query query, Range range, CancelToken cancel, Done done) = 0;

    /// What the samples that it keeps itself take, of the most that they may.
    struct Memory {
        std::size_t bytes = 0;
        std::size_t budget = 0;
    };
    virtual std::optional<Memory> memory() const { return std::nullopt; }

    virtual Capabilities capabilities() const { return {}; }
    /// What is known of its health without asking it.
    virtual SourceStatus status() const = 0;
    /// Asks it now, for a person who wants to know whether it works: what answered, e.g. "Prometheus 2.42.0 with 312
    /// metrics.", and what is odd about it in further sentences.
    virtual void test(CancelToken cancel, Answer<std::string> done) = 0;

    /// Every metric that it has now, sorted by name: those that a query can name, so `m_bucket` and not `m`.
    virtual void metrics(CancelToken cancel, Answer<std::vector<MetricInfo>> done) = 0;
    /// Names of the labels of a metric's series, without "__name__"; of all series where `metric` is empty. Sorted.
    virtual void label_names(std::string metric, CancelToken cancel, Answer<Texts> done) = 0;
    /// Values of one label, of a metric's series or of all. Sorted.
    virtual void label_values(std::string label, std::string metric, CancelToken cancel, Answer<Texts> done) = 0;
    /// Those of that time, as far as the source can tell them apart; the default takes all that it has.
    virtual void label_values_in(Range range, std::string label, std::string metric, CancelToken cancel,
                                 Answer<Texts> done);

    // Only where capabilities() says so; else they answer with ErrorCode::invalid_request.
    /// A range or, for one instant, a value of each series. Columns have all labels, "__name__" too. A string or scalar answer
    /// is one column without labels.
    virtual void promql(std::string expression, Range range, CancelToken cancel, Done done);
    virtual void targets(CancelToken cancel, Answer<std::vector<Target>> done);
    virtual void rules(CancelToken cancel, Answer<std::vector<RuleGroup>> done);
};

} // namespace tokenscope::sources

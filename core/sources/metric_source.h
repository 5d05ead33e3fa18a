// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"
#include "query/frame.h"
#include "query/query.h"

#include <cstdint>
#include <functional>
#include <string>

namespace tokenscope::sources {

/// The steps from, from+step, ... up to and including `to`, in ms since 1970.
struct Range {
    std::int64_t from = 0;
    std::int64_t to = 0;
    std::int64_t step = 1000;
};

/// Who answers queries: this process, a scraped page, a Prometheus far away. Thread-safe.
class MetricSource {
public:
    virtual ~MetricSource() = default;
    using Done = std::function<void(Result<query::FramePtr>)>;

    virtual std::string name() const = 0;
    /// Answers on a thread of its own choosing, exactly once; not at all if `cancel` was cancelled before.
    virtual void range(query::Query query, Range range, CancelToken cancel, Done done) = 0;
};

} // namespace tokenscope::sources

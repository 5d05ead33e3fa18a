// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/series_store.h"
#include "sources/metric_source.h"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <thread>

namespace tokenscope::sources {

/// Answers from the samples of this process. One thread of its own evaluates one query after the other and calls `done`.
///
/// When more than `max_waiting` uncancelled queries wait, a further one is refused with ErrorCode::queue_full at once, on the
/// caller's thread. The destructor waits for the query in progress and drops those that wait, unanswered; it must not run
/// inside a `done`.
class LocalSource final : public MetricSource {
public:
    explicit LocalSource(const query::SeriesStore& store, std::size_t max_waiting = 256);
    ~LocalSource() override;

    std::string name() const override { return "Local gateway"; }
    void range(query::Query query, Range range, CancelToken cancel, Done done) override;

private:
    struct Job {
        query::Query query;
        Range range;
        CancelToken cancel;
        Done done;
    };

    void work(const std::stop_token& stop);

    const query::SeriesStore& m_store;
    const std::size_t m_max_waiting;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<Job> m_jobs;
    std::jthread m_worker; ///< last, so that it ends before what it uses
};

} // namespace tokenscope::sources

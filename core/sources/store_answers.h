// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/series_store.h"
#include "sources/metric_source.h"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace tokenscope::sources {

/// What a source that keeps its samples in a SeriesStore answers. One thread of its own works on one question after the other
/// and calls `done`. Thread-safe.
///
/// When more than `max_waiting` uncancelled questions wait, a further one is refused with ErrorCode::queue_full at once, on the
/// caller's thread. The destructor waits for the question in progress and drops those that wait, unanswered; it must not run
/// inside a `done`.
class StoreAnswers {
public:
    using Evaluate = std::function<Result<query::Frame>(const query::Query&, const Range&)>;
    using Describe = std::function<MetricInfo(std::string_view metric)>;

    /// Both functions run on the worker's thread; all must outlive this.
    StoreAnswers(const query::SeriesStore& store, Evaluate evaluate, Describe describe, std::size_t max_waiting);
    ~StoreAnswers();

    void range(query::Query query, Range range, CancelToken cancel, MetricSource::Done done);
    void metrics(CancelToken cancel, Answer<std::vector<MetricInfo>> done);
    void label_names(std::string metric, CancelToken cancel, Answer<MetricSource::Texts> done);
    void label_values(std::string label, std::string metric, CancelToken cancel, Answer<MetricSource::Texts> done);

private:
    struct Job {
        CancelToken cancel;
        std::function<void()> run; ///< looks at `cancel` once more before it answers
    };

    template <typename T>
    void submit(CancelToken cancel, Answer<T> done, std::function<Result<T>()> work);
    bool enqueue(Job job);
    void work(const std::stop_token& stop);

    const query::SeriesStore& m_store;
    const Evaluate m_evaluate;
    const Describe m_describe;
    const std::size_t m_max_waiting;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<Job> m_jobs;
    std::stop_source m_stopping;
    std::jthread m_worker; ///< last, so that it ends before what it uses
};

} // namespace tokenscope::sources

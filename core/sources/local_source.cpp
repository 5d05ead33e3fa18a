// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/local_source.h"

#include "query/evaluator.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tokenscope::sources {

LocalSource::LocalSource(const query::SeriesStore& store, std::size_t max_waiting)
    : m_store(store), m_max_waiting(max_waiting), m_worker([this](const std::stop_token& stop) { work(stop); })
{
}

LocalSource::~LocalSource()
{
    m_worker.request_stop();
    std::deque<Job> dropped;
    const std::scoped_lock lock(m_mutex);
    dropped.swap(m_jobs);
}

void LocalSource::range(query::Query query, Range range, CancelToken cancel, Done done)
{
    // Destroyed after the lock is released: what they captured may call back.
    std::deque<Job> abandoned;
    {
        const std::scoped_lock lock(m_mutex);
        if (m_jobs.size() >= m_max_waiting) {
            const auto wanted = [](const Job& job) { return !job.cancel.cancelled(); };
            const auto kept = std::stable_partition(m_jobs.begin(), m_jobs.end(), wanted);
            std::move(kept, m_jobs.end(), std::back_inserter(abandoned));
            m_jobs.erase(kept, m_jobs.end());
        }
        if (m_jobs.size() < m_max_waiting) {
            m_jobs.push_back({std::move(query), range, std::move(cancel), std::move(done)});
            m_changed.notify_one();
            return;
        }
    }
    if (!cancel.cancelled())
        done(failure(ErrorCode::queue_full,
                     "Too many queries wait for this process's metrics: show fewer panels or refresh less often."));
}

void LocalSource::work(const std::stop_token& stop)
{
    while (true) {
        Job job;
        {
            std::unique_lock lock(m_mutex);
            if (!m_changed.wait(lock, stop, [this] { return !m_jobs.empty(); }) || stop.stop_requested())
                return;
            job = std::move(m_jobs.front());
            m_jobs.pop_front();
        }
        if (job.cancel.cancelled())
            continue;
        auto frame = query::evaluate(job.query, m_store, job.range.from, job.range.to, job.range.step);
        if (stop.stop_requested())
            return;
        if (job.cancel.cancelled())
            continue;
        job.done(std::move(frame).map([](query::Frame&& value) -> query::FramePtr {
            return std::make_shared<const query::Frame>(std::move(value));
        }));
    }
}

} // namespace tokenscope::sources

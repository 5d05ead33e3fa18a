// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/store_answers.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace tokenscope::sources {

StoreAnswers::StoreAnswers(const query::SeriesStore& store, Evaluate evaluate, Describe describe,
                           std::size_t max_waiting)
    : m_store(store), m_evaluate(std::move(evaluate)), m_describe(std::move(describe)), m_max_waiting(max_waiting),
      m_worker([this](const std::stop_token& stop) { work(stop); })
{
}

StoreAnswers::~StoreAnswers()
{
    m_stopping.request_stop();
    m_worker.request_stop();
    std::deque<Job> dropped;
    const std::scoped_lock lock(m_mutex);
    dropped.swap(m_jobs);
}

void StoreAnswers::range(query::Query query, Range range, CancelToken cancel, MetricSource::Done done)
{
    submit<query::FramePtr>(std::move(cancel), std::move(done), [this, query = std::move(query), range] {
        return m_evaluate(query, range).map([](query::Frame&& frame) -> query::FramePtr {
            return std::make_shared<const query::Frame>(std::move(frame));
        });
    });
}

void StoreAnswers::metrics(CancelToken cancel, Answer<std::vector<MetricInfo>> done)
{
    using Infos = std::vector<MetricInfo>;
    submit<Infos>(std::move(cancel), std::move(done), [this]() -> Result<Infos> {
        Infos infos;
        for (const auto& name : m_store.metric_names())
            infos.push_back(m_describe(name));
        return infos;
    });
}

void StoreAnswers::label_names(std::string metric, CancelToken cancel, Answer<MetricSource::Texts> done)
{
    using Texts = MetricSource::Texts;
    submit<Texts>(std::move(cancel), std::move(done), [this, metric = std::move(metric)]() -> Result<Texts> {
        std::set<std::string> names;
        for (const auto& labels : m_store.labels_of(metric))
            for (const auto& [name, value] : labels)
                names.insert(name);
        return Texts(names.begin(), names.end());
    });
}

void StoreAnswers::label_values(std::string label, std::string metric, CancelToken cancel,
                                Answer<MetricSource::Texts> done)
{
    using Texts = MetricSource::Texts;
    submit<Texts>(std::move(cancel), std::move(done),
                  [this, label = std::move(label), metric = std::move(metric)]() -> Result<Texts> {
                      std::set<std::string> values;
                      for (const auto& labels : m_store.labels_of(metric))
                          if (const auto found = labels.find(label); found != labels.end())
                              values.insert(found->second);
                      return Texts(values.begin(), values.end());
                  });
}

template <typename T>
void StoreAnswers::submit(CancelToken cancel, Answer<T> done, std::function<Result<T>()> work)
{
    auto run = [cancel, done, work = std::move(work), stopping = m_stopping.get_token()] {
        auto result = work();
        if (!stopping.stop_requested() && !cancel.cancelled())
            done(std::move(result));
    };
    if (!enqueue({cancel, std::move(run)}) && !cancel.cancelled())
        done(failure(ErrorCode::queue_full,
                     "Too many queries wait for this source's metrics: show fewer panels or refresh less often."));
}

bool StoreAnswers::enqueue(Job job)
{
    // Destroyed after the lock is released: what they captured may call back.
    std::deque<Job> abandoned;
    const std::scoped_lock lock(m_mutex);
    if (m_jobs.size() >= m_max_waiting) {
        const auto wanted = [](const Job& waiting) { return !waiting.cancel.cancelled(); };
        const auto kept = std::stable_partition(m_jobs.begin(), m_jobs.end(), wanted);
        std::move(kept, m_jobs.end(), std::back_inserter(abandoned));
        m_jobs.erase(kept, m_jobs.end());
    }
    if (m_jobs.size() >= m_max_waiting)
        return false;
    m_jobs.push_back(std::move(job));
    m_changed.notify_one();
    return true;
}

void StoreAnswers::work(const std::stop_token& stop)
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
        if (!job.cancel.cancelled())
            job.run();
    }
}

} // namespace tokenscope::sources

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/feed_queue.h"

#include "query/query_json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <set>
#include <variant>

namespace tokenscope::ui {

namespace {

/// As many as a connection has under way (HttpLimits::at_once): more would wait there, where the time-out runs.
constexpr std::size_t mostRequests = 4;

std::string keyOf(const SourceList::Entry& source, const Question& question, const sources::Range& range)
{
    const auto* expression = std::get_if<std::string>(&question);
    // A label's value may be no UTF-8.
    constexpr auto odd = nlohmann::json::error_handler_t::replace;
    const auto asked = expression ? 'e' + *expression
                                  : 'q' + query::to_json(std::get<query::Query>(question)).dump(-1, ' ', false, odd);
    return source.id.toStdString() + '/' + std::to_string(range.from) + '/' + std::to_string(range.to) + '/'
           + std::to_string(range.step) + '/' + asked;
}

/// Prometheus answers one quantile at a time.
std::size_t requestsOf(const Question& question)
{
    const auto* query = std::get_if<query::Query>(&question);
    if (!query || query->function != query::Function::quantile)
        return 1;
    return std::max<std::size_t>(1, std::set<double>(query->quantiles.begin(), query->quantiles.end()).size());
}

} // namespace

void FeedQueue::add(const SourceList::Entry& source, const Question& question, const sources::Range& range, Round round,
                    std::size_t part)
{
    auto key = keyOf(source, question, range);
    const auto found = std::find_if(m_jobs.begin(), m_jobs.end(), [&key](const auto& job) { return job->key == key; });
    if (found != m_jobs.end()) {
        (*found)->wantedBy.emplace_back(round, part);
        return;
    }
    auto job = std::make_unique<Job>();
    job->key = std::move(key);
    job->source = source;
    job->question = question;
    job->range = range;
    job->wantedBy.emplace_back(round, part);
    job->requests = requestsOf(question);
    m_jobs.push_back(std::move(job));
}

void FeedQueue::send()
{
    std::size_t under = 0;
    std::vector<std::pair<int, Job*>> waiting;
    for (const auto& job : m_jobs) {
        if (job->since.isValid()) {
            under += job->requests;
            continue;
        }
        auto urgency = std::numeric_limits<int>::max();
        for (const auto& [round, part] : job->wantedBy)
            urgency = std::min(urgency, m_urgency(round));
        waiting.emplace_back(urgency, job.get());
    }
    std::stable_sort(waiting.begin(), waiting.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [urgency, job] : waiting) {
        // What this process knows it answers at once, one after the other.
        const bool server = job->source.source->capabilities().promql;
        if (server && under > 0 && under + job->requests > mostRequests)
            return;
        under += job->requests;
        ask(*job);
    }
}

void FeedQueue::ask(Job& job)
{
    job.since.start();
    auto done = job.inquiry.begin<query::FramePtr>(
        [this, &job](const Result<query::FramePtr>& frame) { answered(&job, frame); });
    const auto source = job.source.source; // until it is asked
    if (const auto* expression = std::get_if<std::string>(&job.question))
        source->promql(*expression, job.range, job.inquiry.token(), std::move(done));
    else
        source->range(std::get<query::Query>(job.question), job.range, job.inquiry.token(), std::move(done));
}

void FeedQueue::answered(const Job* job, const Result<query::FramePtr>& frame)
{
    const auto found = std::find_if(m_jobs.begin(), m_jobs.end(), [job](const auto& one) { return one.get() == job; });
    const auto done = std::move(*found); // who receives may ask anew
    m_jobs.erase(found);
    send();
    const auto receive = m_receive;
    for (const auto& [round, part] : done->wantedBy)
        receive(round, part, frame);
}

void FeedQueue::drop(Round round)
{
    std::erase_if(m_jobs, [round](const auto& job) {
        std::erase_if(job->wantedBy, [round](const auto& wanted) { return wanted.first == round; });
        return job->wantedBy.empty();
    });
}

std::vector<FeedQueue::Round> FeedQueue::dropLate()
{
    std::vector<Round> lost;
    std::erase_if(m_jobs, [&lost](const auto& job) {
        if (!job->since.isValid() || !job->since.hasExpired(job->source.patience.count()))
            return false;
        for (const auto& [round, part] : job->wantedBy)
            lost.push_back(round);
        return true;
    });
    return lost;
}

} // namespace tokenscope::ui

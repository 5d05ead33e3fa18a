// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "job_thread.h"

#include <utility>

namespace tokenscope::app {

JobThread::JobThread() : m_thread([this](const std::stop_token& stop) { work(stop); }) {}

JobThread::~JobThread()
{
    finish();
}

void JobThread::post(std::function<void()> job)
{
    const std::scoped_lock lock(m_mutex);
    m_jobs.push_back(std::move(job));
    m_changed.notify_one();
}

void JobThread::finish()
{
    m_thread.request_stop();
    if (m_thread.joinable())
        m_thread.join();
}

void JobThread::work(const std::stop_token& stop)
{
    while (true) {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, stop, [this] { return !m_jobs.empty(); });
        if (m_jobs.empty())
            return;
        const auto job = std::move(m_jobs.front());
        m_jobs.pop_front();
        lock.unlock();
        job();
    }
}

} // namespace tokenscope::app

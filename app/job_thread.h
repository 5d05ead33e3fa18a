// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace tokenscope::app {

/// A thread that does one job after the other.
class JobThread {
public:
    JobThread();
    ~JobThread(); ///< see finish()
    JobThread(const JobThread&) = delete;
    JobThread& operator=(const JobThread&) = delete;

    /// Any thread.
    void post(std::function<void()> job);
    /// Waits for what was posted; what is posted from now on is not done.
    void finish();

private:
    void work(const std::stop_token& stop);

    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<std::function<void()>> m_jobs;
    std::jthread m_thread; ///< last, so that it ends before what it uses
};

} // namespace tokenscope::app

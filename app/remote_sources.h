// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "config/secret_service.h"
#include "sources/connection.h"
#include "sources/metric_source.h"

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

namespace tokenscope::remote {
class SourceThread;
}

namespace tokenscope::app {

/// Makes the sources that are reached over the network, all on one network thread, and ends them on a thread of its own: to
/// end one means to wait for what it is in the midst of, which the windows' thread must not.
class RemoteSources {
public:
    /// `clock` must outlive this, and this every source that it made.
    explicit RemoteSources(const Clock& clock);
    ~RemoteSources();
    RemoteSources(const RemoteSources&) = delete;
    RemoteSources& operator=(const RemoteSources&) = delete;

    std::shared_ptr<sources::MetricSource> make(const sources::Connection& connection);

private:
    using Source = std::unique_ptr<sources::MetricSource>;

    Source make_source(const sources::Connection& connection);
    void retire(Source source);
    void work(const std::stop_token& stop);

    const Clock& m_clock;
    config::SecretServiceKeychain m_keychain; ///< asked on the network thread only
    std::shared_ptr<remote::SourceThread> m_thread;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<Source> m_retired;
    std::jthread m_undertaker; ///< last, so that it ends before what it uses
};

} // namespace tokenscope::app

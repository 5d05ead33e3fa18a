// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/clock.h"
#include "base/result.h"
#include "config/config.h"
#include "config/environment.h"
#include "net/http_client.h"
#include "net/task.h"
#include "net/watchdog.h"
#include "telemetry/no_metrics.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace tokenscope::app {

/// Asks providers for their models as the gateway would, on a thread of its own and without leaving a trace in the metrics.
class ProviderProbe {
public:
    /// The names, or in words why not; called on the probe's thread, always. Error of one that was cancelled: client_gone.
    using Handler = std::function<void(Result<std::vector<std::string>>)>;

    /// `env`: for the proxies.
    explicit ProviderProbe(const config::Env& env);
    /// Ends what is under way; its handlers are called before.
    ~ProviderProbe();
    ProviderProbe(const ProviderProbe&) = delete;
    ProviderProbe& operator=(const ProviderProbe&) = delete;

    /// `longest`: for the whole of it, whatever the provider's own timeouts are. Any thread.
    void ask(config::Provider provider, std::chrono::milliseconds longest, CancelToken cancel, Handler handler);

private:
    struct Question;

    net::Task<void> run(std::shared_ptr<Question> question);
    net::Task<Result<std::vector<std::string>>> answer(Question& question);
    void finish();

    boost::asio::io_context m_io{1};
    boost::asio::ssl::context m_tls;
    net::Watchdog m_watchdog;
    net::HttpClient m_client;
    telemetry::NoMetrics m_no_metrics;
    SystemClock m_clock;
    CancelSource m_stop;
    std::size_t m_running = 0;
    std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> m_work;
    std::thread m_thread; ///< last: it uses the rest
};

} // namespace tokenscope::app

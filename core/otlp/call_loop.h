// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "net/task.h"
#include "net/watchdog.h"
#include "telemetry/tracing/span_exporter.h"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <string>

namespace tokenscope::otlp {

/// Turns coroutines into calls that block the thread they are made on: the loop runs while one is under way, and at no
/// other time. Connections live on it from one call to the next. One call at a time; only the cancelling of it may come
/// from another thread.
class CallLoop {
public:
    /// Is given the token that ends it: it must then return soon, with whatever it has.
    using Call = std::function<net::Task<telemetry::ExportOutcome>(CancelToken)>;

    /// `collector` is a name for messages.
    explicit CallLoop(std::string collector) : m_collector(std::move(collector)) {}

    boost::asio::io_context::executor_type executor() { return m_io.get_executor(); }
    net::Watchdog& watchdog() { return m_watchdog; }

    /// Runs `call` to its end. After `timeout` or once `cancel` is cancelled it is told to end, and what then could not be
    /// said of the batch is `try_again`. Never throws: an exception of `call` is `try_again`, too.
    telemetry::ExportOutcome run(const Call& call, std::chrono::milliseconds timeout, const CancelToken& cancel);

    /// Lets what has become ready since the last call happen, e.g. that a connection was closed; waits for nothing.
    void catch_up();

private:
    struct State;

    telemetry::ExportOutcome outcome_of(State& state, std::chrono::milliseconds timeout) const;

    const std::string m_collector;
    boost::asio::io_context m_io{1};
    net::Watchdog m_watchdog{m_io.get_executor()};
};

} // namespace tokenscope::otlp

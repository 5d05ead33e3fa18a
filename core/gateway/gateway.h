// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "config/config.h"
#include "gateway/services.h"

#include <memory>
#include <string>

namespace tokenscope::gateway {

/// The embedded gateway: an HTTP server, the providers behind it and the thread they run on.
class Gateway {
public:
    Gateway(config::Config config, GatewayServices services);
    ~Gateway(); ///< stops

    /// Listens and serves. Once. The error says what to change.
    Result<void> start();

    /// Goes on with another configuration. Requests in flight end as they began; providers whose settings are the same keep
    /// their queues. All or nothing: the error says what is wrong, and everything stays as it was. Any thread.
    Result<void> apply(config::Config config);

    /// No new connections; requests in flight may finish until limits.drain_timeout, then they are cut. Returns when the
    /// gateway's thread has ended. Safe to call twice.
    void stop();

    /// "http://127.0.0.1:8080", with the port really taken. Empty before start(). Any thread.
    std::string base_url() const;

    /// Of the text page on the metrics' own address (observability.metrics.address), with the port really taken:
    /// "http://127.0.0.1:9190/metrics". Empty where there is none. Any thread.
    std::string metrics_url() const;

private:
    class Core;
    std::unique_ptr<Core> m_core;
};

} // namespace tokenscope::gateway

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/key_hash.h"
#include "config/config.h"
#include "gateway/middleware/key_ring.h"
#include "gateway/request_context.h"
#include "telemetry/gateway_metrics.h"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace tokenscope::test {

/// A request that comes from nowhere and keeps the reply it gets.
class FakeExchange final : public net::Exchange {
public:
    FakeExchange(std::string method, std::string target, net::Headers headers = {});

    std::string_view method() const override { return m_method; }
    std::string_view target() const override { return m_target; }
    std::string_view header(std::string_view name) const override { return net::find_header(m_headers, name); }
    const net::Headers& headers() const override { return m_headers; }
    std::string peer() const override { return from; }
    Instant accepted() const override { return {}; }
    const std::optional<Error>& broken() const override { return not_http; }

    net::Task<Result<std::string>> read_body() override;
    void add_reply_header(std::string name, std::string value) override;
    net::Task<Result<void>> reply(net::Response response) override;
    net::Task<Result<void>> begin_stream(unsigned status, net::Headers headers) override;
    net::Task<Result<void>> write(std::string_view bytes) override;
    net::Task<Result<void>> end_stream() override;

    CancelToken gone() const override { return {}; }
    unsigned status() const override { return response.status; }
    bool reply_complete() const override { return response.status != 0; }
    std::uint64_t bytes_sent() const override { return response.body.size(); }
    std::uint64_t bytes_received() const override { return request_body.size(); }

    /// Of the reply; empty where there is none, "a | b" where it is there twice.
    std::string reply_header(std::string_view name) const;

    std::string from = "127.0.0.1:50000";
    std::string request_body;
    std::optional<Error> not_http;
    net::Response response{.status = 0}; ///< status 0: none yet

private:
    const std::string m_method, m_target;
    const net::Headers m_headers;
};

/// What a handler left behind besides the reply.
struct Ran {
    bool reached = false; ///< the innermost handler was called
    std::string client;
    std::optional<Error> error;
};

/// Runs what `wrap` makes of a handler that answers 200 "ok".
Ran run(FakeExchange& exchange, const std::function<gateway::Handler(gateway::Handler)>& wrap);

/// A ring of these keys, by name, of which none is usable unless it is right.
std::shared_ptr<const gateway::KeyRing> ring_of(const std::map<std::string, std::string>& keys);
config::Auth auth_of(const std::map<std::string, std::string>& keys);

class CountingGatewayMetrics final : public telemetry::GatewayMetrics {
public:
    void rate_limited(std::string_view key) override { ++limited[std::string(key)]; }
    void retried(std::string_view, std::string_view) override {}

    std::map<std::string, int> limited;
};

} // namespace tokenscope::test

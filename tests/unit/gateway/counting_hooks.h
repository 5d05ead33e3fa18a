// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/gateway.h"
#include "trace_collector.h"
#include "telemetry/request_log.h"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace tokenscope::test {

/// Counts every hook call, by name and labels: "finished demo/tiny success" -> 1.
class CountingHooks final : public telemetry::TokenMetrics,
                            public telemetry::RequestMetrics,
                            public telemetry::ProviderMetrics,
                            public telemetry::HttpMetrics,
                            public telemetry::QueueMetrics,
                            public telemetry::GatewayMetrics,
                            public telemetry::PipelineMetrics,
                            public telemetry::ConversationMetrics {
public:
    void first_token(const telemetry::Target& target, Nanos latency, std::string_view trace_id) override;
    void inter_token(const telemetry::Target& target, std::span<const telemetry::TokenGap> gaps) override;
    void finished(const telemetry::RequestRecord& record) override;
    void first_byte(const telemetry::ProviderCall& call, Nanos ttfb, std::string_view trace_id) override;
    void chunks(const telemetry::ProviderCall& call, std::uint64_t count) override;
    void finished(const telemetry::ProviderCall& call, telemetry::RequestStatus status, Nanos duration,
                  std::optional<Nanos> streamed, const llm::Usage& usage, std::string_view trace_id) override;
    void started() override;
    void finished(const telemetry::HttpEnd& end) override;
    void depth(std::string_view provider, std::size_t waiting) override;
    void waited(std::string_view provider, Nanos wait) override;
    void rejected(std::string_view provider, std::string_view reason) override;
    void rate_limited(std::string_view key) override;
    void retried(std::string_view provider, std::string_view reason) override;
    std::size_t worker_started(telemetry::WorkerType type) override;
    void worker_stopped(telemetry::WorkerType type, std::size_t id) override;
    void worker_finished(telemetry::WorkerType type, std::size_t id, std::uint64_t requests, Nanos latency) override;
    void waiting(telemetry::PipelineQueue queue, std::ptrdiff_t change) override;
    void batch(const telemetry::BatchShape& batch) override;
    void answered() override;
    void operation(std::string_view operation, std::string_view backend, std::string_view status,
                   Nanos duration) override;
    void active(std::string_view backend, std::size_t count) override;

    /// All calls so far of hooks whose name starts with `prefix`.
    std::map<std::string, int> calls(const std::string& prefix = {}) const;
    /// How many calls there were of hooks whose name starts with `prefix`.
    int sum(const std::string& prefix) const;
    int in_flight() const { return m_in_flight; }
    int depth_now() const { return m_depth; }
    int deepest() const { return m_deepest; }

private:
    void note(const std::string& call, int times = 1);

    mutable std::mutex m_mutex;
    std::map<std::string, int> m_calls;
    std::atomic<int> m_in_flight = 0;
    std::atomic<int> m_depth = 0;
    std::atomic<int> m_deepest = 0;
};

/// A gateway in this process with counting hooks, a log that keeps its lines, and the given providers.
class TestGateway {
public:
    explicit TestGateway(config::Config config);
    ~TestGateway();

    std::uint16_t port() const;
    gateway::Gateway& gateway() { return *m_gateway; }
    /// Stops the gateway, so that every request has been counted to its end. What is recorded of each request, once, must
    /// be the same number everywhere: else the test ends here.
    void stop();
    std::vector<std::string> log_lines() const;

    CountingHooks hooks;
    telemetry::RequestLog records;
    telemetry::LiveBoard live;
    telemetry::CaptureRing captures;
    TraceCollector traces;
    std::atomic<int> snapshot_series =
        1; ///< of the one family that the metrics pages show: a_metric{n="0"} 1 and so on

private:
    void check_counts() const;
    telemetry::Snapshot snapshot() const;

    SystemClock m_clock;
    mutable std::mutex m_mutex;
    std::vector<std::string> m_lines;
    std::unique_ptr<telemetry::Logger> m_log;
    std::unique_ptr<gateway::Gateway> m_gateway;
};

/// A configuration that listens on a free port and has just these providers.
config::Config test_config(std::vector<config::Provider> providers);
config::Provider openai_at(const std::string& url, const std::string& name = "up");

} // namespace tokenscope::test

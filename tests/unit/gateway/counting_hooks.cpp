// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "counting_hooks.h"

#include "base/url.h"

#include <QtGlobal>

#include <fmt/format.h>

#include <algorithm>

namespace tokenscope::test {

namespace {

std::string name_of(const telemetry::Target& target)
{
    return target.backend + "/" + target.model;
}

std::string text(const std::optional<std::uint64_t>& count)
{
    return count ? std::to_string(*count) : "-";
}

} // namespace

void CountingHooks::note(const std::string& call, int times)
{
    const std::scoped_lock lock(m_mutex);
    m_calls[call] += times;
}

void CountingHooks::first_token(const telemetry::Target& target, Nanos, std::string_view)
{
    note("first_token " + name_of(target));
}

void CountingHooks::inter_token(const telemetry::Target& target, std::span<const telemetry::TokenGap> gaps)
{
    for (const auto& gap : gaps)
        note("inter_token " + name_of(target), static_cast<int>(gap.tokens));
}

void CountingHooks::finished(const telemetry::RequestRecord& record)
{
    const bool good = record.status == telemetry::RequestStatus::success;
    const auto& usage = record.usage;
    if (usage.reported())
        note(fmt::format("usage {} {}+{}{}", name_of(record.target), text(usage.prompt), text(usage.completion),
                         usage.estimated ? " estimated" : ""));
    note(fmt::format("finished {} {}", name_of(record.target), good ? "success" : "error"));
    note(fmt::format("ended {} {} {}", record.operation, name_of(record.target), good ? "success" : record.error_type));
}

void CountingHooks::first_byte(const telemetry::ProviderCall& call, Nanos, std::string_view)
{
    note(fmt::format("first_byte {}/{} {}", call.provider, call.model, call.operation));
}

void CountingHooks::chunks(const telemetry::ProviderCall& call, std::uint64_t count)
{
    note(fmt::format("chunks {}/{}", call.provider, call.model), static_cast<int>(count));
}

void CountingHooks::finished(const telemetry::ProviderCall& call, telemetry::RequestStatus status, Nanos,
                             std::optional<Nanos> streamed, const llm::Usage& usage, std::string_view)
{
    note(fmt::format("call {}/{} {} {} {}+{}{}", call.provider, call.model, call.operation,
                     status == telemetry::RequestStatus::success ? "success" : "error", text(usage.prompt),
                     text(usage.completion), streamed ? " streamed" : ""));
}

void CountingHooks::started()
{
    ++m_in_flight;
    note("http_started");
}

void CountingHooks::finished(const telemetry::HttpEnd& end)
{
    --m_in_flight;
    note(fmt::format("http {} {} {}", end.method, end.route, end.status));
}

void CountingHooks::depth(std::string_view, std::size_t waiting)
{
    m_depth = static_cast<int>(waiting);
    m_deepest = std::max<int>(m_deepest, m_depth);
}

void CountingHooks::waited(std::string_view provider, Nanos)
{
    note(fmt::format("admitted {}", provider));
}

void CountingHooks::rejected(std::string_view provider, std::string_view reason)
{
    note(fmt::format("rejected {} {}", provider, reason));
}

void CountingHooks::rate_limited(std::string_view key)
{
    note(fmt::format("rate_limited {}", key));
}

void CountingHooks::retried(std::string_view provider, std::string_view reason)
{
    note(fmt::format("retried {} {}", provider, reason));
}

// What the demo engine does inside is not counted: it depends on how requests meet.
std::size_t CountingHooks::worker_started(telemetry::WorkerType)
{
    return 0;
}

void CountingHooks::worker_stopped(telemetry::WorkerType, std::size_t) {}

void CountingHooks::worker_finished(telemetry::WorkerType, std::size_t, std::uint64_t, Nanos) {}

void CountingHooks::waiting(telemetry::PipelineQueue, std::ptrdiff_t) {}

void CountingHooks::batch(const telemetry::BatchShape&) {}

void CountingHooks::answered() {}

void CountingHooks::operation(std::string_view operation, std::string_view backend, std::string_view status, Nanos)
{
    note(fmt::format("conversation {} {} {}", operation, backend, status));
}

void CountingHooks::active(std::string_view, std::size_t) {}

std::map<std::string, int> CountingHooks::calls(const std::string& prefix) const
{
    const std::scoped_lock lock(m_mutex);
    std::map<std::string, int> found;
    for (const auto& [call, times] : m_calls)
        if (call.starts_with(prefix))
            found[call] = times;
    return found;
}

int CountingHooks::sum(const std::string& prefix) const
{
    int sum = 0;
    for (const auto& [call, times] : calls(prefix))
        sum += times;
    return sum;
}

TestGateway::TestGateway(config::Config config)
{
    telemetry::LogOptions options;
    options.to_stderr = false;
    options.sink = [this](std::string_view line) {
        const std::scoped_lock lock(m_mutex);
        m_lines.emplace_back(line);
    };
    m_log = std::make_unique<telemetry::Logger>(std::move(options));
    m_gateway = std::make_unique<gateway::Gateway>(std::move(config),
                                                   gateway::GatewayServices{.tokens = hooks,
                                                                            .requests = hooks,
                                                                            .providers = hooks,
                                                                            .http = hooks,
                                                                            .queues = hooks,
                                                                            .gateway = hooks,
                                                                            .pipeline = hooks,
                                                                            .conversations = hooks,
                                                                            .records = records,
                                                                            .spans = traces,
                                                                            .log = *m_log,
                                                                            .clock = m_clock,
                                                                            .snapshot = [this] { return snapshot(); },
                                                                            .live = &live,
                                                                            .capture = &captures});
    if (const auto started = m_gateway->start(); !started)
        qFatal("%s", started.error().message.c_str());
}

TestGateway::~TestGateway()
{
    stop();
}

void TestGateway::check_counts() const
{
    int requests = 0;
    int attempts = 0;
    for (const auto& record : records.since(0)) {
        ++requests;
        attempts += static_cast<int>(record->attempts);
    }
    if (hooks.sum("finished ") != requests || hooks.sum("call ") != attempts)
        qFatal("of %d requests with %d attempts there were recorded %d and %d", requests, attempts,
               hooks.sum("finished "), hooks.sum("call "));
}

std::uint16_t TestGateway::port() const
{
    return parse_url(m_gateway->base_url())->port;
}

telemetry::Snapshot TestGateway::snapshot() const
{
    telemetry::FamilySnapshot family{
        .name = "a_metric", .help = "A metric.", .kind = telemetry::MetricKind::gauge, .series = {}};
    for (int i = 0; i < snapshot_series; ++i)
        family.series.push_back({.labels = {{.name = "n", .value = std::to_string(i)}}, .value = 1.0});
    return {std::move(family)};
}

void TestGateway::stop()
{
    m_gateway->stop();
    m_log->flush();
    check_counts();
}

std::vector<std::string> TestGateway::log_lines() const
{
    const std::scoped_lock lock(m_mutex);
    return m_lines;
}

config::Config test_config(std::vector<config::Provider> providers)
{
    config::Config config;
    config.listen = "127.0.0.1:0";
    config.conversations.backend = config::ConversationBackend::memory;
    config.providers = std::move(providers);
    config.limits.drain_timeout = std::chrono::milliseconds(500);
    return config;
}

config::Provider openai_at(const std::string& url, const std::string& name)
{
    config::Provider provider;
    provider.name = name;
    provider.kind = config::ProviderKind::openai;
    provider.base_url = url + "/v1";
    provider.max_retries = 0;
    return provider;
}

} // namespace tokenscope::test

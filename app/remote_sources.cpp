// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote_sources.h"

#include "remote/prometheus_source.h"
#include "remote/scrape_source.h"
#include "remote/source_thread.h"

#include <utility>

namespace tokenscope::app {

RemoteSources::RemoteSources(const Clock& clock)
    : m_clock(clock), m_thread(std::make_shared<remote::SourceThread>()),
      m_undertaker([this](const std::stop_token& stop) { work(stop); })
{
}

RemoteSources::~RemoteSources() = default;

std::shared_ptr<sources::MetricSource> RemoteSources::make(const sources::Connection& connection)
{
    return {make_source(connection).release(), [this](sources::MetricSource* source) { retire(Source(source)); }};
}

RemoteSources::Source RemoteSources::make_source(const sources::Connection& connection)
{
    const config::Lookup lookup(config::process_environment(), &m_keychain);
    if (connection.kind == sources::ConnectionKind::page)
        return std::make_unique<remote::ScrapeSource>(m_thread, connection, lookup, m_clock,
                                                      remote::ScrapeSource::Limits{});
    return std::make_unique<remote::PrometheusSource>(m_thread, connection, lookup);
}

void RemoteSources::retire(Source source)
{
    const std::scoped_lock lock(m_mutex);
    m_retired.push_back(std::move(source));
    m_changed.notify_one();
}

void RemoteSources::work(const std::stop_token& stop)
{
    while (true) {
        Source source; // ended without the lock
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, stop, [this] { return !m_retired.empty(); });
        if (m_retired.empty())
            return;
        source = std::move(m_retired.front());
        m_retired.pop_front();
        lock.unlock();
    }
}

} // namespace tokenscope::app

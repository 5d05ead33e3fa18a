// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/dial.h"

#include <boost/asio/error.hpp>

#include <utility>

namespace tokenscope::net {

namespace asio = boost::asio;
using asio::ip::tcp;

std::vector<tcp::endpoint> interleave(std::vector<tcp::endpoint> endpoints)
{
    std::vector<tcp::endpoint> first, second, out;
    for (const auto& endpoint : endpoints)
        (endpoint.protocol() == endpoints.front().protocol() ? first : second).push_back(endpoint);
    for (std::size_t i = 0; i < first.size() || i < second.size(); ++i) {
        if (i < first.size())
            out.push_back(first[i]);
        if (i < second.size())
            out.push_back(second[i]);
    }
    return out;
}

Dial::Dial(asio::any_io_executor executor, std::vector<tcp::endpoint> endpoints, std::chrono::milliseconds head_start)
    : m_executor(std::move(executor)), m_endpoints(interleave(std::move(endpoints))), m_head_start(head_start),
      m_stagger(m_executor), m_finished(m_executor, asio::steady_timer::time_point::max())
{
}

Task<std::tuple<IoError, std::optional<tcp::socket>>> Dial::run()
{
    const auto self = shared_from_this();
    if (m_endpoints.empty())
        finish(asio::error::host_not_found);
    else if (!m_over)
        start_next();
    if (!m_over)
        co_await m_finished.async_wait(awaiting);
    // Destroyed from outside rather than finished: whatever runs late finds the race over.
    m_over = true;
    co_return std::tuple(m_error, std::move(m_winner));
}

void Dial::abort()
{
    if (!m_over)
        finish(asio::error::operation_aborted);
}

void Dial::start_next()
{
    const auto& endpoint = m_endpoints[m_next++];
    const auto attempt = m_attempts.emplace(m_attempts.end(), m_executor);
    attempt->async_connect(endpoint, [self = shared_from_this(), attempt](const IoError& error) {
        if (!self->m_over)
            self->on_connect(attempt, error);
    });
    if (m_next == m_endpoints.size())
        return;
    m_stagger.expires_after(m_head_start);
    m_stagger.async_wait([self = shared_from_this()](const IoError& error) {
        // Its time may have come just when a failed attempt had started the last one.
        if (!error && !self->m_over && self->m_next < self->m_endpoints.size())
            self->start_next();
    });
}

void Dial::on_connect(std::list<tcp::socket>::iterator attempt, const IoError& error)
{
    if (!error) {
        m_winner.emplace(std::move(*attempt));
        finish({});
        return;
    }
    m_error = error;
    m_attempts.erase(attempt);
    if (m_next < m_endpoints.size()) {
        m_stagger.cancel();
        start_next();
    } else if (m_attempts.empty()) {
        finish(error);
    }
}

void Dial::finish(const IoError& error)
{
    m_over = true;
    m_error = error;
    m_attempts.clear();
    m_stagger.cancel();
    m_finished.cancel();
}

} // namespace tokenscope::net

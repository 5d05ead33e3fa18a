// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/watchdog.h"

#include <boost/system/error_code.hpp>

namespace tokenscope::net {

Watchdog::Watchdog(boost::asio::any_io_executor executor, std::chrono::milliseconds tick)
    : m_timer(std::move(executor)), m_tick(tick)
{
}

void Watchdog::stop()
{
    m_stopped = true;
    m_timer.cancel();
}

void Watchdog::start_tick()
{
    if (m_ticking || m_stopped)
        return;
    m_ticking = true;
    m_timer.expires_after(m_tick);
    m_timer.async_wait([this](const boost::system::error_code& error) {
        if (error)
            return;
        m_ticking = false;
        on_tick();
    });
}

void Watchdog::on_tick()
{
    const auto now = std::chrono::steady_clock::now();
    // expire() may disarm or destroy any guard, so look anew after each one.
    for (auto it = m_armed.begin(); it != m_armed.end();) {
        auto* guard = *it;
        if (guard->m_deadline > now) {
            ++it;
            continue;
        }
        m_armed.erase(it);
        guard->m_armed = false;
        guard->m_expired = true;
        const auto expire = guard->m_expire;
        expire();
        it = m_armed.begin();
    }
    if (!m_armed.empty())
        start_tick();
}

Watchdog::Guard::Guard(Watchdog& dog, std::function<void()> expire) : m_dog(dog), m_expire(std::move(expire)) {}

Watchdog::Guard::~Guard()
{
    disarm();
}

void Watchdog::Guard::arm(std::chrono::milliseconds after)
{
    m_deadline = std::chrono::steady_clock::now() + after;
    m_expired = false;
    if (m_armed)
        return;
    m_place = m_dog.m_armed.insert(m_dog.m_armed.end(), this);
    m_armed = true;
    m_dog.start_tick();
}

void Watchdog::Guard::disarm()
{
    if (!m_armed)
        return;
    m_dog.m_armed.erase(m_place);
    m_armed = false;
}

} // namespace tokenscope::net

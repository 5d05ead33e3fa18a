// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/middleware/rate_limiter.h"

#include <algorithm>
#include <cmath>

namespace tokenscope::gateway {

namespace {

/// Keeps sums of instants far from overflow, whatever is configured.
constexpr double longest_ns = 1e9 * 3600 * 24 * 365 * 10;

Nanos to_nanos(double ns)
{
    return Nanos(static_cast<Nanos::rep>(std::clamp(std::round(ns), 1.0, longest_ns)));
}

} // namespace

RateLimiter::RateLimiter(config::RateLimit limit, const Clock& clock, std::size_t max_addresses)
    : m_clock(clock), m_max_addresses(std::max<std::size_t>(max_addresses, 1))
{
    set_limit(limit);
}

void RateLimiter::set_limit(config::RateLimit limit)
{
    if (!(limit.requests_per_second > 0)) {
        m_interval = m_capacity = Nanos(0);
        m_burst = 0;
        m_keys.clear();
        m_addresses.clear();
        m_uses.clear();
        return;
    }
    const auto second_worth = std::clamp(std::ceil(limit.requests_per_second), 1.0, 1e9);
    m_burst = limit.burst > 0 ? limit.burst : static_cast<std::size_t>(second_worth);
    m_interval = to_nanos(1e9 / limit.requests_per_second);
    m_capacity = std::max(m_interval, to_nanos(static_cast<double>(m_burst) * static_cast<double>(m_interval.count())));
    // A bucket can lack no more than it holds, or a lowered limit would keep clients out for longer than it says.
    const auto latest = m_clock.now() + m_capacity;
    for (auto& [name, full_at] : m_keys)
        full_at = std::min(full_at, latest);
    for (auto& [name, address] : m_addresses)
        address.full_at = std::min(address.full_at, latest);
    // Keys come and go with the configuration too.
    std::erase_if(m_keys, [now = m_clock.now()](const auto& key) { return key.second <= now; });
}

RateLimiter::Verdict RateLimiter::take(Owner owner, std::string_view name)
{
    forget_full();
    if (owner == Owner::key)
        return take(m_keys[std::string(name)]);
    const auto [place, is_new] = m_addresses.try_emplace(std::string(name));
    if (is_new)
        place->second.use = m_uses.insert(m_uses.end(), place->first);
    else
        m_uses.splice(m_uses.end(), m_uses, place->second.use);
    const auto verdict = take(place->second.full_at);
    if (m_addresses.size() > m_max_addresses) {
        m_addresses.erase(m_uses.front());
        m_uses.pop_front();
    }
    return verdict;
}

RateLimiter::Verdict RateLimiter::take(Instant& full_at) const
{
    const auto now = m_clock.now();
    full_at = std::max(full_at, now);
    const auto after = full_at + m_interval;
    Verdict verdict{.admitted = after - now <= m_capacity, .limit = m_burst};
    if (verdict.admitted)
        full_at = after;
    verdict.reset = full_at - now;
    verdict.remaining = std::min(m_burst, static_cast<std::size_t>((m_capacity - verdict.reset) / m_interval));
    verdict.retry_after = std::max(Nanos(0), verdict.reset + m_interval - m_capacity);
    return verdict;
}

void RateLimiter::forget_full()
{
    // Two for each that may come, so that the idle ones melt away without a sweep over all.
    const auto now = m_clock.now();
    for (int i = 0; i < 2 && !m_uses.empty(); ++i) {
        const auto oldest = m_addresses.find(m_uses.front());
        if (oldest->second.full_at > now)
            return;
        m_addresses.erase(oldest);
        m_uses.pop_front();
    }
}

} // namespace tokenscope::gateway

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "config/config.h"

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace tokenscope::gateway {

/// Token buckets, one a client: `burst` requests at once, refilled at `requests_per_second`. Used on one I/O thread.
///
/// A full bucket is the same as none, so it is forgotten. Buckets of addresses are bounded in number, whoever knocks; the
/// one that was used longest ago goes first. Buckets of keys are as many as there are keys, and are never given up while
/// they are not full, so that a crowd of addresses cannot refill them.
class RateLimiter {
public:
    enum class Owner { key, address };

    RateLimiter(config::RateLimit limit, const Clock& clock, std::size_t max_addresses = 4096);

    /// Takes effect with the next request; what clients have used up stays used.
    void set_limit(config::RateLimit limit);
    bool enabled() const { return m_interval > Nanos(0); }

    struct Verdict {
        bool admitted = true;
        std::size_t limit = 0;     ///< the bucket's size
        std::size_t remaining = 0; ///< requests that would be admitted now
        Nanos reset{0};            ///< until the bucket is full
        Nanos retry_after{0};      ///< until the next request is admitted; 0 if now
    };
    /// Takes one request out of the bucket of `name`, if there is one. Only while enabled().
    Verdict take(Owner owner, std::string_view name);

    std::size_t buckets() const { return m_keys.size() + m_addresses.size(); }

private:
    /// The generic cell rate algorithm: the instant at which a bucket is full says all about it.
    Verdict take(Instant& full_at) const;
    void forget_full();

    struct Address {
        Instant full_at;
        std::list<std::string>::iterator use;
    };

    const Clock& m_clock;
    const std::size_t m_max_addresses;
    Nanos m_interval{0}; ///< what one request costs; 0: no limit
    Nanos m_capacity{0}; ///< what a full bucket holds
    std::size_t m_burst = 0;
    std::unordered_map<std::string, Instant> m_keys;
    std::unordered_map<std::string, Address> m_addresses;
    std::list<std::string> m_uses; ///< addresses, longest unused first
};

} // namespace tokenscope::gateway

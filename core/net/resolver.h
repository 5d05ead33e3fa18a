// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/task.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tokenscope::net {

/// What a name stands for.
struct Resolved {
    std::vector<boost::asio::ip::address> addresses; ///< in the system's order of preference
    std::string error;                               ///< why there are none
};

/// Looks names up on threads of its own, which nobody waits for: getaddrinfo cannot be interrupted, and Asio's resolver would
/// hold the end of the program up until a dead name server has been given up. An abandoned look-up ends by itself, without
/// touching anything of ours. Requests for a name that is being looked up share that look-up, so there is never more than one
/// thread a name. Nothing is cached: that is the system's business. Used on one I/O thread.
class Resolver {
public:
    /// Blocks; called on any thread, possibly after the resolver has gone.
    using Lookup = std::function<Resolved(const std::string& host)>;

    explicit Resolver(boost::asio::any_io_executor executor, Lookup lookup = system_lookup);
    ~Resolver();
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;

    /// Waits until `host` has been looked up or `wakeup`, a timer of this wait alone, is cancelled; then without any address.
    /// Addresses written out are answered at once.
    Task<Resolved> resolve(std::string host, std::shared_ptr<boost::asio::steady_timer> wakeup);

    static Resolved system_lookup(const std::string& host);

private:
    struct Pending;
    std::shared_ptr<Pending> start(const std::string& host);

    const boost::asio::any_io_executor m_executor;
    const Lookup m_lookup;
    std::map<std::string, std::shared_ptr<Pending>> m_pending;
};

} // namespace tokenscope::net

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/resolver.h"

#include <boost/asio/post.hpp>

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace tokenscope::net {

namespace asio = boost::asio;

/// What the thread of a look-up and those who wait for it share.
struct Resolver::Pending {
    std::mutex mutex;
    bool done = false;      ///< guarded by mutex
    bool abandoned = false; ///< guarded by mutex: the executor may have gone, nothing may be posted to it
    Resolved answer;        ///< guarded by mutex until done, constant afterwards
    std::vector<std::weak_ptr<asio::steady_timer>> waiting; ///< of the I/O thread

    bool is_done()
    {
        const std::scoped_lock lock(mutex);
        return done;
    }

    void wake_all()
    {
        for (const auto& weak : std::exchange(waiting, {}))
            if (const auto timer = weak.lock())
                timer->cancel();
    }
};

Resolver::Resolver(asio::any_io_executor executor, Lookup lookup)
    : m_executor(std::move(executor)), m_lookup(std::move(lookup))
{
}

Resolver::~Resolver()
{
    for (const auto& [host, pending] : m_pending) {
        const std::scoped_lock lock(pending->mutex);
        pending->abandoned = true;
    }
}

std::shared_ptr<Resolver::Pending> Resolver::start(const std::string& host)
{
    auto pending = std::make_shared<Pending>();
    const auto work = [pending, host, lookup = m_lookup, executor = m_executor] {
        auto answer = lookup(host);
        const std::scoped_lock lock(pending->mutex);
        pending->answer = std::move(answer);
        pending->done = true;
        // Under the lock, so that the resolver cannot end, and its executor with it, in between.
        if (!pending->abandoned)
            asio::post(executor, [pending] { pending->wake_all(); });
    };
    try {
        std::thread(work).detach();
    } catch (const std::system_error& error) {
        pending->answer.error = error.what();
        pending->done = true;
    }
    return pending;
}

Task<Resolved> Resolver::resolve(std::string host, std::shared_ptr<asio::steady_timer> wakeup)
{
    IoError no_literal;
    const auto literal = asio::ip::make_address(host, no_literal);
    if (!no_literal)
        co_return Resolved{.addresses = {literal}, .error = {}};

    auto& slot = m_pending[host];
    if (!slot || slot->is_done())
        slot = start(host);
    const auto pending = slot;
    if (!pending->is_done()) {
        pending->waiting.push_back(wakeup);
        wakeup->expires_at(asio::steady_timer::time_point::max());
        co_await wakeup->async_wait(awaiting);
    }
    if (!pending->is_done())
        co_return Resolved{.addresses = {}, .error = "The look-up was given up."};
    co_return pending->answer;
}

Resolved Resolver::system_lookup(const std::string& host)
{
    addrinfo wanted{};
    wanted.ai_family = AF_UNSPEC;
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    Resolved out;
    if (const int error = getaddrinfo(host.c_str(), nullptr, &wanted, &found); error != 0) {
        out.error = gai_strerror(error);
        return out;
    }
    for (const auto* entry = found; entry != nullptr; entry = entry->ai_next) {
        asio::ip::address address;
        if (entry->ai_family == AF_INET) {
            const auto* v4 = reinterpret_cast<const sockaddr_in*>(entry->ai_addr);
            address = asio::ip::address_v4(ntohl(v4->sin_addr.s_addr));
        } else if (entry->ai_family == AF_INET6) {
            const auto* v6 = reinterpret_cast<const sockaddr_in6*>(entry->ai_addr);
            asio::ip::address_v6::bytes_type bytes;
            std::copy(std::begin(v6->sin6_addr.s6_addr), std::end(v6->sin6_addr.s6_addr), bytes.begin());
            address = asio::ip::address_v6(bytes, v6->sin6_scope_id);
        } else {
            continue;
        }
        if (std::find(out.addresses.begin(), out.addresses.end(), address) == out.addresses.end())
            out.addresses.push_back(address);
    }
    freeaddrinfo(found);
    if (out.addresses.empty())
        out.error = "The name has no address.";
    return out;
}

} // namespace tokenscope::net

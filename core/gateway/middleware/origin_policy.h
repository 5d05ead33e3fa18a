// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "config/config.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::gateway {

/// Under which names this gateway may be addressed, and which web pages may use it. Immutable, so safe to share between
/// threads.
class OriginPolicy {
public:
    /// `machine_name`: see own_host_name(). Error (config), naming the entry: an allowed host that is neither a name nor an
    /// address, each with or without a port; an allowed origin that is no origin, "null" (any sandboxed page), or "*" while
    /// no keys are configured, which would open the gateway to every page on the web.
    static Result<OriginPolicy> make(const config::Auth& auth, std::string_view machine_name);

    /// The same for an address that is open to the network though no keys are configured: every IP address and
    /// `machine_name` name it too.
    OriginPolicy open_to_network(std::string_view machine_name) const;

    /// Whether a Host header names this gateway. Always: localhost and loopback addresses; `allowed_hosts`, an entry
    /// without a port with any port. Where keys are configured, also every IP address and the machine's own name: a page
    /// can only rebind a DNS name of its own, which is none of these. Case and a trailing dot do not matter.
    bool allows_host(std::string_view host_header) const;

    enum class Origin {
        foreign,    ///< not to be served
        loopback,   ///< a page of a server on this machine: served, but without CORS, so that it cannot read replies
        configured, ///< served, with CORS
    };
    /// Of an Origin header that is there. Anything but one well-formed origin is foreign.
    Origin judge(std::string_view origin_header) const;

    /// Any origins are configured, so that replies depend on the Origin.
    bool uses_cors() const { return m_any_origin || !m_origins.empty(); }

private:
    struct HostEntry {
        std::string name;
        std::optional<std::uint16_t> port;
    };

    std::vector<HostEntry> m_hosts;
    std::vector<std::string> m_origins;
    bool m_any_origin = false;
    bool m_any_address = false;
};

/// This machine's name as the system has it, or empty.
std::string own_host_name();

} // namespace tokenscope::gateway

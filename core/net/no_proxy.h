// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/url.h"

#include <boost/asio/ip/address.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::net {

/// The hosts that NO_PROXY exempts, as curl and Go read it. Entries are separated by commas or spaces:
/// - "*": every host;
/// - "example.com", ".example.com", "*.example.com": that name and every name below it;
/// - "10.1.2.3", "::1", "[::1]": that address;  "10.0.0.0/8", "fd00::/8": that network. Names are not looked up for these;
/// - any of the first three followed by ":8443" (IPv6 in brackets): at that port only.
/// What cannot be understood exempts nothing.
class NoProxy {
public:
    NoProxy() = default;
    explicit NoProxy(std::string_view list);

    bool matches(const Url& origin) const;

private:
    struct Entry {
        std::string name; ///< lower case, without leading and trailing dots; empty: an address
        boost::asio::ip::address address;
        unsigned prefix = 0;    ///< bits of the address that count
        std::uint16_t port = 0; ///< 0: any
    };

    void add(std::string_view text);

    bool m_all = false;
    std::vector<Entry> m_entries;
};

} // namespace tokenscope::net

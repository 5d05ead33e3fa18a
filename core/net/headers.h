// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tokenscope::net {

/// Header fields in order, names as written.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// ASCII case-insensitive comparison, as header names want it.
bool same_header(std::string_view a, std::string_view b);

/// The first value of `name`, or an empty view.
std::string_view find_header(const Headers& headers, std::string_view name);

/// Gives `name` this one value.
void set_header(Headers& headers, std::string_view name, std::string_view value);

/// True for fields that belong to one connection and must not be passed on (RFC 9110, 7.6.1), and for those that frame
/// the body, which each side writes anew.
bool is_hop_by_hop(std::string_view name);

} // namespace tokenscope::net

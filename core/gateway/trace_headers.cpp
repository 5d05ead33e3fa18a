// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/trace_headers.h"

#include <algorithm>
#include <array>
#include <string>

namespace tokenscope::gateway {

namespace {

/// Of all its fields.
std::string trace_state(const net::Headers& headers)
{
    std::string state;
    for (const auto& [name, value] : headers) {
        if (!net::same_header(name, state_header))
            continue;
        state += state.empty() ? "" : ",";
        state += value;
    }
    return state;
}

} // namespace

std::optional<telemetry::TraceContext> trace_parent(const net::Headers& headers)
{
    const std::string* parent = nullptr;
    for (const auto& [name, value] : headers) {
        if (!net::same_header(name, parent_header))
            continue;
        if (parent)
            return std::nullopt;
        parent = &value;
    }
    if (!parent) [[likely]]
        return std::nullopt;
    return telemetry::parse_trace_context(*parent, trace_state(headers));
}

std::string_view known_method(std::string_view method)
{
    static constexpr std::array<std::string_view, 9> known = {"POST",    "GET",     "HEAD",  "PUT",  "DELETE",
                                                              "CONNECT", "OPTIONS", "TRACE", "PATCH"};
    return std::find(known.begin(), known.end(), method) != known.end() ? method : "_OTHER";
}

} // namespace tokenscope::gateway

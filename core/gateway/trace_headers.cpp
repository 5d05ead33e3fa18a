// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/trace_headers.h"

#include <algorithm>
#include <array>
#include <string>

namespace tokenscope::gateway {

namespace {

constexpr std::string_view parent_header = "traceparent";
constexpr std::string_view state_header = "tracestate";

} // namespace

std::optional<telemetry::TraceContext> trace_parent(const net::Headers& headers)
{
    const std::string* parent = nullptr;
    std::string state;
    for (const auto& [name, value] : headers) {
        if (net::same_header(name, parent_header)) {
            if (parent)
                return std::nullopt;
            parent = &value;
        } else if (net::same_header(name, state_header)) {
            state += state.empty() ? "" : ",";
            state += value;
        }
    }
    return parent ? telemetry::parse_trace_context(*parent, state) : std::nullopt;
}

bool is_trace_header(std::string_view name)
{
    return net::same_header(name, parent_header) || net::same_header(name, state_header);
}

std::string_view known_method(std::string_view method)
{
    static constexpr std::array<std::string_view, 9> known = {"GET",     "HEAD",    "POST",  "PUT",  "DELETE",
                                                              "CONNECT", "OPTIONS", "TRACE", "PATCH"};
    return std::find(known.begin(), known.end(), method) != known.end() ? method : "_OTHER";
}

} // namespace tokenscope::gateway

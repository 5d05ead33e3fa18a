// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/tracing/trace_ids.h"

#include "base/ids.h"

#include <bit>

namespace tokenscope::telemetry {

namespace {

template <typename Id>
using Words = std::array<std::uint64_t, std::tuple_size_v<Id> / sizeof(std::uint64_t)>;

template <typename Id>
Id new_id()
{
    Id id{};
    while (!is_set(id))
        id = std::bit_cast<Id>(random_words<std::tuple_size_v<Words<Id>>>());
    return id;
}

/// 16 or more where `c` is no lower-case hex digit.
unsigned digit(char c)
{
    if (c >= '0' && c <= '9')
        return static_cast<unsigned>(c - '0');
    return c >= 'a' && c <= 'f' ? static_cast<unsigned>(c - 'a' + 10) : 16;
}

template <typename Id>
std::optional<Id> parse_id(std::string_view hex)
{
    Id id{};
    if (hex.size() != 2 * id.size())
        return std::nullopt;
    for (std::size_t i = 0; i < id.size(); ++i) {
        const auto high = digit(hex[2 * i]);
        const auto low = digit(hex[2 * i + 1]);
        if (high > 15 || low > 15)
            return std::nullopt;
        id[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return is_set(id) ? std::optional(id) : std::nullopt;
}

} // namespace

TraceId new_trace_id()
{
    return new_id<TraceId>();
}

SpanId new_span_id()
{
    return new_id<SpanId>();
}

void renew(TraceId& trace, SpanId& span)
{
    const auto [first, second, third] = random_words<3>();
    trace = std::bit_cast<TraceId>(Words<TraceId>{first, second});
    span = std::bit_cast<SpanId>(third);
    if (!is_set(trace)) [[unlikely]]
        trace = new_trace_id();
    if (!is_set(span)) [[unlikely]]
        span = new_span_id();
}

std::optional<TraceId> parse_trace_id(std::string_view hex)
{
    return parse_id<TraceId>(hex);
}

std::optional<SpanId> parse_span_id(std::string_view hex)
{
    return parse_id<SpanId>(hex);
}

} // namespace tokenscope::telemetry

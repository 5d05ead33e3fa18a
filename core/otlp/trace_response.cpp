// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "otlp/trace_response.h"

#include "otlp/wire_reader.h"

#include <algorithm>

namespace tokenscope::otlp {

namespace {

using std::chrono::milliseconds;

constexpr std::int64_t longest_delay_s = 3'600;

/// Calls `take` for every field; false for a malformed message.
template <class Take>
bool each_field(std::string_view message, Take take)
{
    WireReader reader(message);
    while (const auto field = reader.next())
        take(*field);
    return !reader.malformed();
}

bool read_partial_success(std::string_view message, TraceResponse& response)
{
    return each_field(message, [&](const WireReader::Field& field) {
        if (field.number == 1 && !field.data)
            response.rejected_spans = static_cast<std::uint64_t>(std::max<std::int64_t>(field.as_int(), 0));
        if (field.number == 2 && field.data)
            response.error_message = *field.data;
    });
}

/// google.rpc.RetryInfo {Duration retry_delay = 1}, Duration {int64 seconds = 1; int32 nanos = 2}.
std::optional<milliseconds> read_retry_info(std::string_view message)
{
    std::optional<milliseconds> delay;
    each_field(message, [&](const WireReader::Field& field) {
        if (field.number != 1 || !field.data)
            return;
        std::int64_t seconds = 0, nanos = 0;
        if (each_field(*field.data, [&](const WireReader::Field& part) {
                if (!part.data)
                    (part.number == 1 ? seconds : nanos) = part.as_int();
            }))
            delay = bounded_delay(seconds, nanos);
    });
    return delay;
}

/// google.protobuf.Any {string type_url = 1; bytes value = 2}.
std::optional<milliseconds> read_detail(std::string_view message)
{
    std::string_view type, value;
    each_field(message, [&](const WireReader::Field& field) {
        if (field.data && field.number == 1)
            type = *field.data;
        if (field.data && field.number == 2)
            value = *field.data;
    });
    return type.ends_with("/google.rpc.RetryInfo") ? read_retry_info(value) : std::nullopt;
}

} // namespace

std::optional<TraceResponse> read_trace_response(std::string_view message)
{
    TraceResponse response;
    bool parts = true;
    const bool whole = each_field(message, [&](const WireReader::Field& field) {
        if (field.number == 1)
            parts = field.data && read_partial_success(*field.data, response) && parts;
    });
    return whole && parts ? std::optional(std::move(response)) : std::nullopt;
}

std::optional<RpcStatus> read_rpc_status(std::string_view message)
{
    RpcStatus status;
    const bool whole = each_field(message, [&](const WireReader::Field& field) {
        if (field.number == 1 && !field.data)
            status.code = field.as_int();
        if (field.number == 2 && field.data)
            status.message = *field.data;
        if (field.number == 3 && field.data)
            if (const auto delay = read_detail(*field.data))
                status.retry_delay = delay;
    });
    return whole ? std::optional(std::move(status)) : std::nullopt;
}

milliseconds bounded_delay(std::int64_t seconds, std::int64_t nanos)
{
    const auto whole = std::clamp<std::int64_t>(seconds, 0, longest_delay_s);
    const auto rest = std::clamp<std::int64_t>(nanos, 0, 999'999'999) / 1'000'000;
    return std::min(milliseconds(whole * 1'000 + rest), milliseconds(longest_delay_s * 1'000));
}

} // namespace tokenscope::otlp

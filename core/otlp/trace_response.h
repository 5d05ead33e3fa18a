// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::otlp {

/// What an ExportTraceServiceResponse says; all empty for a full success.
struct TraceResponse {
    std::uint64_t rejected_spans = 0; ///< a negative number counts as none
    std::string error_message;        ///< may be there without rejected spans: a warning
};

/// Nothing for bytes that are no such message. Unknown fields are passed over.
std::optional<TraceResponse> read_trace_response(std::string_view message);

/// A google.rpc.Status: the body of a refusal over HTTP, and grpc-status-details-bin.
struct RpcStatus {
    std::int64_t code = 0;
    std::string message;
    std::optional<std::chrono::milliseconds> retry_delay; ///< of a RetryInfo among its details
};

std::optional<RpcStatus> read_rpc_status(std::string_view message);

/// As a server's wish to be left alone for a while, however absurd it is: 0 to one hour.
std::chrono::milliseconds bounded_delay(std::int64_t seconds, std::int64_t nanos = 0);

} // namespace tokenscope::otlp

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/headers.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::otlp {

/// How a gRPC call ended (grpc/grpc, doc/statuscodes.md and doc/PROTOCOL-HTTP2.md).
struct GrpcStatus {
    static constexpr unsigned ok = 0, cancelled = 1, unknown = 2, deadline_exceeded = 4, not_found = 5,
                              permission_denied = 7, resource_exhausted = 8, aborted = 10, out_of_range = 11,
                              unimplemented = 12, internal = 13, unavailable = 14, data_loss = 15, unauthenticated = 16;

    unsigned code = unknown;
    std::string message; ///< decoded, otherwise as the server wrote it
    std::optional<std::chrono::milliseconds> retry_delay;

    /// As OTLP's specification lists them ("OTLP/gRPC Response", Failures).
    bool may_retry() const;
    std::string_view name() const; ///< e.g. "UNAVAILABLE"
};

/// From the trailers, or the only headers, of a reply. Without a grpc-status the HTTP status stands in for it
/// (doc/http-grpc-status-mapping.md).
GrpcStatus read_grpc_status(unsigned http_status, const net::Headers& fields);

/// grpc-message: %XX are bytes; a % without two hexadecimal digits stays as it is.
std::string decode_grpc_message(std::string_view text);
/// Of a "-bin" field: base64, padded or not; nothing if it is none.
std::optional<std::string> decode_base64(std::string_view text);

} // namespace tokenscope::otlp

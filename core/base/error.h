// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace tokenscope {

/// What kind of thing went wrong. gateway/error_reply maps it to an HTTP status and the dialects' error types.
enum class ErrorCode {
    // The client's doing.
    invalid_request,
    model_missing,
    model_not_found,
    response_not_found,          ///< of GET /v1/responses/{id}
    previous_response_not_found, ///< the one that a request of the Responses API wants to continue
    unsupported_api,             ///< the model's provider has nothing like the API that the client uses
    unauthorized,                ///< no client key, or a wrong one
    forbidden,                   ///< a web page of another site, or a foreign Host
    route_not_found,
    method_not_allowed,
    unsupported_media_type,
    body_too_large,
    headers_too_large,
    client_timeout, ///< the client took too long to send its request
    client_gone,    ///< the client closed the connection before the reply was complete
    // Ours.
    rate_limited,
    queue_full,
    queue_timeout,
    shutting_down,
    config,
    conflict, ///< what was to be replaced is not any more what it was when it was read
    internal,
    // The upstream's doing.
    upstream_unreachable, ///< refused, no route, name not found
    upstream_tls,
    upstream_reset,     ///< closed or reset before the reply was complete
    upstream_bad_reply, ///< not HTTP, or not in the format the provider speaks
    upstream_timeout,
    upstream_error_event, ///< an error event inside a stream whose status was 200
};

/// Stable lower-case name for logs, metrics and tests, e.g. "upstream_timeout".
std::string_view to_string(ErrorCode code);

struct Error {
    ErrorCode code = ErrorCode::internal;
    std::string message; ///< one sentence for a person: what happened and what to do
    std::string detail;  ///< what the system said, e.g. "Connection refused"; may be empty
    std::string param;   ///< the request field at fault, or empty
    std::optional<std::chrono::seconds> retry_after;
};

} // namespace tokenscope

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/error_reply.h"

#include "llm/openai_writer.h"

#include <fmt/format.h>

#include <string_view>

namespace tokenscope::gateway {

unsigned http_status(ErrorCode code)
{
    switch (code) {
    case ErrorCode::invalid_request:
    case ErrorCode::model_missing: return 400;
    case ErrorCode::forbidden: return 403;
    case ErrorCode::model_not_found:
    case ErrorCode::route_not_found: return 404;
    case ErrorCode::method_not_allowed: return 405;
    case ErrorCode::client_timeout: return 408;
    case ErrorCode::body_too_large: return 413;
    case ErrorCode::unsupported_media_type: return 415;
    case ErrorCode::queue_full: return 429;
    case ErrorCode::headers_too_large: return 431;
    case ErrorCode::client_gone: return 499;
    case ErrorCode::upstream_unreachable:
    case ErrorCode::upstream_tls:
    case ErrorCode::upstream_reset:
    case ErrorCode::upstream_bad_reply:
    case ErrorCode::upstream_error_event: return 502;
    case ErrorCode::queue_timeout:
    case ErrorCode::shutting_down: return 503;
    case ErrorCode::upstream_timeout: return 504;
    case ErrorCode::config:
    case ErrorCode::internal: return 500;
    }
    return 500;
}

namespace {

/// OpenAI's error types, by status.
std::string_view error_type(unsigned status)
{
    if (status == 429)
        return "rate_limit_error";
    return status < 500 ? "invalid_request_error" : "api_error";
}

std::string error_json(const Error& error)
{
    auto message = error.message;
    if (!error.detail.empty())
        message += fmt::format(" ({})", error.detail);
    return llm::openai_error_json(message, error_type(http_status(error.code)), to_string(error.code), error.param);
}

} // namespace

std::string openai_error_body(const Error& error)
{
    return error_json(error) + "\n";
}

std::string openai_error_event(const Error& error)
{
    return "data: " + error_json(error) + "\n\n";
}

net::Response error_reply(const Error& error)
{
    net::Response response{.status = http_status(error.code),
                           .headers = {{"Content-Type", "application/json"}},
                           .body = openai_error_body(error)};
    if (error.retry_after)
        response.headers.emplace_back("Retry-After", std::to_string(error.retry_after->count()));
    return response;
}

} // namespace tokenscope::gateway

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/error.h"

namespace tokenscope {

std::string_view to_string(ErrorCode code)
{
    switch (code) {
    case ErrorCode::invalid_request: return "invalid_request";
    case ErrorCode::model_missing: return "model_missing";
    case ErrorCode::model_not_found: return "model_not_found";
    case ErrorCode::response_not_found: return "response_not_found";
    case ErrorCode::previous_response_not_found: return "previous_response_not_found";
    case ErrorCode::unsupported_api: return "unsupported_api";
    case ErrorCode::unauthorized: return "unauthorized";
    case ErrorCode::forbidden: return "forbidden";
    case ErrorCode::route_not_found: return "route_not_found";
    case ErrorCode::method_not_allowed: return "method_not_allowed";
    case ErrorCode::unsupported_media_type: return "unsupported_media_type";
    case ErrorCode::body_too_large: return "body_too_large";
    case ErrorCode::headers_too_large: return "headers_too_large";
    case ErrorCode::client_timeout: return "client_timeout";
    case ErrorCode::client_gone: return "client_gone";
    case ErrorCode::rate_limited: return "rate_limited";
    case ErrorCode::queue_full: return "queue_full";
    case ErrorCode::queue_timeout: return "queue_timeout";
    case ErrorCode::shutting_down: return "shutting_down";
    case ErrorCode::config: return "config";
    case ErrorCode::conflict: return "conflict";
    case ErrorCode::internal: return "internal";
    case ErrorCode::upstream_unreachable: return "upstream_unreachable";
    case ErrorCode::upstream_tls: return "upstream_tls";
    case ErrorCode::upstream_reset: return "upstream_reset";
    case ErrorCode::upstream_bad_reply: return "upstream_bad_reply";
    case ErrorCode::upstream_timeout: return "upstream_timeout";
    case ErrorCode::upstream_error_event: return "upstream_error_event";
    }
    return "internal";
}

} // namespace tokenscope

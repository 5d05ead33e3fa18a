// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/request_end.h"

namespace tokenscope::gateway {

using telemetry::EndReason;

telemetry::EndReason end_reason(ErrorCode code)
{
    switch (code) {
    case ErrorCode::client_gone: return EndReason::client_gone;
    case ErrorCode::upstream_error_event: return EndReason::in_stream_error;
    case ErrorCode::upstream_timeout: return EndReason::timeout;
    case ErrorCode::upstream_unreachable:
    case ErrorCode::upstream_tls:
    case ErrorCode::upstream_reset:
    case ErrorCode::upstream_bad_reply: return EndReason::upstream_error;
    case ErrorCode::shutting_down:
    case ErrorCode::internal: return EndReason::error;
    default: return EndReason::rejected;
    }
}

std::string_view error_type(ErrorCode code)
{
    const auto reason = end_reason(code);
    return reason == EndReason::upstream_error ? to_string(code) : to_string(reason);
}

} // namespace tokenscope::gateway

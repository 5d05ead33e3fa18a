// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/request_record.h"

namespace tokenscope::telemetry {

std::string_view to_string(EndReason reason)
{
    switch (reason) {
    case EndReason::done: return "done";
    case EndReason::client_gone: return "client_gone";
    case EndReason::upstream_error: return "upstream_error";
    case EndReason::in_stream_error: return "in_stream_error";
    case EndReason::timeout: return "timeout";
    case EndReason::rejected: return "rejected";
    case EndReason::error: return "error";
    }
    return "error";
}

} // namespace tokenscope::telemetry

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "telemetry/request_record.h"

#include <string_view>

namespace tokenscope::gateway {

/// Why a request ended, by the error it ended with.
telemetry::EndReason end_reason(ErrorCode code);

/// The label `error_type`: the reason, but of an upstream's error what it was. A literal.
std::string_view error_type(ErrorCode code);

} // namespace tokenscope::gateway

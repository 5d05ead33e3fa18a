// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/request_context.h"

namespace tokenscope::gateway {

/// Gives the request its trace: the client's, continued by a span of our own, or a new one (W3C Trace Context).
Handler with_tracing(Handler next);

} // namespace tokenscope::gateway

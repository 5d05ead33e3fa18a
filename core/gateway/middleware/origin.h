// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/request_context.h"

namespace tokenscope::gateway {

/// Keeps web pages away from the developer's keys: refuses a request whose Host is not a name of this machine (DNS
/// rebinding), or whose Origin is another site's (a page that sends requests behind the user's back).
Handler with_origin_check(Handler next);

/// Whether a Host header (host, host:port, [v6]:port) names this machine.
bool is_local_host_header(std::string_view host);

} // namespace tokenscope::gateway

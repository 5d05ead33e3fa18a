// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/middleware/origin_policy.h"
#include "gateway/request_context.h"

#include <memory>

namespace tokenscope::gateway {

/// Cross-origin resource sharing (the Fetch standard's CORS protocol) for configured origins, and for no others: a page of
/// a server on this machine (http://localhost:3000) may send requests but not read the replies, until its origin is
/// configured too.
///
/// Answers a preflight by itself, with 204, so that it needs no key: browsers send none with it. Every other reply to a
/// configured origin gets the fields that let the page read it. Credentials (cookies) are never allowed; a client key is
/// a header that the page sends by itself. Belongs inside the origin check and outside of rate limit and auth, so that a
/// page can read their refusals.
Handler with_cors(std::shared_ptr<const OriginPolicy> policy, Handler next);

} // namespace tokenscope::gateway

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/middleware/origin_policy.h"
#include "gateway/request_context.h"

#include <memory>

namespace tokenscope::gateway {

/// Keeps web pages away from the developer's keys. Refused are: a request whose Host is no name of this gateway (DNS
/// rebinding); one whose Origin is another site's (a page that sends requests behind the user's back); and one that a
/// browser marks as `Sec-Fetch-Site: cross-site` without any Origin, as it does for images, forms and links. Programs
/// send none of these fields. See OriginPolicy for what is allowed.
Handler with_origin_check(std::shared_ptr<const OriginPolicy> policy, Handler next);

} // namespace tokenscope::gateway

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/middleware/key_ring.h"
#include "gateway/request_context.h"

#include <memory>

namespace tokenscope::gateway {

/// Lets only clients with a key of the ring through, and names them in `context.client`; others get 401. A ring without
/// keys lets everybody through.
///
/// GET /health needs no key: it says that the process lives and nothing else, and what asks (a load balancer, a container
/// runtime) often cannot send one. Everything else needs one, /ready and the metrics too: they tell which providers and
/// models there are and how they are used. Prometheus sends a key with `authorization: { credentials_file: ... }`.
Handler with_auth(std::shared_ptr<const KeyRing> keys, Handler next);

} // namespace tokenscope::gateway

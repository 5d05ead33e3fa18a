// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/request_context.h"
#include "providers/provider.h"

namespace tokenscope::gateway {

/// The client's headers for a provider, with the request id and the trace's state; its parent goes by itself. `hide_credentials`: the
/// client's keys are ours, and not for providers.
providers::Headers upstream_headers(const RequestContext& context, bool hide_credentials);

} // namespace tokenscope::gateway

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/request_context.h"
#include "net/headers.h"

#include <string>
#include <string_view>

namespace tokenscope::gateway {

/// Answers with the error in the dialect of the request's path and leaves it in the context for the log.
net::Task<void> refuse(RequestContext& context, Error error, net::Headers more_headers = {});

/// Whether the request was not HTTP or its head too large: its headers mean nothing, and the router refuses it. A body
/// that is too large is none of these: its handler has it to count.
bool is_unreadable(const net::Exchange& exchange);

/// GET, or HEAD, which is answered like it.
bool only_reads(const net::Exchange& exchange);

/// A client's text for a sentence: quoted, cut to a readable length, anything but printable ASCII as '?'.
std::string quoted(std::string_view text);

} // namespace tokenscope::gateway

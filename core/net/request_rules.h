// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "net/headers.h"

#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::net {

/// What RFC 9112 demands of a request's head beyond its syntax, and refuses where two readers could disagree: one length
/// at most, made of digits; Transfer-Encoding only as a single "chunked", in HTTP/1.1, without a length; one Host that is one
/// (HTTP/1.0 may leave it out); no expectation but 100-continue. `version` is 10 or 11.
/// The target becomes origin-form: one in absolute form loses its scheme and host, which must be the Host's.
std::optional<Error> check_request(std::string_view method, std::string& target, unsigned version,
                                   const Headers& headers);

} // namespace tokenscope::net

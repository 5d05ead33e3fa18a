// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "net/exchange.h"

#include <string>

namespace tokenscope::gateway {

/// The HTTP status of an error that the gateway itself makes.
unsigned http_status(ErrorCode code);

/// {"error": {"message", "type", "code", "param"}}, as OpenAI's API words it.
std::string openai_error_body(const Error& error);

/// The same as an event for inside a stream, ending with its blank line.
std::string openai_error_event(const Error& error);

net::Response error_reply(const Error& error);

} // namespace tokenscope::gateway

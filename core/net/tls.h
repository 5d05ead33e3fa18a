// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/task.h"

#include <boost/asio/ssl/context.hpp>

#include <string>
#include <string_view>

namespace tokenscope::net {

/// A TLS context for clients that trusts the system's authorities, or those that SSL_CERT_FILE and SSL_CERT_DIR name. TLS 1.2
/// or later. May be called on any thread; the first call reads the authorities, which takes some 20 ms. All contexts share
/// them: one that is to trust others needs a store of its own.
boost::asio::ssl::context make_client_tls();

/// One sentence: why no TLS connection to `server` came about, and what to do. `verify_result` is Stream's.
std::string explain_tls(std::string_view server, const IoError& error, long verify_result);

} // namespace tokenscope::net

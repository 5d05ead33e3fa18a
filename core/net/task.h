// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

namespace tokenscope::net {

template <typename T>
using Task = boost::asio::awaitable<T>;

/// What the operating system or Asio says; tokenscope::ErrorCode is what the gateway makes of it.
using IoError = boost::system::error_code;

/// Completion token of every awaited operation: errors come back as values.
inline constexpr auto awaiting = boost::asio::as_tuple(boost::asio::use_awaitable);

} // namespace tokenscope::net

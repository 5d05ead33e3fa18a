// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <tl/expected.hpp>

namespace tokenscope {

/// A value, or the reason there is none. Anything the outside world can cause is reported this way; exceptions stay
/// inside third-party calls and assertions are for our own bugs.
template <typename T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> failure(Error error)
{
    return tl::make_unexpected(std::move(error));
}

inline tl::unexpected<Error> failure(ErrorCode code, std::string message, std::string detail = {})
{
    return tl::make_unexpected(Error{.code = code, .message = std::move(message), .detail = std::move(detail)});
}

} // namespace tokenscope

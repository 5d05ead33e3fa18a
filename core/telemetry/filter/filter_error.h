// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <tl/expected.hpp>

#include <cstddef>
#include <string>
#include <utility>

namespace tokenscope::telemetry {

/// Why a filter cannot be understood, and where: a stretch of its bytes, which may be empty at the end of the text.
struct FilterError {
    std::size_t from = 0;
    std::size_t length = 0;
    std::string message; ///< one sentence: what is wrong and what to write
};

template <typename T>
using FilterResult = tl::expected<T, FilterError>;

inline tl::unexpected<FilterError> filter_failure(std::size_t from, std::size_t to, std::string message)
{
    return tl::make_unexpected(
        FilterError{.from = from, .length = to > from ? to - from : 0, .message = std::move(message)});
}

} // namespace tokenscope::telemetry

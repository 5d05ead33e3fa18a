// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace tokenscope::query {

/// What a block of `size` bytes takes of the heap: 8 bytes for the allocator, rounded up to 16.
constexpr std::size_t heap_bytes(std::size_t size)
{
    constexpr std::size_t smallest = 32;
    if (size == 0)
        return 0;
    const auto rounded = (size + 8 + 15) / 16 * 16;
    return rounded < smallest ? smallest : rounded;
}

} // namespace tokenscope::query

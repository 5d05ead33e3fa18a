// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstddef>

namespace tokenscope::query {

/// What a block of `size` bytes takes of the heap of both programs: jemalloc's size classes, four between a power of two and the
/// next one (https://jemalloc.net/jemalloc.3.html#size_classes).
constexpr std::size_t heap_bytes(std::size_t size)
{
    constexpr std::size_t quantum = 16;
    if (size <= 8)
        return size == 0 ? 0 : 8;
    if (size <= 8 * quantum)
        return (size + quantum - 1) / quantum * quantum;
    const auto step = std::size_t{1} << (std::bit_width(size - 1) - 3);
    return (size + step - 1) / step * step;
}
static_assert(heap_bytes(129) == 160 && heap_bytes(160) == 160 && heap_bytes(257) == 320 && heap_bytes(4'097) == 5'120);

} // namespace tokenscope::query

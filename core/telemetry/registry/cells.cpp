// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/registry/cells.h"

#include <algorithm>

namespace tokenscope::telemetry {

void Counter::add_much(std::uint64_t by) noexcept
{
    // From here on to the last number there is room for all that is added piecemeal.
    constexpr std::uint64_t limit = std::uint64_t{1} << 63U;
    auto value = m_value.load(std::memory_order_relaxed);
    while (value < limit
           && !m_value.compare_exchange_weak(value, value + std::min(by, limit - value), std::memory_order_relaxed)) {}
}

} // namespace tokenscope::telemetry

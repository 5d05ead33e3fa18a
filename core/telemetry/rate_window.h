// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

#include <array>
#include <cstdint>

namespace tokenscope::telemetry {

/// How often something happened over the last ten seconds, to a tenth of a second, in fixed memory however often that is.
class RateWindow {
public:
    static constexpr std::chrono::seconds length{10};

    /// `now` never goes back.
    void add(Instant now, std::uint64_t times)
    {
        Slot& slot = m_slots[static_cast<std::size_t>(number(now)) % m_slots.size()];
        if (slot.number != number(now))
            slot = {number(now), 0};
        slot.count += times;
    }
    double per_second(Instant now) const
    {
        std::uint64_t count = 0;
        for (const Slot& slot : m_slots)
            if (slot.number > number(now) - static_cast<std::int64_t>(m_slots.size()))
                count += slot.count;
        return static_cast<double>(count) / static_cast<double>(length.count());
    }

private:
    struct Slot {
        std::int64_t number = 0;
        std::uint64_t count = 0;
    };
    static constexpr std::chrono::milliseconds slot_length{100};

    static std::int64_t number(Instant at) { return at.time_since_epoch() / slot_length; }

    std::array<Slot, length / slot_length> m_slots{};
};

} // namespace tokenscope::telemetry

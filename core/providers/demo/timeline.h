// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "telemetry/stages.h"

namespace tokenscope::providers::demo {

/// Where a job's time goes: it is in one stage at a time, from the moment it is submitted until its end, so that its
/// stages add up to its time in the engine to the nanosecond. Coming back to a stage adds to it.
class Timeline {
public:
    explicit Timeline(Instant begun) : m_begun(begun), m_since(begun) {}

    void enter(telemetry::Stage stage, Instant now)
    {
        add(m_times, now);
        m_stage = stage;
        m_since = now;
    }
    /// As if it had ended at `end`.
    telemetry::StageTimes until(Instant end) const
    {
        telemetry::StageTimes times = m_times;
        add(times, end);
        return times;
    }
    Instant begun() const { return m_begun; }
    Instant since() const { return m_since; } ///< when it came to the stage it is in

private:
    void add(telemetry::StageTimes& times, Instant now) const
    {
        auto& time = times[static_cast<std::size_t>(m_stage)];
        time = time.value_or(Nanos::zero()) + (now - m_since);
    }

    Instant m_begun;
    Instant m_since;
    telemetry::Stage m_stage = telemetry::Stage::mp_queue_send;
    telemetry::StageTimes m_times;
};

} // namespace tokenscope::providers::demo

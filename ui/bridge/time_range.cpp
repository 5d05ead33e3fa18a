// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/time_range.h"

#include <algorithm>
#include <array>

namespace tokenscope::ui {

namespace {

constexpr std::int64_t mostSteps = 600;

std::int64_t stepFor(std::int64_t windowMs)
{
    constexpr std::array<std::int64_t, 8> steps{1'000, 2'000, 5'000, 10'000, 15'000, 30'000, 60'000, 300'000};
    const auto fits = [windowMs](std::int64_t step) { return windowMs / step <= mostSteps; };
    const auto found = std::find_if(steps.begin(), steps.end(), fits);
    return found == steps.end() ? windowMs / mostSteps : *found;
}

} // namespace

TimeRange::TimeRange(const Clock& clock, QObject* parent) : QObject(parent), m_clock(clock) {}

std::int64_t TimeRange::now() const
{
    return m_clock.wall().time_since_epoch().count();
}

void TimeRange::setWindowMs(std::int64_t windowMs)
{
    windowMs = std::max<std::int64_t>(windowMs, 10'000);
    if (windowMs == m_windowMs)
        return;
    m_windowMs = windowMs;
    Q_EMIT changed();
}

void TimeRange::setPaused(bool paused)
{
    if (paused == this->paused())
        return;
    m_pausedAt = paused ? std::optional(now()) : std::nullopt;
    Q_EMIT changed();
}

sources::Range TimeRange::steps() const
{
    const auto step = stepFor(m_windowMs);
    const auto to = m_pausedAt.value_or(now()) / step * step;
    return {.from = to - m_windowMs, .to = to, .step = step};
}

} // namespace tokenscope::ui

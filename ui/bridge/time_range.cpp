// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/time_range.h"

#include <algorithm>
#include <array>

namespace tokenscope::ui {

namespace {

constexpr std::int64_t shortest = 10'000;
constexpr std::int64_t day = 86'400'000;

std::int64_t stepFor(std::int64_t windowMs, std::int64_t mostSteps)
{
    constexpr std::array<std::int64_t, 18> steps{1'000,     2'000,     5'000,      10'000,     15'000,     30'000,
                                                 60'000,    120'000,   300'000,    600'000,    900'000,    1'800'000,
                                                 3'600'000, 7'200'000, 14'400'000, 21'600'000, 43'200'000, day};
    const auto fits = [&](std::int64_t step) { return windowMs / step <= mostSteps; };
    const auto found = std::find_if(steps.begin(), steps.end(), fits);
    return found == steps.end() ? (windowMs / mostSteps / day + 1) * day : *found;
}

} // namespace

TimeRange::TimeRange(const Clock& clock, QObject* parent) : QObject(parent), m_clock(clock) {}

std::int64_t TimeRange::now() const
{
    return m_clock.wall().time_since_epoch().count();
}

void TimeRange::setWindowMs(std::int64_t windowMs)
{
    windowMs = std::max(windowMs, shortest);
    if (windowMs == m_windowMs && !m_fixed)
        return;
    m_windowMs = windowMs;
    m_fixed.reset();
    Q_EMIT changed();
}

void TimeRange::setPaused(bool paused)
{
    if (paused == this->paused())
        return;
    m_pausedAt = paused ? std::optional(now()) : std::nullopt;
    Q_EMIT changed();
}

void TimeRange::setFixed(Span span)
{
    if (span.from > span.to)
        std::swap(span.from, span.to);
    span.to = std::max(span.to, span.from + shortest);
    if (m_fixed == span)
        return;
    m_fixed = span;
    Q_EMIT changed();
}

void TimeRange::goLive()
{
    if (live())
        return;
    m_fixed.reset();
    m_pausedAt.reset();
    Q_EMIT changed();
}

std::int64_t TimeRange::end() const
{
    constexpr std::int64_t second = 1'000;
    return m_fixed ? m_fixed->to : m_pausedAt.value_or(now()) / second * second;
}

sources::Range TimeRange::steps(std::int64_t mostSteps, std::int64_t leastStep) const
{
    const auto width = m_fixed ? m_fixed->to - m_fixed->from : m_windowMs;
    const auto step = std::max(stepFor(width, mostSteps), leastStep);
    // It does not move, so its last step can be its end: none lies beyond, in a time that was not chosen or is yet to come.
    if (m_fixed)
        return {.from = m_fixed->to - (width + step - 1) / step * step, .to = m_fixed->to, .step = step};
    const auto to = m_pausedAt.value_or(now()) / step * step;
    return {.from = to - (m_windowMs + step - 1) / step * step, .to = to, .step = step};
}

} // namespace tokenscope::ui

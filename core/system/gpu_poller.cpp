// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "system/gpu_poller.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace tokenscope::system {

struct GpuPoller::State {
    State(MakeSampler making, const Clock& given, Options wanted)
        : make(std::move(making)), clock(given), options(wanted), begun(given.now())
    {
    }

    bool is_recent() const { return clock.now() - sampled_at.value_or(begun) <= options.max_age; }

    void run()
    {
        const auto sampler = make();
        std::unique_lock lock(mutex);
        while (!stopping) {
            lock.unlock();
            auto taken = sampler->sample();
            auto from = sampler->origin();
            lock.lock();
            if (stopping)
                break; // the clock may be gone
            samples = std::move(taken);
            origin = std::move(from);
            sampled_at = clock.now();
            wake.wait_for(lock, options.interval, [this] { return stopping; });
        }
        lock.unlock();
    }

    const MakeSampler make;
    const Clock& clock;
    const Options options;
    const Instant begun;
    mutable std::mutex mutex; // of what follows
    std::condition_variable wake;
    std::vector<GpuSample> samples;
    std::string origin;
    std::optional<Instant> sampled_at;
    bool stopping = false;
    bool ended = false;
    std::thread thread;
};

GpuPoller::GpuPoller(MakeSampler make, const Clock& clock, Options options)
    : m_state(std::make_shared<State>(std::move(make), clock, options))
{
    m_state->thread = std::thread([state = m_state] {
        state->run();
        const std::scoped_lock lock(state->mutex);
        state->ended = true;
        state->wake.notify_all();
    });
}

GpuPoller::~GpuPoller()
{
    std::unique_lock lock(m_state->mutex);
    m_state->stopping = true;
    m_state->wake.notify_all();
    const bool ended = m_state->wake.wait_for(lock, m_state->options.patience, [this] { return m_state->ended; });
    lock.unlock();
    if (ended)
        m_state->thread.join();
    else
        m_state->thread.detach();
}

std::vector<GpuSample> GpuPoller::latest() const
{
    const std::scoped_lock lock(m_state->mutex);
    return m_state->is_recent() ? m_state->samples : std::vector<GpuSample>();
}

std::string GpuPoller::origin() const
{
    const std::scoped_lock lock(m_state->mutex);
    return m_state->is_recent() ? m_state->origin : "the GPU driver does not answer";
}

} // namespace tokenscope::system

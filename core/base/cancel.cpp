// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/cancel.h"

#include <atomic>
#include <map>
#include <mutex>
#include <utility>

namespace tokenscope {

namespace detail {

struct CancelState {
    std::atomic<bool> cancelled = false;
    // Recursive: a callback may look at, or add to, the state that is running it.
    std::recursive_mutex mutex;
    std::map<unsigned long, std::function<void()>> callbacks;
    unsigned long next_id = 1;
};

} // namespace detail

CancelRegistration::CancelRegistration(std::shared_ptr<detail::CancelState> state, unsigned long id)
    : m_state(std::move(state)), m_id(id)
{
}

CancelRegistration::CancelRegistration(CancelRegistration&& other) noexcept
    : m_state(std::exchange(other.m_state, nullptr)), m_id(std::exchange(other.m_id, 0))
{
}

CancelRegistration& CancelRegistration::operator=(CancelRegistration&& other) noexcept
{
    if (this != &other) {
        reset();
        m_state = std::exchange(other.m_state, nullptr);
        m_id = std::exchange(other.m_id, 0);
    }
    return *this;
}

CancelRegistration::~CancelRegistration()
{
    reset();
}

void CancelRegistration::reset()
{
    if (!m_state)
        return;
    {
        const std::scoped_lock lock(m_state->mutex);
        m_state->callbacks.erase(m_id);
    }
    m_state.reset();
}

bool CancelToken::cancelled() const
{
    return m_state && m_state->cancelled.load(std::memory_order_acquire);
}

CancelRegistration CancelToken::on_cancel(std::function<void()> callback) const
{
    if (!m_state)
        return {};
    const std::scoped_lock lock(m_state->mutex);
    if (m_state->cancelled.load(std::memory_order_relaxed)) {
        callback();
        return {};
    }
    const auto id = m_state->next_id++;
    m_state->callbacks.emplace(id, std::move(callback));
    return {m_state, id};
}

CancelSource::CancelSource() : m_state(std::make_shared<detail::CancelState>()) {}

void CancelSource::cancel()
{
    // Held while the callbacks run, so that ~CancelRegistration on another thread waits for the one in progress.
    const auto state = m_state;
    const std::scoped_lock lock(state->mutex);
    if (state->cancelled.exchange(true, std::memory_order_acq_rel))
        return;
    while (!state->callbacks.empty()) {
        auto callback = std::move(state->callbacks.begin()->second);
        state->callbacks.erase(state->callbacks.begin());
        callback();
    }
}

} // namespace tokenscope

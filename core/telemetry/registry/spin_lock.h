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
        if (m_taken.exchange(true, std::memory_order_acquire)) [[unlikely]]
            wait();
    }
    void unlock() noexcept { m_taken.store(false, std::memory_order_release); }

private:
    // Kept out of the callers' code: it would cost them registers.
    [[gnu::noinline, gnu::cold]] void wait() noexcept
    {
        do
            std::this_thread::yield();
        while (m_taken.exchange(true, std::memory_order_acquire));
    }

    std::atomic<bool> m_taken{false};
};

} // namespace tokenscope::telemetry

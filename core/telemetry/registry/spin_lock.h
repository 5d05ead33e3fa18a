// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

namespace tokenscope::telemetry {

/// For sections of a few instructions that hardly ever meet: a tenth of a mutex in size and half its cost. BasicLockable.
class SpinLock {
public:
    void lock() noexcept
    {
        if (taken_before()) [[unlikely]]
            wait();
    }
    void unlock() noexcept { m_taken.store(0, std::memory_order_release); }

private:
    /// One bit of a word, since setting it is one instruction.
    bool taken_before() noexcept { return (m_taken.fetch_or(1U, std::memory_order_acquire) & 1U) != 0; }

    // Kept out of the callers' code: it would cost them registers.
    [[gnu::noinline, gnu::cold]] void wait() noexcept
    {
        do
            std::this_thread::yield();
        while (taken_before());
    }

    std::atomic<std::uint32_t> m_taken{0};
};

} // namespace tokenscope::telemetry

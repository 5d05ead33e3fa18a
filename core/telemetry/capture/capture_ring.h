// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/capture/capture_store.h"

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace tokenscope::telemetry {

/// Keeps the newest exchanges in memory and forgets the oldest where all of them would be more than the budget.
class CaptureRing final : public CaptureStore {
public:
    struct Settings {
        bool bodies = false;
        std::size_t bytes = std::size_t{8} << 20;       ///< of everything that is kept, estimated; 0: nothing is
        std::size_t body_bytes = std::size_t{64} << 10; ///< of one body; what is more is cut off
    };

    CaptureRing() = default;
    explicit CaptureRing(Settings settings) { configure(settings); }

    /// For what comes from now on. A smaller budget is kept at once; without `bodies` those that were kept are forgotten.
    void configure(Settings settings);
    Settings settings() const;
    /// Whether there is any use in capturing.
    bool keeps_any() const { return m_keeps_any.load(std::memory_order_relaxed); }

    /// Masks what is secret in the heads, and keeps the exchange in the place of an older one of the same id. What is
    /// larger than the whole budget is not kept.
    void keep(std::string request_id, CapturedExchange exchange);

    std::shared_ptr<const CapturedExchange> find(std::string_view request_id) const override;
    bool bodies() const override { return m_bodies.load(std::memory_order_relaxed); }
    std::size_t bytes() const; ///< used of the budget

private:
    struct Kept {
        std::string request_id;
        std::shared_ptr<const CapturedExchange> exchange;
        std::size_t bytes = 0;
    };

    void forget_bodies();
    void forget_oldest();

    std::atomic<bool> m_bodies{false};
    std::atomic<bool> m_keeps_any{true};
    mutable std::mutex m_mutex; ///< of all below
    Settings m_settings;
    std::uint64_t m_first = 0; ///< the number of the oldest in m_kept; the others follow
    std::deque<Kept> m_kept;
    std::map<std::string, std::uint64_t, std::less<>> m_numbers; ///< of the newest of each id
    std::size_t m_bytes = 0;
};

/// Adds what has come of a body. Keeps as much of it as fits into `limit` bytes and does not end inside a UTF-8 character;
/// counts all of it.
void append(CapturedBody& body, std::string_view bytes, std::size_t limit);

} // namespace tokenscope::telemetry

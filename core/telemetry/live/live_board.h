// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/live/live_entry.h"
#include "telemetry/live/live_requests.h"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace tokenscope::telemetry {

/// Where every RequestObservation is while it lives, if its Observers name one. A reader holds the lock of the list only
/// to copy pointers, so that beginning and ending wait for microseconds at most; a chunk waits for nobody. Positions in
/// queues are worked out by the reader, from the turns that each queue publishes.
class LiveBoard final : public LiveRequests {
public:
    /// `begun` without its id, which is given here.
    std::shared_ptr<LiveEntry> begin(LiveRequest begun);
    void end(const LiveEntry& entry);

    std::vector<LiveRequest> now() const override;

private:
    mutable std::mutex m_mutex;
    std::uint64_t m_last = 0;
    std::map<std::uint64_t, std::shared_ptr<LiveEntry>> m_entries;
};

} // namespace tokenscope::telemetry

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace tokenscope::telemetry {

/// One client key's line in a provider's queue, as far as a reader on another thread has to know it.
struct QueueLine {
    QueueLine(const void* its_queue, std::uint64_t turn) : queue(its_queue), last_turn(turn) {}

    const void* const queue;              ///< which one; never followed
    std::atomic<std::uint64_t> last_turn; ///< rises with every turn that the queue gives; 0: the key had none yet
};

/// Where a request waits.
struct QueuePlace {
    std::shared_ptr<const QueueLine> line; ///< null: nowhere
    std::uint64_t arrival = 0;             ///< rises with every request that gets in line at the queue
};

/// Who would be served as the how-manieth, from 1, if nobody came or left any more: in turns between the lines of a
/// queue, the one whose last turn was longest ago first, as AdmissionQueue does it; within a line by arrival. 0 for a
/// place without a line.
std::vector<std::size_t> queue_positions(std::span<const QueuePlace> places);

} // namespace tokenscope::telemetry

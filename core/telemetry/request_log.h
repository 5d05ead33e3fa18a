// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/request_observation.h"

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace tokenscope::telemetry {

/// The last finished requests, newest kept, within a budget of memory: where it is used up, the chunks of the oldest streams go
/// first, then the oldest records. Readers ask "what is new since n" at their own pace, so that no request ever signals the
/// UI. Thread-safe.
class RequestLog final : public RecordSink {
public:
    explicit RequestLog(std::size_t capacity = 2000, std::size_t budget = std::size_t{16} << 20)
        : m_capacity(capacity), m_budget(budget)
    {
    }

    /// Numbers the record (from 1) and keeps it.
    void publish(RequestRecord record) override { add(std::move(record)); }
    /// The same; the record as it is kept.
    std::shared_ptr<const RequestRecord> add(RequestRecord record);

    /// Puts records of an earlier run, oldest first, before everything that is to come. Numbering goes on from the last
    /// one's; the others are numbered backwards from it. Does nothing once there is a record.
    void restore(std::vector<RequestRecord> records);

    /// Bytes. A smaller one is kept at once. The newest record stays however large it is.
    void set_budget(std::size_t bytes);
    struct Use {
        std::size_t records = 0;
        std::size_t bytes = 0; ///< of the heap: those records, all that is in them
        std::size_t budget = 0;
    };
    Use use() const;

    /// Records with a sequence above `sequence`, oldest first, at most `most` of the newest.
    std::vector<std::shared_ptr<const RequestRecord>> since(std::uint64_t sequence, std::size_t most = SIZE_MAX) const;
    std::uint64_t last_sequence() const;
    std::uint64_t first_sequence() const; ///< of the oldest that is kept; without any, the next one's

private:
    struct Kept {
        std::shared_ptr<const RequestRecord> record;
        std::size_t bytes = 0;       ///< but for its chunks
        std::size_t chunk_bytes = 0; ///< 0: it has none, or no longer
    };

    // Under the lock:
    void keep(std::shared_ptr<const RequestRecord> record);
    void fit();
    void forget_chunks(Kept& kept);
    std::shared_ptr<const RequestRecord> drop_oldest();

    const std::size_t m_capacity;
    mutable std::mutex m_mutex;
    std::size_t m_budget;
    std::uint64_t m_last = 0;
    std::deque<Kept> m_kept;
    std::size_t m_without_chunks = 0; ///< so many of the oldest
    std::size_t m_bytes = 0;
};

} // namespace tokenscope::telemetry

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

/// The last finished requests, newest kept. Readers ask "what is new since n" at their own pace, so that no
/// request ever signals the UI. Thread-safe.
class RequestLog final : public RecordSink {
public:
    explicit RequestLog(std::size_t capacity = 2000) : m_capacity(capacity) {}

    /// Numbers the record (from 1) and keeps it.
    void publish(RequestRecord record) override { add(std::move(record)); }
    /// The same; the record as it is kept.
    std::shared_ptr<const RequestRecord> add(RequestRecord record);

    /// Puts records of an earlier run, oldest first, before everything that is to come. Numbering goes on from the last
    /// one's; the others are numbered backwards from it. Does nothing once there is a record.
    void restore(std::vector<RequestRecord> records);

    /// Records with a sequence above `sequence`, oldest first, at most `most` of the newest.
    std::vector<std::shared_ptr<const RequestRecord>> since(std::uint64_t sequence, std::size_t most = SIZE_MAX) const;
    std::uint64_t last_sequence() const;

private:
    const std::size_t m_capacity;
    mutable std::mutex m_mutex;
    std::uint64_t m_last = 0;
    std::deque<std::shared_ptr<const RequestRecord>> m_records;
};

} // namespace tokenscope::telemetry

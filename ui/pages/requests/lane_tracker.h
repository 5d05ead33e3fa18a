// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "telemetry/live/live_requests.h"
#include "telemetry/request_record.h"
#include "widgets/lane.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace tokenscope::telemetry {
class RequestLog;
}

namespace tokenscope::ui {

/// Makes lanes of the requests in flight, look for look, in the order in which they came. One that has ended lingers with its
/// outcome for a moment, then those below it move up. Looks may be seldom: what came since the one before is spread over that
/// time.
class LaneTracker {
public:
    explicit LaneTracker(const telemetry::RequestLog& log);

    /// Whether the rows of those that have gone stay empty, so that nothing moves under a mouse.
    enum class Holes { closed, kept };
    /// `requests` as they are at `now`, oldest first. Where there were more rows than `room`, empty ones are closed in any case
    /// and those that have ended go, since those in flight come first.
    void look(Instant now, const std::vector<telemetry::LiveRequest>& requests, std::size_t room = SIZE_MAX,
              Holes holes = Holes::closed);

    /// By row; an empty one has no id. The last one is never empty.
    const std::vector<Lane>& lanes() const { return m_lanes; }
    /// Everything that is known of a lane, a line each.
    QString details(std::uint64_t id) const;
    double tokensPerSecond() const { return m_tokensPerSecond; } ///< of all together, over the last second

private:
    struct Sample {
        Instant at;
        std::uint64_t tokens = 0;
    };
    /// Tokens of a request so far, and when they came.
    struct Arrivals {
        std::optional<Instant> first, last;
        std::uint64_t tokens = 0;
    };
    struct Track {
        std::size_t row = 0;
        telemetry::LiveRequest last;
        std::deque<Sample> samples; ///< of the last second, and one before
        bool seen = false;          ///< in this look
        std::optional<Instant> seenAt;
        double markStep = 0; ///< seconds; marks are no nearer to each other
        std::optional<double> rate;
        bool ended = false;
        Instant endedAt;
        std::shared_ptr<const telemetry::RequestRecord> record; ///< null: it has not been found
    };

    void takeRecords();
    Track& trackOf(const telemetry::LiveRequest& request);
    void follow(Track& track, const telemetry::LiveRequest& request, Instant now);
    void finish(Track& track, Instant now);
    void mark(Track& track, const Arrivals& arrivals);
    void dropFaded(Instant now);
    void closeRows(std::size_t room, Holes holes);
    void dropOldestEnded();
    std::optional<double> rate(const Track& track, Instant now) const;

    const telemetry::RequestLog& m_log;
    std::uint64_t m_sequence;
    std::vector<Lane> m_lanes;
    std::map<std::uint64_t, Track> m_tracks; ///< by LiveRequest::id
    double m_tokensPerSecond = 0;
};

} // namespace tokenscope::ui

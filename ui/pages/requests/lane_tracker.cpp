// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/requests/lane_tracker.h"

#include "pages/requests/lane_words.h"
#include "telemetry/request_log.h"

#include <algorithm>
#include <utility>

namespace tokenscope::ui {

namespace {

using namespace std::chrono_literals;
using telemetry::EndReason;
using telemetry::LivePhase;
using telemetry::LiveRequest;
using Kind = LaneSegment::Kind;

constexpr Nanos linger = 2s;  ///< after its end
constexpr Nanos fade = 700ms; ///< of that
constexpr Nanos window = 1s;  ///< of the rate
constexpr Nanos leastWindow = 250ms;
constexpr std::size_t mostMarks = 512;
constexpr double leastStep = 0.008; ///< seconds between marks
/// A little more than between two looks of a view that is seen: a silence shorter than that is none.
constexpr Nanos lookPause = 40ms;

/// The instants of a request until now, or until its end.
struct Course {
    Instant accepted;
    std::optional<Instant> queued, dequeued, first_token;
    LivePhase phase = LivePhase::reading;
    Instant until;
};

std::vector<LaneSegment> segmentsOf(const Course& course)
{
    std::vector<LaneSegment> segments;
    double from = 0;
    const auto add = [&](Kind kind, Instant until) {
        const double to = std::max(from, seconds(until - course.accepted));
        if (to > from)
            segments.push_back({.kind = kind, .from = from, .to = to});
        from = to;
    };
    const auto end = course.until;
    if (course.queued)
        add(Kind::preparing, *course.queued);
    else if (course.phase == LivePhase::reading)
        add(Kind::preparing, end);
    if (course.queued && (course.dequeued || course.phase == LivePhase::queued))
        add(Kind::queued, course.dequeued.value_or(end));
    add(Kind::waiting, course.first_token.value_or(end));
    if (course.first_token)
        add(Kind::streaming, end);
    return segments;
}

LaneEnd endOf(const telemetry::RequestRecord& record)
{
    if (record.end_reason == EndReason::client_gone)
        return LaneEnd::cancelled;
    return record.status == telemetry::RequestStatus::success ? LaneEnd::done : LaneEnd::failed;
}

void put(std::vector<LaneMark>& marks, const LaneMark& mark, double step)
{
    if (!marks.empty() && mark.at - marks.back().at < step)
        marks.back().tokens += mark.tokens;
    else
        marks.push_back(mark);
}

/// The same tokens in fewer marks, all of them as far apart as those to come: no part of a lane looks denser than another.
void thin(std::vector<LaneMark>& marks, double step)
{
    std::vector<LaneMark> fewer;
    fewer.reserve(mostMarks);
    for (const auto& mark : marks)
        put(fewer, mark, step);
    marks = std::move(fewer);
}

} // namespace

LaneTracker::LaneTracker(const telemetry::RequestLog& log) : m_log(log), m_sequence(log.last_sequence()) {}

void LaneTracker::look(Instant now, const std::vector<LiveRequest>& requests, std::size_t room, Holes holes)
{
    for (auto& [id, track] : m_tracks)
        track.seen = false;
    m_tokensPerSecond = 0;
    for (const auto& request : requests)
        follow(trackOf(request), request, now);
    // After the requests: whoever was not among them has its record by now.
    takeRecords();
    for (auto& [id, track] : m_tracks)
        if (!track.seen)
            finish(track, now);
    dropFaded(now);
    closeRows(room, holes);
}

void LaneTracker::takeRecords()
{
    for (const auto& record : m_log.since(m_sequence)) {
        m_sequence = record->sequence;
        for (auto& [id, track] : m_tracks)
            if (track.last.request_id == record->request_id && track.last.accepted == record->accepted)
                track.record = record;
    }
}

LaneTracker::Track& LaneTracker::trackOf(const LiveRequest& request)
{
    const auto [found, is_new] = m_tracks.try_emplace(request.id);
    if (is_new) {
        found->second.row = m_lanes.size();
        m_lanes.push_back(Lane{.id = request.id, .key = QString::fromStdString(request.request_id)});
    }
    return found->second;
}

std::optional<double> LaneTracker::rate(const Track& track, Instant now) const
{
    const auto& request = track.last;
    if (!request.first_token || track.samples.empty() || now - *request.first_token < leastWindow)
        return std::nullopt;
    const auto& oldest = track.samples.front();
    // The first token of all began the count and belongs to no time before it.
    const auto since = std::max(oldest.at, now - window);
    const auto span = now - since;
    if (span < leastWindow)
        return std::nullopt;
    return static_cast<double>(request.tokens - oldest.tokens) / seconds(span);
}

/// Tokens that came since the last look, evenly: all that is known is how many, that none of them came before it, and when the
/// last one did. Of those before the first look it is known when they began.
void LaneTracker::mark(Track& track, const Arrivals& arrivals)
{
    const auto before = track.last.tokens;
    if (arrivals.tokens <= before || !arrivals.first || !arrivals.last)
        return;
    const auto accepted = track.last.accepted;
    const auto fresh = arrivals.tokens - before;
    const bool known = before > 0 && track.seenAt && track.last.last_token;
    const auto since = known ? std::max(*track.last.last_token, *track.seenAt - lookPause) : *arrivals.first;
    const double end = seconds(*arrivals.last - accepted);
    const double begin = std::min(end, seconds(since - accepted));
    // A stream's first token is where it begins; others follow one that has its mark.
    const auto gaps = known ? fresh : fresh - 1;
    const double gap = gaps > 0 ? (end - begin) / static_cast<double>(gaps) : 0;
    const auto pieces = std::clamp<std::uint64_t>(fresh, 1, mostMarks);
    auto& marks = m_lanes[track.row].marks;
    track.markStep = std::max(track.markStep, leastStep);
    for (std::uint64_t i = 0; i < pieces; ++i) {
        const auto to = fresh * (i + 1) / pieces;
        const auto left = static_cast<double>(fresh - to);
        put(marks, {.at = end - gap * left, .tokens = static_cast<std::uint32_t>(to - fresh * i / pieces)},
            track.markStep);
    }
    while (marks.size() > mostMarks) {
        track.markStep *= 2;
        thin(marks, track.markStep);
    }
}

void LaneTracker::follow(Track& track, const LiveRequest& request, Instant now)
{
    auto& lane = m_lanes[track.row];
    track.last.accepted = request.accepted;
    mark(track, {request.first_token, request.last_token, request.tokens});
    // Nobody looked, as on another page: when in that time the tokens came is not known, so there is no speed yet.
    if (track.seenAt && now - *track.seenAt > window)
        track.samples.clear();
    track.seen = true;
    track.seenAt = now;
    track.last = request;
    if (request.first_token && (track.samples.empty() || track.samples.back().tokens != request.tokens))
        track.samples.push_back({.at = now, .tokens = request.tokens});
    // One from before the window stays: what came since then came in the window.
    while (track.samples.size() > 1 && track.samples[1].at <= now - window)
        track.samples.pop_front();
    track.rate = rate(track, now);
    m_tokensPerSecond += track.rate.value_or(0);
    lane.name = LaneWords::name(request);
    lane.tag = LaneWords::tag(request);
    lane.state = LaneWords::state(request, track.rate);
    lane.age = std::max(0.0, seconds(now - request.accepted));
    lane.segments = segmentsOf({request.accepted, request.queued, request.dequeued, request.first_token, request.phase,
                                std::max(now, request.accepted)});
}

void LaneTracker::finish(Track& track, Instant now)
{
    auto& lane = m_lanes[track.row];
    const bool known_before = lane.end != LaneEnd::running && lane.end != LaneEnd::unknown;
    if (!track.ended) {
        track.ended = true;
        // Who comes back to this view does not see again what has long gone.
        track.endedAt = track.record ? std::min(now, track.record->ended) : now;
        lane.end = LaneEnd::unknown;
        lane.state = LaneWords::ended();
    }
    if (track.record && !known_before) {
        const auto& record = *track.record;
        mark(track, {record.first_token, record.last_token, record.stream_tokens});
        lane.end = endOf(record);
        lane.state = LaneWords::outcome(record);
        lane.age = seconds(record.total());
        lane.segments = segmentsOf(
            {record.accepted, record.queued, record.dequeued, record.first_token, track.last.phase, record.ended});
    }
    const auto left = track.endedAt + linger - now;
    lane.fading = std::clamp(1 - seconds(left) / seconds(fade), 0.0, 1.0);
}

void LaneTracker::dropFaded(Instant now)
{
    std::erase_if(m_tracks, [&](const auto& entry) {
        const auto& track = entry.second;
        if (!track.ended || now - track.endedAt < linger)
            return false;
        m_lanes[track.row] = {};
        return true;
    });
}

QString LaneTracker::details(std::uint64_t id) const
{
    const auto found = m_tracks.find(id);
    if (found == m_tracks.end())
        return {};
    const auto& track = found->second;
    return LaneWords::details(track.last, track.record.get(), track.ended ? std::nullopt : track.rate);
}

void LaneTracker::dropOldestEnded()
{
    auto oldest = m_tracks.end();
    for (auto track = m_tracks.begin(); track != m_tracks.end(); ++track)
        if (track->second.ended && (oldest == m_tracks.end() || track->second.endedAt < oldest->second.endedAt))
            oldest = track;
    m_lanes[oldest->second.row] = {};
    m_tracks.erase(oldest);
}

void LaneTracker::closeRows(std::size_t room, Holes holes)
{
    auto ended = static_cast<std::size_t>(
        std::count_if(m_tracks.begin(), m_tracks.end(), [](const auto& entry) { return entry.second.ended; }));
    for (; ended > 0 && m_tracks.size() > room; --ended)
        dropOldestEnded();
    while (!m_lanes.empty() && m_lanes.back().id == 0)
        m_lanes.pop_back();
    if (holes == Holes::kept && m_lanes.size() <= room)
        return;
    std::erase_if(m_lanes, [](const Lane& lane) { return lane.id == 0; });
    for (std::size_t row = 0; row < m_lanes.size(); ++row)
        m_tracks.at(m_lanes[row].id).row = row;
}

} // namespace tokenscope::ui

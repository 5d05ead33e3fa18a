// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/live/queue_line.h"

#include <algorithm>
#include <map>

namespace tokenscope::telemetry {

namespace {

struct Line {
    std::uint64_t last_turn = 0;      ///< read once: it may change meanwhile
    std::vector<std::size_t> waiting; ///< indices of places
};

void count_off(std::span<const QueuePlace> places, std::vector<Line> lines, std::vector<std::size_t>& positions)
{
    const auto arrival = [&](std::size_t index) { return places[index].arrival; };
    for (auto& line : lines)
        std::sort(line.waiting.begin(), line.waiting.end(),
                  [&](std::size_t a, std::size_t b) { return arrival(a) < arrival(b); });
    std::sort(lines.begin(), lines.end(), [&](const Line& a, const Line& b) {
        return a.last_turn != b.last_turn ? a.last_turn < b.last_turn
                                          : arrival(a.waiting.front()) < arrival(b.waiting.front());
    });
    // A line that has had its turn goes behind all others, so that turns go round.
    std::size_t position = 0;
    for (std::size_t round = 0; !lines.empty(); ++round) {
        for (const auto& line : lines)
            positions[line.waiting[round]] = ++position;
        std::erase_if(lines, [round](const Line& line) { return line.waiting.size() == round + 1; });
    }
}

} // namespace

std::vector<std::size_t> queue_positions(std::span<const QueuePlace> places)
{
    std::map<const void*, std::map<const QueueLine*, Line>> queues;
    for (std::size_t i = 0; i < places.size(); ++i) {
        const auto* const shared = places[i].line.get();
        if (!shared)
            continue;
        const auto [line, is_new] = queues[shared->queue].try_emplace(shared);
        if (is_new)
            line->second.last_turn = shared->last_turn.load(std::memory_order_relaxed);
        line->second.waiting.push_back(i);
    }
    std::vector<std::size_t> positions(places.size());
    for (auto& [queue, by_key] : queues) {
        std::vector<Line> lines;
        for (auto& [key, line] : by_key)
            lines.push_back(std::move(line));
        count_off(places, std::move(lines), positions);
    }
    return positions;
}

} // namespace tokenscope::telemetry

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/rule.h"
#include "query/frame.h"
#include "query/labels.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tokenscope::alerts {

enum class State { inactive, pending, firing };

std::string_view to_string(State state);

/// One series that a rule watches, as it was at the last answer.
struct SeriesState {
    query::Labels labels;
    State state = State::inactive;
    std::optional<double> value;          ///< absent where the answer had none
    std::optional<std::int64_t> since_ms; ///< when the condition became true; absent while inactive
    std::optional<std::int64_t> fired_ms; ///< when it began to fire; absent unless firing
};

/// A series began to fire, or stopped.
struct Event {
    std::string rule; ///< its id
    query::Labels labels;
    bool fired = false;
    std::int64_t at_ms = 0;
    std::optional<double> value;
    std::int64_t lasted_ms = 0; ///< of one that is over
};

/// Judges the answers to one rule's question, one after the other. Times are ms since 1970 and may stand still or jump: one that goes
/// back counts as no time passed. Used on one thread.
class RuleState {
public:
    /// Takes the last value of each column at or before `now_ms`. Series that are in the answer no more have no value: they are over for
    /// `above` and `below`. The events, in the order of the labels.
    std::vector<Event> answered(const Rule& rule, const query::Frame& frame, std::int64_t now_ms);
    /// Nothing is known: what fires goes on firing, what was pending waits for the next answer.
    void failed(Error error);

    /// By labels; of series that are inactive only those of the last answer. For `absent` one without labels.
    const std::vector<SeriesState>& series() const { return m_series; }
    State state() const; ///< the worst of all
    const std::optional<Error>& error() const { return m_error; }
    std::optional<std::int64_t> answered_ms() const { return m_answered; } ///< the last answer

private:
    struct Tracked {
        SeriesState shown;
        std::optional<std::int64_t> clear_since; ///< firing, but the condition is false since then
    };
    void judge(const Rule& rule, Tracked& tracked, bool met, std::int64_t now, std::vector<Event>& events);

    std::vector<SeriesState> m_series;
    std::vector<Tracked> m_tracked; ///< parallel to m_series
    std::optional<Error> m_error;
    std::optional<std::int64_t> m_answered;
};

} // namespace tokenscope::alerts

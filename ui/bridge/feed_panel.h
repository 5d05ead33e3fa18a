// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/metric_feed.h"

#include <QWidget>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

/// What a MetricFeed knows of a panel; for its own sources only.
namespace tokenscope::ui {

inline constexpr std::chrono::milliseconds feedJitter{250}; ///< of the timer

inline const query::Query* heatmapOf(const Question& question)
{
    const auto* query = std::get_if<query::Query>(&question);
    return query && query->function == query::Function::heatmap ? query : nullptr;
}

/// Not scrolled away.
inline bool inSight(const QWidget& panel)
{
    return !panel.visibleRegion().isEmpty();
}

struct MetricFeed::Panel {
    QWidget* widget = nullptr;
    std::vector<Question> questions;
    Handler handler;
    Wants wants = Wants::steps;
    bool everAnswered = false;
    bool failed = false;                   ///< a part of the last answer
    std::optional<std::int64_t> askedAt;   ///< by the range's clock
    std::optional<std::int64_t> steppedAt; ///< the same, of the steps that are in the answer

    FeedQueue::Round round = 0; ///< 0: nothing on its way
    std::size_t missing = 0;
    bool endAsked = false; ///< in this round; else it is the last step
    FeedAnswer answer;
    std::vector<std::shared_ptr<PastLook>> looks; ///< while the answer has no value

    void forgetPast()
    {
        looks.clear();
        answer.past.reset();
    }
};

} // namespace tokenscope::ui

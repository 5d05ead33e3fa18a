// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/feed_panel.h"
#include "bridge/time_range.h"

#include <algorithm>
#include <tuple>
#include <utility>

/// Which questions a MetricFeed asks, and in which order.
namespace tokenscope::ui {

namespace {

/// Points finer than the pixels cannot be seen. A few classes, so that the charts of a page share their steps.
std::int64_t mostSteps(const QWidget& panel)
{
    return panel.width() <= 450 ? 300 : panel.width() <= 900 ? 600 : 1200;
}

/// What is sampled here is asked at more steps than there are pixels, where only its samples are looked up: of a gauge between two
/// steps nothing would be seen, and a narrow chart would have other peaks than a wide one. The chart keeps the extremes of a pixel.
std::int64_t mostSteps(const QWidget& panel, const std::vector<Question>& questions, const SourceList::Entry& source)
{
    constexpr std::int64_t most = 3600;
    const bool gauges = std::ranges::all_of(questions, [](const Question& question) {
        const auto* query = std::get_if<query::Query>(&question);
        return query && query->function == query::Function::value;
    });
    return gauges && !source.source->capabilities().promql ? most : mostSteps(panel);
}

/// Cells that are over would leave out the newest of what is shown, half an hour of a day: while the range moves, the cell that is
/// not over yet counts what came so far. Where it stands still, nothing after its end may be counted. A cell as wide as all that
/// is shown, as where a scrape a minute is seen over a minute, would be cut to a part of what it counts.
void coverAxis(sources::Range& cells, const sources::Range& shown, bool live)
{
    if (cells.to >= shown.to)
        return;
    if (live && cells.step < shown.to - shown.from) {
        cells.to += cells.step;
        return;
    }
    cells.from += shown.to - cells.to;
    cells.to = shown.to;
}

std::optional<query::Query> queryOf(const Question& question)
{
    const auto* query = std::get_if<query::Query>(&question);
    return query ? std::optional(*query) : std::nullopt;
}

} // namespace

/// Those in sight first, as a page is read.
void MetricFeed::askInOrder(std::vector<Panel*> panels)
{
    const auto place = [](const Panel* panel) {
        const auto corner = panel->widget->mapTo(panel->widget->window(), QPoint());
        return std::tuple(!inSight(*panel->widget), corner.y(), corner.x());
    };
    std::vector<std::pair<decltype(place(nullptr)), Panel*>> ordered;
    for (auto* panel : panels)
        ordered.emplace_back(place(panel), panel);
    std::stable_sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [corner, panel] : ordered)
        ask(*panel);
    m_queue.send();
}

int MetricFeed::urgency(FeedQueue::Round round) const
{
    const auto* panel = panelOf(round);
    return !panel || !inSight(*panel->widget) ? 2 : panel->everAnswered ? 1 : 0;
}

MetricFeed::Panel* MetricFeed::panelOf(FeedQueue::Round round) const
{
    const auto found =
        std::find_if(m_panels.begin(), m_panels.end(), [round](const auto& one) { return one.second->round == round; });
    return found == m_panels.end() ? nullptr : found->second.get();
}

void MetricFeed::drop(Panel& state)
{
    if (state.round != 0) {
        m_queue.drop(state.round);
        state.steppedAt.reset(); // some of them may have been replaced
    }
    state.round = 0;
}

void MetricFeed::ask(Panel& state)
{
    drop(state);
    state.round = ++m_rounds;
    state.missing = 0;
    state.askedAt = m_range.now();
    const auto at = m_range.end();
    if (state.wants == Wants::end) {
        state.answer.range = state.answer.shown = {.from = at, .to = at};
        askEnd(state, at);
        return;
    }
    const auto since = std::chrono::milliseconds(*state.askedAt - state.steppedAt.value_or(0));
    const bool stepsKept =
        state.wants == Wants::both && m_range.live() && state.everAnswered && !state.failed && state.steppedAt
        && since >= since.zero()
        && since < std::max(pace(), std::chrono::milliseconds(state.answer.range.step / 5)) - feedJitter;
    const bool widened = !stepsKept && askSteps(state);
    const auto& range = state.answer.range;
    state.endAsked =
        state.wants == Wants::both && (stepsKept || widened || (range.step > pace().count() && at != range.to));
    if (state.endAsked)
        askEnd(state, at);
}

/// Whether a window is another one than was written.
bool MetricFeed::askSteps(Panel& state)
{
    const bool heatmap = std::any_of(state.questions.begin(), state.questions.end(), heatmapOf);
    const auto most = state.wants == Wants::steps ? mostSteps(*state.widget, state.questions, source())
                                                  : mostSteps(*state.widget); // a sparkline shows the course alone
    state.answer.shown = m_range.steps(most, closestStep(source()));
    // A cell is some pixels wide, a line's point is one.
    state.answer.range = m_range.steps(heatmap ? most / 4 : most, leastStep(state.questions));
    if (heatmap)
        coverAxis(state.answer.range, state.answer.shown, m_range.live());
    state.answer.frames.assign(state.questions.size(), query::FramePtr());
    state.missing += state.questions.size();
    state.steppedAt = state.askedAt;
    bool widened = false;
    for (std::size_t part = 0; part < state.questions.size(); ++part) {
        auto question = state.questions[part];
        if (auto* query = std::get_if<query::Query>(&question))
            widened = m_scrapes.widen(*query, source(), state.answer.range.step, m_range.end()) || widened;
        if (part == 0)
            state.answer.asked = queryOf(question); // where the last step is the end
        m_queue.add(source(), question, state.answer.range, state.round, part);
    }
    return widened;
}

void MetricFeed::askEnd(Panel& state, std::int64_t at)
{
    const auto count = state.questions.size();
    const bool only = state.wants == Wants::end;
    (only ? state.answer.frames : state.answer.end).assign(count, query::FramePtr());
    state.missing += count;
    for (std::size_t part = 0; part < count; ++part) {
        auto question = state.questions[part];
        if (auto* query = std::get_if<query::Query>(&question))
            m_scrapes.widen(*query, source(), 0, at);
        if (part == 0)
            state.answer.asked = queryOf(question);
        m_queue.add(source(), question, {.from = at, .to = at}, state.round, only ? part : count + part);
    }
}

} // namespace tokenscope::ui

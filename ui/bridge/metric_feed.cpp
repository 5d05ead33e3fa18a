// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/feed_panel.h"
#include "bridge/frame_math.h"
#include "bridge/time_range.h"

#include <QEvent>

#include <algorithm>
#include <chrono>
#include <utility>

namespace tokenscope::ui {

namespace {

constexpr auto interval = std::chrono::seconds(1);
constexpr std::chrono::seconds retryPace{5}; ///< of a question about a time that stands still, after an error

bool canBeSeen(const QWidget& panel)
{
    return panel.isVisible() && !panel.window()->isMinimized();
}

/// Whether it counts samples of that family of metrics.
bool counts(const query::Query& query, const std::string& family)
{
    const auto samples = samplesOf(query);
    return (!samples.empty() && ScrapePace::familyOf(samples) == family)
           || std::any_of(query.parts.begin(), query.parts.end(),
                          [&family](const query::Query& part) { return counts(part, family); });
}

} // namespace

MetricFeed::MetricFeed(SourceList& sources, TimeRange& range, QObject* parent)
    : QObject(parent), m_sources(&sources), m_range(range)
{
    connect(&sources, &SourceList::currentChanged, this, [this] {
        for (auto& [object, panel] : m_panels) {
            drop(*panel);
            panel->forgetPast();
        }
        m_looks.clear(); // they are of the source before
        Q_EMIT sourceChanged();
        restart();
    });
    begin();
}

MetricFeed::MetricFeed(sources::MetricSource& source, TimeRange& range, QObject* parent)
    : QObject(parent), m_range(range)
{
    m_only = {SourceList::localId(), std::shared_ptr<sources::MetricSource>(std::shared_ptr<void>(), &source)};
    begin();
}

void MetricFeed::begin()
{
    m_timer.setInterval(interval);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        // Once: to set it anew starts the timer anew, each time a little later.
        if (m_timer.intervalAsDuration() != interval)
            m_timer.setInterval(interval);
        tick();
    });
    connect(&m_range, &TimeRange::changed, this, &MetricFeed::restart);
}

MetricFeed::~MetricFeed() = default;

void MetricFeed::subscribe(QWidget* panel, std::vector<Question> questions, Handler handler, Wants wants)
{
    auto& state = m_panels[panel];
    if (state)
        drop(*state);
    else {
        state = std::make_unique<Panel>();
        panel->installEventFilter(this);
        connect(panel, &QObject::destroyed, this, &MetricFeed::forget, Qt::UniqueConnection);
    }
    state->widget = panel;
    state->questions = std::move(questions);
    state->handler = std::move(handler);
    state->wants = wants;
    state->everAnswered = false;
    state->askedAt.reset();
    state->answer = {}; // of other questions
    state->forgetPast();
    if (m_timer.isActive() && due(*state))
        askInOrder({state.get()});
}

void MetricFeed::unsubscribe(QWidget* panel)
{
    forget(panel);
}

void MetricFeed::start()
{
    // With every second of the clock, as all feeds do: what is shown twice in the window is shown alike.
    constexpr auto second = std::chrono::milliseconds(interval).count();
    m_timer.start(std::chrono::milliseconds(second - m_range.now() % second));
    tick();
}

/// A heatmap counts what happened within each step: with less than two scrapes in it nothing did. Until it is known how often a
/// Prometheus scrapes: seldom less than twice in 40 s.
std::int64_t MetricFeed::leastStep(const std::vector<Question>& questions, Pace how)
{
    const auto& entry = source();
    const bool promql = entry.source->capabilities().promql;
    const auto scrapes = [&](const std::string& metric) {
        return how == Pace::find_out ? m_scrapes.of(entry, metric, m_range.end()) : m_scrapes.known(entry, metric);
    };
    auto least = closestStep(entry);
    for (const auto& question : questions) {
        const auto* query = heatmapOf(question);
        if (!query)
            continue;
        const auto usual = paceOf(entry).count();
        const auto pace = promql ? scrapes(samplesOf(*query)) : std::nullopt;
        least = std::max(least, pace ? 2 * pace->count() : usual * (promql ? 8 : 4));
    }
    return least;
}

void MetricFeed::paceLearnt(const std::string& family)
{
    const auto goesBy = [&family](const Question& question) {
        const auto* query = std::get_if<query::Query>(&question);
        return query && counts(*query, family);
    };
    for (auto& [object, panel] : m_panels) {
        if (std::any_of(panel->questions.begin(), panel->questions.end(), goesBy)) {
            drop(*panel);
            panel->forgetPast(); // looked for in vain with windows that were too short
            panel->askedAt.reset();
            panel->steppedAt.reset();
        }
    }
    Q_EMIT scrapesFound();
    tick(); // else what was dropped would never be answered
}

bool MetricFeed::due(const Panel& panel) const
{
    if (panel.questions.empty() || !canBeSeen(*panel.widget))
        return false;
    // Scrolled out of sight: answered once so that scrolling never uncovers an empty panel, then left alone.
    if (panel.everAnswered && !inSight(*panel.widget))
        return false;
    if (panel.round != 0)
        return false;
    if (!panel.everAnswered || !panel.askedAt)
        return true;
    auto pace = this->pace();
    if (!m_range.live()) {
        if (!panel.failed)
            return false;
        pace = std::max<std::chrono::milliseconds>(pace, retryPace);
    } else if (panel.wants == Wants::steps) {
        pace = std::max(pace, std::chrono::milliseconds(panel.answer.range.step / 5));
    }
    const auto waited = std::chrono::milliseconds(m_range.now() - *panel.askedAt);
    return pace <= interval || waited < waited.zero() || waited >= pace - feedJitter;
}

std::chrono::milliseconds MetricFeed::pace() const
{
    return paceOf(source());
}

void MetricFeed::tick()
{
    for (const auto round : m_queue.dropLate()) {
        if (auto* panel = panelOf(round))
            drop(*panel);
    }
    std::vector<Panel*> asking;
    for (const auto& [object, panel] : m_panels) {
        if (due(*panel))
            asking.push_back(panel.get());
    }
    askInOrder(std::move(asking));
}

void MetricFeed::refresh()
{
    m_scrapes.renew();
    for (auto& [object, panel] : m_panels) {
        panel->askedAt.reset();
        panel->steppedAt.reset();
    }
    tick();
}

void MetricFeed::restart()
{
    for (auto& [object, panel] : m_panels) {
        drop(*panel);
        panel->forgetPast();
        panel->everAnswered = false;
        panel->askedAt.reset();
        panel->steppedAt.reset();
    }
    if (m_timer.isActive())
        tick();
}

void MetricFeed::receive(FeedQueue::Round round, std::size_t part, const Result<query::FramePtr>& frame)
{
    auto* state = panelOf(round);
    if (!state)
        return;
    const auto count = state->questions.size();
    (part < count ? state->answer.frames[part] : state->answer.end[part - count]) = frame;
    if (--state->missing == 0)
        conclude(*state);
}

void MetricFeed::conclude(Panel& state)
{
    state.round = 0;
    state.everAnswered = true;
    if (state.wants == Wants::both && !state.endAsked) {
        state.answer.end.clear();
        for (const auto& frame : state.answer.frames)
            state.answer.end.push_back(frame ? Result<query::FramePtr>(lastStep(*frame)) : frame);
    }
    const auto error = firstError(state.answer);
    state.failed = !error.isEmpty();
    if (!state.failed)
        lookBack(state);
    // Copies, since a handler may subscribe anew or destroy its panel.
    const auto answer = state.answer;
    const auto handler = state.handler;
    handler(answer);
    Q_EMIT answered(error);
}

/// Once for as long as there is nothing: what is known stays true until there is something.
void MetricFeed::lookBack(Panel& state)
{
    constexpr std::size_t most = 4; // of one panel
    constexpr std::int64_t alike = 60'000;
    const auto empty = [](const auto& frame) { return !*frame || sources::is_empty(**frame); };
    if (!std::all_of(state.answer.frames.begin(), state.answer.frames.end(), empty)) {
        state.forgetPast();
        return;
    }
    if (!state.looks.empty())
        return;
    std::erase_if(m_looks, [](const auto& look) { return look.second.expired(); });
    const auto until = state.answer.range.from;
    for (std::size_t i = 0; i < std::min(most, state.questions.size()); ++i) {
        auto& shared = m_looks[PastLook::keyOf(state.questions[i])];
        auto look = shared.lock();
        if (!look || std::abs(look->until() - until) > alike) {
            look = std::make_shared<PastLook>(source(), state.questions[i], until, [this] { tellPast(); });
            shared = look;
        }
        if (std::find(state.looks.begin(), state.looks.end(), look) == state.looks.end())
            state.looks.push_back(std::move(look));
    }
    state.answer.past = pastOf(state.looks); // where another panel found it out already
}

void MetricFeed::tellPast()
{
    std::vector<QObject*> told;
    for (const auto& [object, panel] : m_panels) {
        if (panel->looks.empty() || panel->answer.past)
            continue;
        panel->answer.past = pastOf(panel->looks);
        if (panel->answer.past && panel->round == 0) // else with the answer on its way
            told.push_back(object);
    }
    for (auto* object : told) {
        const auto found = m_panels.find(object); // a handler may destroy other panels
        if (found == m_panels.end() || !found->second->answer.past)
            continue;
        const auto answer = found->second->answer;
        const auto handler = found->second->handler;
        handler(answer);
    }
}

void MetricFeed::forget(QObject* panel)
{
    const auto found = m_panels.find(panel);
    if (found == m_panels.end())
        return;
    drop(*found->second);
    m_panels.erase(found);
}

bool MetricFeed::eventFilter(QObject* watched, QEvent* event)
{
    // A page that is turned to shows the present at once, not at the next second.
    if (event->type() == QEvent::Show && m_timer.isActive()) {
        const auto found = m_panels.find(watched);
        if (found != m_panels.end() && due(*found->second))
            askInOrder({found->second.get()});
    }
    return QObject::eventFilter(watched, event);
}

} // namespace tokenscope::ui

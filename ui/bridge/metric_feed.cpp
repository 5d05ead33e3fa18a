// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/metric_feed.h"

#include "bridge/time_range.h"

#include <QElapsedTimer>
#include <QEvent>
#include <QWidget>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <optional>
#include <utility>

namespace tokenscope::ui {

namespace {

constexpr auto interval = std::chrono::seconds(1);
constexpr std::chrono::milliseconds jitter{250}; ///< of the timer
constexpr std::chrono::seconds retryPace{5};     ///< of a question about a time that stands still, after an error

/// Points finer than the pixels cannot be seen. A few classes, so that the charts of a page share their steps.
std::int64_t mostSteps(const QWidget& panel)
{
    return panel.width() <= 450 ? 300 : panel.width() <= 900 ? 600 : 1200;
}

/// A rate over less than a few steps would miss what happened between them.
void widen(query::Query& query, std::chrono::milliseconds least)
{
    query.window = std::max(query.window, least);
    for (auto& part : query.parts)
        widen(part, least);
}

const query::Query* heatmapOf(const Question& question)
{
    const auto* query = std::get_if<query::Query>(&question);
    return query && query->function == query::Function::heatmap ? query : nullptr;
}

bool canBeSeen(const QWidget& panel)
{
    return panel.isVisible() && !panel.window()->isMinimized();
}

} // namespace

struct MetricFeed::Panel {
    QWidget* widget = nullptr;
    std::vector<Question> questions;
    Handler handler;
    bool everAnswered = false;
    bool failed = false;                 ///< a part of the last answer
    std::optional<std::int64_t> askedAt; ///< by the range's clock

    std::uint64_t round = 0; ///< 0: nothing on its way
    std::size_t missing = 0;
    FeedAnswer answer;
    CancelSource cancel;
    QElapsedTimer since;
    std::vector<std::shared_ptr<PastLook>> looks; ///< while the answer has no value

    void drop()
    {
        if (round != 0)
            cancel.cancel();
        round = 0;
    }
    void forgetPast()
    {
        looks.clear();
        answer.past.reset();
    }
};

/// What a source's thread holds of the feed. The feed empties it when it goes; the lock makes that safe.
struct MetricFeed::Mailbox {
    std::mutex mutex;
    MetricFeed* feed = nullptr;

    void deliver(QWidget* panel, std::uint64_t round, std::size_t index, Result<query::FramePtr> frame)
    {
        const std::lock_guard lock(mutex);
        if (!feed)
            return;
        QMetaObject::invokeMethod(
            feed,
            [this_feed = feed, panel, round, index, frame = std::move(frame)]() mutable {
                this_feed->receive(panel, round, index, std::move(frame));
            },
            Qt::QueuedConnection);
    }
};

MetricFeed::MetricFeed(SourceList& sources, TimeRange& range, QObject* parent)
    : QObject(parent), m_sources(&sources), m_range(range)
{
    connect(&sources, &SourceList::currentChanged, this, [this] {
        for (auto& [object, panel] : m_panels) {
            panel->drop();
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
    m_mailbox = std::make_shared<Mailbox>();
    m_mailbox->feed = this;
    m_timer.setInterval(interval);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &MetricFeed::tick);
    connect(&m_range, &TimeRange::changed, this, &MetricFeed::restart);
}

MetricFeed::~MetricFeed()
{
    {
        const std::lock_guard lock(m_mailbox->mutex);
        m_mailbox->feed = nullptr;
    }
    for (auto& [object, panel] : m_panels)
        panel->drop();
}

void MetricFeed::subscribe(QWidget* panel, std::vector<Question> questions, Handler handler)
{
    auto& state = m_panels[panel];
    if (state)
        state->drop();
    else {
        state = std::make_unique<Panel>();
        panel->installEventFilter(this);
        connect(panel, &QObject::destroyed, this, &MetricFeed::forget, Qt::UniqueConnection);
    }
    state->widget = panel;
    state->questions = std::move(questions);
    state->handler = std::move(handler);
    state->everAnswered = false;
    state->askedAt.reset();
    state->forgetPast();
    if (m_timer.isActive() && due(*state))
        ask(panel, *state);
}

void MetricFeed::unsubscribe(QWidget* panel)
{
    forget(panel);
}

void MetricFeed::start()
{
    m_timer.start();
    tick();
}

/// A heatmap counts what happened within each step: with less than two scrapes in it nothing did. Until it is known how often a
/// Prometheus scrapes: seldom less than twice in 40 s.
std::int64_t MetricFeed::leastStep(const std::vector<Question>& questions, Pace how)
{
    const auto& entry = source();
    const auto capabilities = entry.source->capabilities();
    const auto scrapes = [&](const std::string& metric) {
        return how == Pace::find_out ? m_scrapes.of(entry, metric, m_range.now()) : m_scrapes.known(entry, metric);
    };
    auto least = closestStep(entry);
    for (const auto& question : questions) {
        const auto* query = heatmapOf(question);
        if (!query)
            continue;
        const auto usual = std::max(entry.pace, capabilities.interval).count();
        const auto pace = capabilities.promql ? scrapes(query->metric) : std::nullopt;
        least = std::max(least, pace ? 2 * pace->count() : usual * (capabilities.promql ? 8 : 4));
    }
    return least;
}

void MetricFeed::paceLearnt()
{
    for (auto& [object, panel] : m_panels) {
        if (std::any_of(panel->questions.begin(), panel->questions.end(), heatmapOf)) {
            panel->drop();
            panel->askedAt.reset();
        }
    }
    if (m_timer.isActive())
        tick();
}

bool MetricFeed::due(const Panel& panel) const
{
    if (panel.questions.empty() || !canBeSeen(*panel.widget))
        return false;
    // Scrolled out of sight: answered once so that scrolling never uncovers an empty panel, then left alone.
    if (panel.everAnswered && panel.widget->visibleRegion().isEmpty())
        return false;
    const auto& entry = source();
    if (panel.round != 0)
        return panel.since.hasExpired(entry.patience.count());
    if (!panel.everAnswered || !panel.askedAt)
        return true;
    auto pace = std::max(entry.pace, entry.source->capabilities().interval);
    if (!m_range.live()) {
        if (!panel.failed)
            return false;
        pace = std::max<std::chrono::milliseconds>(pace, retryPace);
    } else {
        pace = std::max(pace, std::chrono::milliseconds(panel.answer.range.step / 5));
    }
    const auto waited = std::chrono::milliseconds(m_range.now() - *panel.askedAt);
    return pace <= interval || waited < waited.zero() || waited >= pace - jitter;
}

void MetricFeed::tick()
{
    for (auto& [object, panel] : m_panels) {
        if (due(*panel))
            ask(panel->widget, *panel);
    }
}

void MetricFeed::refresh()
{
    for (auto& [object, panel] : m_panels)
        panel->askedAt.reset();
    tick();
}

void MetricFeed::restart()
{
    for (auto& [object, panel] : m_panels) {
        panel->drop();
        panel->forgetPast();
        panel->everAnswered = false;
        panel->askedAt.reset();
    }
    if (m_timer.isActive())
        tick();
}

void MetricFeed::ask(QWidget* panel, Panel& state)
{
    state.drop();
    const auto round = ++m_rounds;
    state.round = round;
    state.missing = state.questions.size();
    state.cancel = CancelSource();
    state.since.start();
    state.askedAt = m_range.now();
    const bool heatmap = std::any_of(state.questions.begin(), state.questions.end(), heatmapOf);
    state.answer.shown = m_range.steps(mostSteps(*panel), closestStep(source()));
    // A cell is some pixels wide, a line's point is one.
    state.answer.range = m_range.steps(heatmap ? mostSteps(*panel) / 4 : mostSteps(*panel), leastStep(state.questions));
    state.answer.frames.assign(state.questions.size(), query::FramePtr());
    const auto asked = source().source; // until all is asked
    const auto range = state.answer.range;
    const auto token = state.cancel.token();
    for (std::size_t index = 0; index < state.questions.size(); ++index) {
        auto done = [mailbox = m_mailbox, panel, round, index](Result<query::FramePtr> frame) {
            mailbox->deliver(panel, round, index, std::move(frame));
        };
        if (const auto* expression = std::get_if<std::string>(&state.questions[index])) {
            asked->promql(*expression, range, token, std::move(done));
            continue;
        }
        auto query = std::get<query::Query>(state.questions[index]);
        widen(query, std::chrono::milliseconds(4 * range.step));
        asked->range(std::move(query), range, token, std::move(done));
    }
}

void MetricFeed::receive(QWidget* panel, std::uint64_t round, std::size_t index, Result<query::FramePtr> frame)
{
    // The address may be that of a newer panel; the round's number tells them apart.
    const auto found = m_panels.find(panel);
    if (found == m_panels.end() || found->second->round != round)
        return;
    auto& state = *found->second;
    state.answer.frames[index] = std::move(frame);
    if (--state.missing > 0)
        return;
    state.round = 0;
    state.everAnswered = true;

    QString error;
    for (const auto& part : state.answer.frames) {
        if (!part)
            error = QString::fromStdString(part.error().message);
    }
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
    found->second->drop();
    m_panels.erase(found);
}

bool MetricFeed::eventFilter(QObject* watched, QEvent* event)
{
    // A page that is turned to shows the present at once, not at the next second.
    if (event->type() == QEvent::Show && m_timer.isActive()) {
        const auto found = m_panels.find(watched);
        if (found != m_panels.end() && due(*found->second))
            ask(found->second->widget, *found->second);
    }
    return QObject::eventFilter(watched, event);
}

} // namespace tokenscope::ui

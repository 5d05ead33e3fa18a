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
#include <utility>

namespace tokenscope::ui {

namespace {

constexpr auto interval = std::chrono::seconds(1);
constexpr qint64 patienceMs = 10'000; ///< a round that takes longer is given up, so that a lost answer is no dead panel

bool canBeSeen(const QWidget& panel)
{
    return panel.isVisible() && !panel.window()->isMinimized();
}

} // namespace

struct MetricFeed::Panel {
    QWidget* widget = nullptr;
    std::vector<query::Query> queries;
    Handler handler;
    bool everAnswered = false;

    std::uint64_t round = 0; ///< 0: nothing on its way
    std::size_t missing = 0;
    FeedAnswer answer;
    CancelSource cancel;
    QElapsedTimer since;

    void drop()
    {
        if (round != 0)
            cancel.cancel();
        round = 0;
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

MetricFeed::MetricFeed(sources::MetricSource& source, TimeRange& range, QObject* parent)
    : QObject(parent), m_source(source), m_range(range), m_mailbox(std::make_shared<Mailbox>())
{
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

QString MetricFeed::sourceName() const
{
    return QString::fromStdString(m_source.name());
}

void MetricFeed::subscribe(QWidget* panel, std::vector<query::Query> queries, Handler handler)
{
    auto& state = m_panels[panel];
    if (state)
        state->drop();
    else {
        state = std::make_unique<Panel>();
        panel->installEventFilter(this);
        connect(panel, &QObject::destroyed, this, &MetricFeed::forget);
    }
    state->widget = panel;
    state->queries = std::move(queries);
    state->handler = std::move(handler);
    state->everAnswered = false;
}

void MetricFeed::start()
{
    m_timer.start();
    tick();
}

void MetricFeed::tick()
{
    for (auto& [object, panel] : m_panels) {
        if (!canBeSeen(*panel->widget))
            continue;
        // Scrolled out of sight: answered once so that scrolling never uncovers an empty panel, then left alone.
        if (panel->everAnswered && panel->widget->visibleRegion().isEmpty())
            continue;
        if (panel->round != 0 && panel->since.elapsed() < patienceMs)
            continue;
        if (m_range.paused() && panel->everAnswered)
            continue;
        ask(panel->widget, *panel);
    }
}

void MetricFeed::restart()
{
    for (auto& [object, panel] : m_panels) {
        panel->drop();
        panel->everAnswered = false;
    }
    if (m_timer.isActive())
        tick();
}

void MetricFeed::ask(QWidget* panel, Panel& state)
{
    state.drop();
    if (state.queries.empty())
        return;
    const auto round = ++m_rounds;
    state.round = round;
    state.missing = state.queries.size();
    state.cancel = CancelSource();
    state.since.start();
    state.answer.range = m_range.steps();
    state.answer.frames.assign(state.queries.size(), query::FramePtr());
    for (std::size_t index = 0; index < state.queries.size(); ++index) {
        auto query = state.queries[index];
        // A rate over less than a few steps would miss what happened between them.
        query.window = std::max(query.window, std::chrono::milliseconds(4 * state.answer.range.step));
        m_source.range(std::move(query), state.answer.range, state.cancel.token(),
                       [mailbox = m_mailbox, panel, round, index](Result<query::FramePtr> frame) {
                           mailbox->deliver(panel, round, index, std::move(frame));
                       });
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
    // Copies, since a handler may subscribe anew or destroy its panel.
    const auto answer = state.answer;
    const auto handler = state.handler;
    handler(answer);
    Q_EMIT answered(error);
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
        if (found != m_panels.end() && found->second->round == 0 && !(m_range.paused() && found->second->everAnswered))
            ask(found->second->widget, *found->second);
    }
    return QObject::eventFilter(watched, event);
}

} // namespace tokenscope::ui

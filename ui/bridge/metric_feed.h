// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "bridge/feed_queue.h"
#include "bridge/past_look.h"
#include "bridge/scrape_pace.h"
#include "bridge/source_list.h"
#include "query/frame.h"
#include "query/query.h"
#include "sources/metric_source.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

class QWidget;

namespace tokenscope::ui {

class TimeRange;

/// The answers to a panel's questions, in their order, all over the same steps.
struct FeedAnswer {
    sources::Range range;
    sources::Range shown; ///< the time axis: of panels with the finest steps, so that all of a page have the same
    std::vector<Result<query::FramePtr>> frames;
    /// Where the panel wants both: what is true at the end of the time that is shown, not at the last step before it.
    std::vector<Result<query::FramePtr>> end;
    /// The first question as its value at the end was asked, with the window that it took to hold two samples.
    std::optional<query::Query> asked;
    /// Where there is no value in them: what is known of the time before.
    std::optional<Past> past;
};

/// Asks the source that is shown the questions of every panel that can be seen: once a second, or as often as the source has
/// anything new; only once where the time stands still. A panel has at most one round of questions on the way: a slow source gets
/// fewer rounds, not a queue, and of a server those panels ask first that are in sight, from the top. Another time range or source drops the round on its way and asks anew. Where an answer has no value,
/// the source is asked once when there was one last, and the handler is called again with what is known then. Handlers run on
/// this object's thread; never after the panel or this object is gone.
class MetricFeed : public QObject {
    Q_OBJECT

public:
    using Handler = std::function<void(const FeedAnswer&)>;

    MetricFeed(SourceList& sources, TimeRange& range, QObject* parent = nullptr);
    /// Always this source.
    MetricFeed(sources::MetricSource& source, TimeRange& range, QObject* parent = nullptr);
    ~MetricFeed() override;

    /// What a panel shows: lines over the range's steps, in which the windows of rates are no shorter than a step needs; the
    /// values at the range's end, of the windows as they are written where these hold two samples; or the latter with its course
    /// until then. At the end it is asked as often as the source has anything new, for steps only as often as they change.
    enum class Wants { steps, end, both };
    /// Replaces what `panel` asked before. A panel asks until it is destroyed.
    void subscribe(QWidget* panel, std::vector<Question> questions, Handler handler, Wants wants = Wants::steps);
    /// It asks no more.
    void unsubscribe(QWidget* panel);
    void start();
    /// All panels that can be seen ask now, whatever their pace.
    void refresh();
    /// One round for all panels that can be seen; what the timer calls.
    void tick();

    enum class Pace { as_known, find_out };
    /// The closest that steps of these questions may be, in ms: no closer than the source's samples, and of a heatmap so that two
    /// scrapes fall into each. How often a Prometheus scrapes is found out by asking it.
    std::int64_t leastStep(const std::vector<Question>& questions, Pace pace = Pace::find_out);

    TimeRange& range() const { return m_range; }
    const SourceList::Entry& source() const { return m_sources ? m_sources->current() : m_only; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

Q_SIGNALS:
    /// Another source, before it is asked: what is shown of the one before is not true any more.
    void sourceChanged();
    /// It was found out how often the source scrapes: what had no value may have one over the windows that go by it.
    void scrapesFound();
    /// After every round: the source's complaint, or an empty string.
    void answered(const QString& error);

private:
    struct Panel;

    void paceLearnt(const std::string& family);
    bool due(const Panel& panel) const;
    std::chrono::milliseconds pace() const;
    void askInOrder(std::vector<Panel*> panels);
    void ask(Panel& state);
    bool askSteps(Panel& state);
    void askEnd(Panel& state, std::int64_t at);
    Panel* panelOf(FeedQueue::Round round) const;
    int urgency(FeedQueue::Round round) const;
    void receive(FeedQueue::Round round, std::size_t part, const Result<query::FramePtr>& frame);
    void conclude(Panel& state);
    void lookBack(Panel& state);
    void tellPast();
    void drop(Panel& state);
    void begin();
    void restart();
    void forget(QObject* panel);

    SourceList* m_sources = nullptr; ///< null where it is only one
    SourceList::Entry m_only;
    TimeRange& m_range;
    ScrapePace m_scrapes{[this](const std::string& family) { paceLearnt(family); }};
    QTimer m_timer;
    FeedQueue::Round m_rounds = 0;
    FeedQueue m_queue{[this](auto round, auto part, const auto& frame) { receive(round, part, frame); },
                      [this](auto round) { return urgency(round); }};
    std::unordered_map<QObject*, std::unique_ptr<Panel>> m_panels;
    std::map<std::string, std::weak_ptr<PastLook>> m_looks; ///< of all panels: several may ask about one metric
};

} // namespace tokenscope::ui

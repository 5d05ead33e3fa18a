// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"
#include "query/frame.h"
#include "query/query.h"
#include "sources/metric_source.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

class QWidget;

namespace tokenscope::ui {

class TimeRange;

/// The answers to a panel's questions, in their order, all over the same steps.
struct FeedAnswer {
    sources::Range range;
    std::vector<Result<query::FramePtr>> frames;
};

/// Asks a source, once a second, the questions of every panel that can be seen. A panel has at most one round of
/// questions on the way: a slow source gets fewer rounds, not a queue. Another time range drops the round on its way and
/// asks anew. Handlers run on this object's thread; never after the panel or this object is gone.
class MetricFeed : public QObject {
    Q_OBJECT

public:
    using Handler = std::function<void(const FeedAnswer&)>;

    MetricFeed(sources::MetricSource& source, TimeRange& range, QObject* parent = nullptr);
    ~MetricFeed() override;

    /// Replaces what `panel` asked before. A panel asks until it is destroyed.
    void subscribe(QWidget* panel, std::vector<query::Query> queries, Handler handler);
    void start();
    /// One round for all panels that can be seen; what the timer calls.
    void tick();

    const TimeRange& range() const { return m_range; }
    QString sourceName() const;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

Q_SIGNALS:
    /// After every round: the source's complaint, or an empty string.
    void answered(const QString& error);

private:
    struct Panel;
    struct Mailbox;

    void ask(QWidget* panel, Panel& state);
    void receive(QWidget* panel, std::uint64_t round, std::size_t index, Result<query::FramePtr> frame);
    void restart();
    void forget(QObject* panel);

    sources::MetricSource& m_source;
    TimeRange& m_range;
    QTimer m_timer;
    std::uint64_t m_rounds = 0;
    std::unordered_map<QObject*, std::unique_ptr<Panel>> m_panels;
    std::shared_ptr<Mailbox> m_mailbox;
};

} // namespace tokenscope::ui

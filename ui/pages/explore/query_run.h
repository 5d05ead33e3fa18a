// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/inquiry.h"
#include "bridge/metric_feed.h"
#include "bridge/source_list.h"
#include "query/frame.h"
#include "sources/metric_source.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <cstdint>

namespace tokenscope::ui {

/// One question to a source: over the steps of a range, and at an instant. Used on the UI thread.
class QueryRun : public QObject {
    Q_OBJECT

public:
    struct Answer {
        sources::Range range;
        Result<query::FramePtr> lines =
            query::FramePtr(); ///< over the range; refused for strings and for series of samples
        Result<query::FramePtr> values = query::FramePtr(); ///< at the instant
        qint64 tookMs = 0;                                  ///< until both were there
    };

    explicit QueryRun(QObject* parent = nullptr);

    /// Drops the question before it. `entry.patience` without an answer is a failure.
    void start(const SourceList::Entry& entry, const Question& question, const sources::Range& range, std::int64_t at);
    /// It will not be answered any more.
    void cancel();
    bool running() const { return m_missing > 0; }
    const Answer& answer() const { return m_answer; } ///< complete when finished() is emitted

Q_SIGNALS:
    void finished();

private:
    void ask(const SourceList::Entry& entry, const Question& question, const sources::Range& range, Inquiry& inquiry,
             Result<query::FramePtr>& into);
    void settle();

    Answer m_answer;
    int m_missing = 0;
    Inquiry m_lines;
    Inquiry m_values;
    QElapsedTimer m_since;
    QTimer m_patience;
};

} // namespace tokenscope::ui

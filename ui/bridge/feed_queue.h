// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/inquiry.h"
#include "bridge/past_look.h"
#include "bridge/source_list.h"
#include "query/frame.h"
#include "sources/metric_source.h"

#include <QElapsedTimer>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tokenscope::ui {

/// The questions of a MetricFeed that are not answered yet. Equal ones are asked once. Of a server only so many are asked at a
/// time, the most urgent first: it would work on all of them at once, and all would be late. Used on the UI thread.
class FeedQueue {
public:
    using Round = std::uint64_t;
    using Receive = std::function<void(Round, std::size_t part, const Result<query::FramePtr>&)>;
    /// Lower is sooner; among equals who came first.
    using Urgency = std::function<int(Round)>;

    FeedQueue(Receive receive, Urgency urgency) : m_receive(std::move(receive)), m_urgency(std::move(urgency)) {}

    /// One part of a round; nothing is asked before send().
    void add(const SourceList::Entry& source, const Question& question, const sources::Range& range, Round round,
             std::size_t part);
    /// Asks as many as may be on their way.
    void send();
    /// Nobody waits for this round any more.
    void drop(Round round);
    /// Gives up what the source has had for longer than its patience: the rounds that are lost with it. Time in this queue does
    /// not count.
    std::vector<Round> dropLate();

private:
    struct Job {
        std::string key;
        SourceList::Entry source;
        Question question;
        sources::Range range;
        std::vector<std::pair<Round, std::size_t>> wantedBy;
        std::size_t requests = 1; ///< that a server gets for it
        QElapsedTimer since;      ///< it was asked; not valid while it waits
        Inquiry inquiry;
    };

    void ask(Job& job);
    void answered(const Job* job, const Result<query::FramePtr>& frame);

    Receive m_receive;
    Urgency m_urgency;
    std::vector<std::unique_ptr<Job>> m_jobs; ///< in the order in which they came
};

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/inquiry.h"
#include "bridge/source_list.h"
#include "query/frame.h"
#include "query/query.h"

#include <QElapsedTimer>
#include <QString>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace tokenscope::ui {

/// The name of the samples that a query counts or takes the growth of; empty where it does neither.
std::string samplesOf(const query::Query& query);

/// How often a Prometheus scrapes, which its API does not tell: by the times of the samples of some minutes. What one exporter
/// publishes is scraped together, so that is asked once for all metrics whose names begin alike. Used on the UI thread.
class ScrapePace {
public:
    using Learnt = std::function<void(const std::string& family)>;
    /// `learnt`: another pace than before is known of this family.
    explicit ScrapePace(Learnt learnt) : m_learnt(std::move(learnt)) {}

    /// "vllm" of "vllm:num_requests_running"; all of a name that begins as those of many programs do.
    static std::string familyOf(const std::string& samples);

    /// How far two samples of a series are apart at that time (ms since 1970), of those that are scraped most seldom. Where it is
    /// not known, or of another time, this also asks. `samples`: a metric's name as a series has it, with "_bucket".
    std::optional<std::chrono::milliseconds> of(const SourceList::Entry& source, const std::string& samples,
                                                std::int64_t at);
    /// Asks nothing.
    std::optional<std::chrono::milliseconds> known(const SourceList::Entry& source, const std::string& samples) const;

    /// Makes a window so long that it holds two samples of each series, as far as that is known; asks what is not. Whether it
    /// became longer. `step`: 0 at the end of the time alone.
    bool widen(query::Query& query, const SourceList::Entry& source, std::int64_t step, std::int64_t at);
    /// Whether an answer is on its way by which widen() would make a window longer.
    bool findsOut(const query::Query& query, const SourceList::Entry& source) const;
    /// Asks anew when it is needed next.
    void renew();

private:
    struct Known {
        std::weak_ptr<sources::MetricSource> source; ///< that was asked: an id may get another one, which has no answer
        std::optional<std::chrono::milliseconds> pace;
        std::optional<std::int64_t> at; ///< when it was so
        bool sure = false;              ///< else there were too few samples
        bool failed = false;
        std::set<std::string> tried; ///< since then
        QElapsedTimer since;         ///< it was asked, or failed
        Inquiry inquiry;
    };

    Known& entryOf(const SourceList::Entry& source, const std::string& samples);
    const Known* find(const SourceList::Entry& source, const std::string& samples) const;
    void ask(const SourceList::Entry& source, const std::string& samples, std::int64_t at, Known& known);
    std::int64_t gapOf(const query::Query& query, const SourceList::Entry& source, std::int64_t step, std::int64_t at);

    Learnt m_learnt;
    std::map<std::pair<QString, std::string>, std::unique_ptr<Known>> m_known;
};

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/inquiry.h"
#include "bridge/source_list.h"

#include <QString>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace tokenscope::ui {

/// Steps closer than the source's samples show nothing more, and the windows of rates go by them. ms; 0: not known.
inline std::int64_t closestStep(const SourceList::Entry& entry)
{
    return entry.source->capabilities().interval.count();
}

/// How often a Prometheus scrapes, which its API does not tell: by the number of samples of some minutes. What one exporter
/// publishes is scraped together, so that is asked once for all metrics whose names begin alike. Used on the UI thread.
class ScrapePace {
public:
    /// `learnt`: another pace than before is known of this family.
    explicit ScrapePace(std::function<void(const std::string& family)> learnt) : m_learnt(std::move(learnt)) {}

    /// "vllm" of "vllm:num_requests_running"; all of a name that begins as those of many programs do.
    static std::string familyOf(const std::string& samples);

    /// The most that two samples of a series are apart at that time (ms since 1970). Where it is not known, or of another time,
    /// this also asks. `samples`: a metric's name as a series has it, with "_bucket".
    std::optional<std::chrono::milliseconds> of(const SourceList::Entry& source, const std::string& samples,
                                                std::int64_t at);
    /// Asks nothing.
    std::optional<std::chrono::milliseconds> known(const SourceList::Entry& source, const std::string& samples) const;

private:
    struct Known {
        std::optional<std::chrono::milliseconds> pace;
        std::optional<std::int64_t> at; ///< when it was so
        bool sure = false;              ///< else there were too few samples
        std::set<std::string> tried;    ///< since then, in vain
        Inquiry inquiry;
    };

    void ask(const SourceList::Entry& source, const std::string& samples, std::int64_t at, Known& known);

    std::function<void(const std::string&)> m_learnt;
    std::map<std::pair<QString, std::string>, std::unique_ptr<Known>> m_known;
};

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/inquiry.h"
#include "bridge/source_list.h"

#include <QElapsedTimer>
#include <QString>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace tokenscope::ui {

/// Steps closer than the source's samples show nothing more, and the windows of rates go by them. ms; 0: not known.
inline std::int64_t closestStep(const SourceList::Entry& entry)
{
    return entry.source->capabilities().interval.count();
}

/// How often a Prometheus scrapes a histogram, which its API does not tell: by the number of samples of the last minutes. Used on
/// the UI thread.
class ScrapePace {
public:
    /// `learnt`: another pace is known than before.
    explicit ScrapePace(std::function<void()> learnt) : m_learnt(std::move(learnt)) {}

    /// Where it is not known, or was found out a while ago, this also asks. `metric` without "_bucket".
    std::optional<std::chrono::milliseconds> of(const SourceList::Entry& source, const std::string& metric,
                                                std::int64_t now);
    /// Asks nothing.
    std::optional<std::chrono::milliseconds> known(const SourceList::Entry& source, const std::string& metric) const;

private:
    struct Known {
        std::optional<std::chrono::milliseconds> pace;
        QElapsedTimer since;
        Inquiry inquiry;
    };

    void ask(const SourceList::Entry& source, const std::string& metric, std::int64_t now, Known& known);

    std::function<void()> m_learnt;
    std::map<std::pair<QString, std::string>, std::unique_ptr<Known>> m_known;
};

} // namespace tokenscope::ui

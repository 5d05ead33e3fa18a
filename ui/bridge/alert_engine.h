// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/rule_state.h"
#include "base/clock.h"
#include "base/result.h"
#include "bridge/inquiry.h"
#include "bridge/scrape_pace.h"
#include "bridge/source_list.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <vector>

namespace tokenscope::ui {

/// Watches the user's rules while the program runs, whether anything is shown or not: each enabled one asks its source for the
/// present value, local ones every two seconds, others as often as the source has something new. One question a rule at a time; an answer
/// that takes longer than the source's patience is a failure. Used on the UI thread.
class AlertEngine : public QObject {
    Q_OBJECT

public:
    struct Watched {
        alerts::Rule rule;
        alerts::RuleState state;
    };
    struct Happening {
        alerts::Event event;
        alerts::Rule rule; ///< as it was then
    };
    static constexpr std::size_t mostHappenings = 500;

    /// `file`: of the rules; one that cannot be read is told in problem() and never overwritten.
    AlertEngine(SourceList& sources, const Clock& clock, std::filesystem::path file, QObject* parent = nullptr);
    ~AlertEngine() override;

    void start();
    /// One look at what is due; what the timer calls.
    void tick();

    std::size_t size() const { return m_watches.size(); }
    const Watched& at(std::size_t index) const;                              ///< in the user's order
    const std::deque<Happening>& happenings() const { return m_happenings; } ///< newest first; of this run
    int firing() const;                                                      ///< series, of all rules
    QString problem() const { return m_problem; }

    /// Adds it to the end, or to `place`; or replaces the one with its id. Without an id it gets one. A rule that asks something else
    /// than before starts anew. The id, or what is wrong with it (`param`: the field), or with the disk.
    Result<std::string> save(alerts::Rule rule, std::size_t place = SIZE_MAX);
    Result<void> remove(const std::string& id);

Q_SIGNALS:
    void changed(); ///< the rules, or how they stand
    void happened(const tokenscope::ui::AlertEngine::Happening& happening);

private:
    struct Watch;

    void ask(Watch& watch);
    void answered(Watch& watch, const Result<query::FramePtr>& answer);
    const SourceList::Entry* entryOf(const alerts::Rule& rule) const;
    std::int64_t nowMs() const { return m_clock.wall().time_since_epoch().count(); }
    Result<void> store(const std::vector<alerts::Rule>& rules) const;
    std::vector<alerts::Rule> rules() const;

    SourceList& m_sources;
    const Clock& m_clock;
    const std::filesystem::path m_file;
    ScrapePace m_scrapes{[](const std::string&) {}}; ///< looked at with every question
    std::vector<std::unique_ptr<Watch>> m_watches;
    std::deque<Happening> m_happenings;
    QTimer m_timer;
    QString m_problem;
};

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/inquiry.h"
#include "bridge/metric_feed.h"
#include "pages/common/page.h"
#include "sources/monitoring.h"

#include <QElapsedTimer>
#include <QTimer>

#include <cstdint>
#include <optional>
#include <vector>

class QLabel;
class QStackedWidget;
class QTabBar;

namespace tokenscope::ui {

struct ConsoleContext;
class CompareView;
class MonitorView;
class MetricCatalogue;
class OutcomeBox;
class WatchView;

/// The user's own rules; what the source that is shown scrapes, its rules and alerts, asked for every ten seconds while it can be
/// seen; and how the gateway's view of its providers compares with theirs.
class TargetsPage : public Page {
    Q_OBJECT

public:
    TargetsPage(const ConsoleContext& context, MetricFeed& feed, const MetricCatalogue& catalogue,
                QWidget* parent = nullptr);

    /// The tab of the user's own rules, if there are any to be had.
    void showMyRules();

    void refresh() override;

Q_SIGNALS:
    /// To be run on the source that is shown.
    void exploreRequested(const QString& expression);

protected:
    void showEvent(QShowEvent* event) override;

private:
    enum Tab { targetsTab, rulesTab, alertsTab, compareTab, watchTab };
    /// What became of one of the two questions.
    struct Outcome {
        std::optional<std::int64_t> answeredMs; ///< when its list was true
        std::optional<Error> error;             ///< of the last answer
    };

    QWidget* makeHeader();
    void sourceChanged();
    void showTab(int tab);
    void ask();
    template <typename T>
    void take(const Result<T>& answer, T& into, Outcome& outcome);
    void showLists();
    void showState();
    void titleTab(Tab tab, const QString& title, std::size_t count);
    void countMyRules();
    void dress();

    const ConsoleContext& m_context;
    MetricFeed& m_feed;
    QTabBar* m_tabs;
    QLabel* m_state;
    OutcomeBox* m_outcome;
    QStackedWidget* m_stack;
    MonitorView* m_targetView;
    MonitorView* m_ruleView;
    MonitorView* m_alertView;
    CompareView* m_compare;
    WatchView* m_watch = nullptr; ///< where the console watches anything
    std::vector<sources::Target> m_targets;
    std::vector<sources::RuleGroup> m_rules;
    Inquiry m_targetInquiry;
    Inquiry m_ruleInquiry;
    Outcome m_targetOutcome;
    Outcome m_ruleOutcome;
    QTimer m_timer;
    QElapsedTimer m_asked;
};

} // namespace tokenscope::ui

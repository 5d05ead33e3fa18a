// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/inquiry.h"
#include "bridge/scrape_pace.h"
#include "bridge/source_list.h"
#include "pages/targets/pair_finder.h"
#include "query/frame.h"
#include "sources/comparison.h"

#include <QTimer>
#include <QVariant>
#include <QWidget>

#include <array>
#include <vector>

class QComboBox;
class QLabel;

namespace tokenscope::ui {

struct ConsoleContext;
class ChartGroup;
class OutcomeBox;
class TimeRange;
class TimeSeriesChart;

/// Time to first token and total latency as the gateway observes them at a provider, beside what the provider's server reports
/// itself, and the gap between the two. Asks while it can be seen.
class CompareView : public QWidget {
    Q_OBJECT

public:
    CompareView(const ConsoleContext& context, TimeRange& range, QWidget* parent = nullptr);

    void refresh();

protected:
    void showEvent(QShowEvent* event) override;

private:
    struct Asked {
        Inquiry inquiry;
        query::FramePtr frame;
    };
    /// The questions to one side.
    struct Side {
        Asked mean, percentiles;
    };
    /// One chart and both sides.
    struct Half {
        sources::Latency latency = sources::Latency::first_token;
        TimeSeriesChart* chart = nullptr;
        Side client, server;
        QString error;
        int missing = 0;

        std::array<Asked*, 4> questions()
        {
            return {&client.mean, &client.percentiles, &server.mean, &server.percentiles};
        }
    };

    void pairsFound();
    /// Fills the box; `shown`: what it stood at.
    void offerPairs(const QVariant& shown);
    void startOver();
    void ask();
    bool waiting();
    /// Makes the windows of both sides alike, so long that they hold two samples: else the gap would be one between other requests.
    void widen(query::Query& ours, query::Query& theirs, const SourceList::Entry& server, const sources::Range& range);
    /// `server`: the source of the pair; null where it is gone.
    void ask(Half& half, const ServerPair& pair, const SourceList::Entry* server, const sources::Range& range);
    void ask(Half& half, Asked& asked, sources::MetricSource& source, query::Query query, const sources::Range& range);
    void settle(Half& half);
    /// Says why the server's lines end before now, once no answer is waited for.
    void tellTrouble();
    /// What the server's source says of its last answer; empty: that it was a good one.
    QString troubleOf(const SourceList::Entry& server) const;
    const ServerPair* pair() const;
    /// The source of the pair; null where it is gone.
    const SourceList::Entry* server() const;
    QString emptyText() const;
    void dress();

    const ConsoleContext& m_context;
    TimeRange& m_range;
    PairFinder* m_finder;
    std::vector<ServerPair> m_shown; ///< parallel to the choices
    QComboBox* m_pairs;
    QLabel* m_about;
    OutcomeBox* m_trouble;
    QLabel* m_empty;
    QWidget* m_charts;
    std::array<Half, 2> m_halves;
    ScrapePace m_scrapes{[this](const std::string&) { ask(); }};
    QTimer m_timer;
};

} // namespace tokenscope::ui

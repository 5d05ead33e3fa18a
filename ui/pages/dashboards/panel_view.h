// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "bridge/metric_feed.h"
#include "bridge/past_look.h"
#include "dashboards/dashboard.h"
#include "pages/common/requests_behind.h"
#include "query/frame.h"

#include <QString>
#include <QWidget>

#include <optional>

class QToolButton;

namespace tokenscope::ui {

class ChartGroup;
class Heatmap;
class StatTile;
class Theme;
class TimeSeriesChart;
class TitledPanel;
struct ChartMoment;
struct FeedAnswer;
struct PanelPlan;

/// One panel of a dashboard, of whatever kind, and what the source said last about it.
class PanelView : public QWidget {
    Q_OBJECT

public:
    static constexpr int lineHeight = 208; ///< px, of a chart as high as most, where the page has no height to spare

    PanelView(const Theme& theme, MetricFeed& feed, ChartGroup& group, dashboards::Panel panel,
              QWidget* parent = nullptr);

    const dashboards::Panel& panel() const { return m_panel; }
    /// Asks what the plan says; nothing new where it is the same as before.
    void setPlan(const PanelPlan& plan);
    bool unmeasured() const { return !m_tried.isEmpty(); } ///< the source is known to have none of its metrics
    /// How many of a query's alternatives had nothing to show, parallel to the panel's queries: for planOf().
    const std::vector<std::size_t>& passed() const { return m_passed; }
    /// Another time is shown, or over other windows: what had nothing may have something now.
    void startOver();
    /// Another source: what is shown is not true any more.
    void reset();
    void setAlone(bool alone); ///< whether it fills the page
    /// Another size in the grid; all else stays.
    void setExtent(std::size_t width, std::size_t height);
    void setLineHeight(int height); ///< px of a chart that is one line high
    QSize sizeHint() const override;

    /// What is wrong or worth knowing about the last answer, in the words of the source; empty: nothing.
    const QString& complaint() const { return m_complaint; }
    const QString& detail() const { return m_detail; }
    /// The errors of the last answer, parallel to the plan's questions.
    const std::vector<std::optional<Error>>& errors() const { return m_errors; }

Q_SIGNALS:
    void answered();
    /// The source has the metric that is asked for, but nothing of it for this time, and it has another: passed() says so.
    void planWanted();
    void aloneRequested();
    void detailRequested();
    /// A click into a chart that tells of this process's requests.
    void requestsWanted(const RequestsWanted& wanted);

protected:
    bool event(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;

private:
    MetricFeed::Wants wants() const;
    QWidget* makeContent(ChartGroup& group);
    TimeSeriesChart* makeChart(ChartGroup& group);
    Heatmap* makeHeatmap(ChartGroup& group);
    QToolButton* makeButton(const QString& name);
    void receive(const FeedAnswer& answer);
    bool passOn(const FeedAnswer& answer);
    void noteWindow(const query::Query& asked);
    QString regardlessText() const; ///< empty: it goes by all that is chosen
    void showFrame(const query::FramePtr& frame, std::size_t series, const FeedAnswer& answer);
    void showStat(const query::FramePtr& frame, const FeedAnswer& answer);
    std::vector<query::FramePtr> framesOf(const FeedAnswer& answer) const; ///< as much of them as it can show
    void showError(const QString& message);
    void showEmpty(const QString& text);
    void showLoading();
    void showPast(const std::optional<Past>& past);
    void complain(const QString& trouble); ///< which is not an answer's
    void note(const FeedAnswer& answer);
    void forgetErrors(); ///< and what else was noted
    void follow(const ChartMoment& moment);
    void followTile();
    void showInfo(bool shown);
    void place();
    void dress();

    const Theme& m_theme;
    MetricFeed& m_feed;
    dashboards::Panel m_panel;
    std::string m_key;
    std::vector<std::string> m_names;
    std::vector<std::size_t> m_queries; ///< as of the plan, as m_more
    std::vector<bool> m_more;
    std::vector<std::size_t> m_passed;
    std::vector<bool> m_searched; ///< parallel to it: none had anything, so it is the first again
    QString m_emptyText;
    QString m_regardless;                   ///< what is chosen and makes no difference here
    QString m_tried;                        ///< metrics that the source does not have
    QString m_pastText;                     ///< what is known of the time before, where there is nothing
    std::optional<Past> m_past;             ///< where it was seen
    std::optional<RequestsBehind> m_behind; ///< what the chart shows, on this process
    QString m_complaint;
    QString m_detail;
    std::vector<std::optional<Error>> m_errors;
    bool m_alone = false;
    int m_lineHeight = lineHeight;
    TimeSeriesChart* m_chart = nullptr; ///< one of these three
    StatTile* m_tile = nullptr;
    TitledPanel* m_titled = nullptr;
    Heatmap* m_heatmap = nullptr; ///< the titled one, where it is this
    QWidget* m_content;
    QToolButton* m_expand;
    QToolButton* m_info;
    QToolButton* m_back;
};

} // namespace tokenscope::ui

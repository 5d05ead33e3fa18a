// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/common/page.h"

#include <QTimer>

#include <vector>

class QGridLayout;
class QLabel;
class QScrollArea;
class QStackedWidget;

namespace tokenscope::ui {

struct ConsoleContext;
struct FeedAnswer;
struct ChartMoment;
struct HeatCell;
struct PanelSpec;
struct RequestsWanted;
class BaselinePanel;
class ChartGroup;
class Heatmap;
class MetricFeed;
class RequestFeed;
class StatTile;
class TileRows;
class TimeSeriesChart;

/// The gateway at a glance: tiles, charts and, of this process alone, the last requests. Wide: three charts side by side; narrow: two. One of
/// the charts may take all of the page. Tiles of a GPU are there where the source measures one.
class OverviewPage : public Page {
    Q_OBJECT

public:
    OverviewPage(const ConsoleContext& context, MetricFeed& feed, QWidget* parent = nullptr);

    std::vector<PageCommand> commands() override;

Q_SIGNALS:
    /// A click into a chart that tells of this process's requests.
    void requestsWanted(const RequestsWanted& wanted);
    void inFlightWanted();
    /// One of the last requests, to be looked into.
    void requestChosen(const QString& requestId);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    static constexpr int wideFrom = 1120; ///< px of page width: below, three charts are too narrow to be read

    void addTiles();
    void addCharts();
    void addHeatmap();
    void showTile(StatTile& tile, const PanelSpec& spec, const FeedAnswer& answer);
    void showChart(std::size_t place, const PanelSpec& spec, const FeedAnswer& answer);
    QString emptyText(const QString& usual, const FeedAnswer& answer) const;
    void arrange(bool wide);
    void poll();
    void showSource();
    void follow(const TimeSeriesChart& chart, const PanelSpec& spec, const ChartMoment& moment);
    void follow(const PanelSpec& spec); ///< of a tile
    void follow(const HeatCell& cell);
    std::vector<QWidget*> charts() const; ///< with the heatmap
    void prepareAlone();
    void setAlone(QWidget* chart); ///< it fills the page; null: all are shown
    void showAlone();
    bool local() const;

    const ConsoleContext& m_context;
    MetricFeed& m_feed;
    QStackedWidget* m_stack; ///< all of it, or m_stage
    QScrollArea* m_scroll;
    QWidget* m_stage; ///< where a chart stands alone
    TileRows* m_tileRows;
    QGridLayout* m_chartGrid;
    ChartGroup* m_group;
    std::vector<StatTile*> m_tiles;
    std::vector<TimeSeriesChart*> m_charts; ///< in the order of overview::charts()
    std::vector<QString> m_emptyTexts;      ///< of the charts, where no more is known
    QString m_heatmapEmptyText;
    BaselinePanel* m_baseline;
    Heatmap* m_heatmap;
    QWidget* m_alone = nullptr;
    RequestFeed* m_requestFeed;
    QTimer m_timer;
    enum class Layout { none, wide, narrow } m_layout = Layout::none;
};

} // namespace tokenscope::ui

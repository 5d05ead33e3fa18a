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
class ElsewhereNote;
class Heatmap;
class MetricCatalogue;
class MetricFeed;
class RequestFeed;
class StatTile;
class TileRows;
class TimeSeriesChart;
class WarningBar;

/// The gateway at a glance: tiles, charts and, of this process alone, the last requests. Wide: three charts side by side;
/// narrow: two. One of the charts may take all of the page. Tiles of a GPU are there where the source measures one. In place of
/// all this, a source that measures nothing of it has a note that leads to the dashboards made for it.
class OverviewPage : public Page {
    Q_OBJECT

public:
    OverviewPage(const ConsoleContext& context, MetricFeed& feed, const MetricCatalogue& catalogue,
                 QWidget* parent = nullptr);

    std::vector<PageCommand> commands() override;

Q_SIGNALS:
    /// A click into a chart that tells of this process's requests.
    void requestsWanted(const RequestsWanted& wanted);
    void inFlightWanted();
    /// One of the last requests, to be looked into.
    void requestChosen(const QString& requestId);
    /// Where the source measures nothing that the page shows: what is made for it, or all that it has.
    void dashboardWanted(const QString& id);
    void exploreWanted();

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
    void prepareElsewhere();
    void showPart(); ///< all of it, one chart, or the note that leads elsewhere
    bool measuresOther() const;
    bool local() const;

    const ConsoleContext& m_context;
    MetricFeed& m_feed;
    const MetricCatalogue& m_catalogue;
    QStackedWidget* m_stack; ///< all of it, m_stage or m_elsewhere
    QScrollArea* m_scroll;
    QWidget* m_stage; ///< where a chart stands alone
    ElsewhereNote* m_elsewhere = nullptr;
    WarningBar* m_warnings; ///< above the tiles, or above the chart that stands alone
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

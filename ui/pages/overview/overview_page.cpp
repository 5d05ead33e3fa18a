// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/overview/overview_page.h"

#include "bridge/console_context.h"
#include "bridge/frame_math.h"
#include "bridge/metric_feed.h"
#include "bridge/time_range.h"
#include "charts/heatmap.h"
#include "charts/time_series_chart.h"
#include "pages/common/requests_behind.h"
#include "pages/common/right_edge.h"
#include "pages/common/window_words.h"
#include "pages/overview/baseline_panel.h"
#include "pages/overview/overview_queries.h"
#include "pages/overview/request_feed.h"
#include "pages/overview/tile_rows.h"
#include "pages/overview/warning_bar.h"
#include "theme/theme.h"
#include "widgets/stat_tile.h"

#include <QGridLayout>
#include <QResizeEvent>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <optional>

namespace tokenscope::ui {

namespace {

constexpr int chartHeight = 200; ///< px at least
constexpr int gridColumns = 12;
constexpr std::size_t mostLines = 100; ///< more are neither told apart nor drawn in time

QString metricOf(const PanelSpec& spec)
{
    const auto& query = spec.queries.front();
    const auto part = query.function == query::Function::quantile ? "_bucket" : "";
    return QString::fromStdString(query.metric + part);
}

std::vector<Question> questionsOf(const PanelSpec& spec)
{
    return {spec.queries.begin(), spec.queries.end()};
}

query::FramePtr frameOf(const PanelSpec& spec, const FeedAnswer& answer)
{
    auto frames = goodFrames(answer);
    if (spec.combine == Combine::percentage)
        return percentage(frames.at(0), frames.at(1));
    // A source far away may have thousands of series where this process has a few.
    for (auto& frame : frames)
        frame = firstColumns(frame, mostLines);
    if (spec.combine == Combine::without)
        frames.at(0) = overview::answering(frames.at(0), frames.at(1));
    return combined(frames, spec.names);
}

/// Which time a tile's number is of.
QString timeText(const PanelSpec& spec)
{
    const auto window = windowText(spec.queries.front());
    return window.isEmpty() ? OverviewPage::tr("As measured last in the shown range")
                            : OverviewPage::tr("Of the last %1 of the shown range").arg(window);
}

QString windowNote(const query::Query& asked)
{
    const auto window = windowText(asked);
    return window.isEmpty() ? QString() : OverviewPage::tr("over %1").arg(window);
}

bool countsInFlight(const PanelSpec& spec)
{
    return spec.combine == Combine::without;
}

/// What stands beside a tile's label: the window of its number, or for requests in flight how many more wait.
QString noteOf(const PanelSpec& spec, const FeedAnswer& answer)
{
    if (countsInFlight(spec)) {
        const auto waiting = lastValue(*goodFrames(atEnd(answer)).at(1));
        return waiting ? OverviewPage::tr("%1 queued").arg(formatValue(waiting, spec.unit).number) : QString();
    }
    return windowNote(answer.asked.value_or(spec.queries.front()));
}

QString requestsHint()
{
    return OverviewPage::tr("Click: the requests of this time");
}

/// Where a tile of this process leads.
QString clickHint(const PanelSpec& tile)
{
    if (countsInFlight(tile))
        return OverviewPage::tr("Click: the requests in flight now");
    return requestsBehind(tile.queries.front()) ? requestsHint() : QString();
}

StatTile::Tone toneOf(const PanelSpec& spec, std::optional<double> value)
{
    if (value && spec.badFrom && *value >= *spec.badFrom)
        return StatTile::Tone::bad;
    return value && spec.warnFrom && *value >= *spec.warnFrom ? StatTile::Tone::warn : StatTile::Tone::normal;
}

/// The value from which on a tile has that tone.
std::optional<double> limitOf(const PanelSpec& spec, StatTile::Tone tone)
{
    return tone == StatTile::Tone::bad ? spec.badFrom : tone == StatTile::Tone::warn ? spec.warnFrom : std::nullopt;
}

} // namespace

OverviewPage::OverviewPage(const ConsoleContext& context, MetricFeed& feed, const MetricCatalogue& catalogue,
                           QWidget* parent)
    : Page(parent), m_context(context), m_feed(feed), m_catalogue(catalogue), m_group(new ChartGroup(this))
{
    const auto& tokens = context.theme.tokens();
    setObjectName(QStringLiteral("page.overview"));
    m_stack = new QStackedWidget;
    m_scroll = new QScrollArea;
    m_stage = new QWidget;
    m_scroll->setObjectName(QStringLiteral("overview.scroll"));
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_stack);
    m_stack->addWidget(m_scroll);
    m_stack->addWidget(m_stage);
    (new QVBoxLayout(m_stage))->setContentsMargins(tokens.space4, tokens.space3, tokens.space4, tokens.space4);

    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(tokens.space4, tokens.space3, tokens.space4, tokens.space4);
    column->setSpacing(tokens.space3);
    m_warnings = new WarningBar(context.theme, QStringLiteral("overview.warnings"));
    m_tileRows = new TileRows(tokens.space3);
    m_chartGrid = new QGridLayout;
    m_chartGrid->setSpacing(tokens.space3);
    column->addWidget(m_warnings);
    column->addWidget(m_tileRows);
    m_baseline = new BaselinePanel(context, feed.range());
    column->addWidget(m_baseline);
    column->addLayout(m_chartGrid, 1);
    m_scroll->setWidget(content);
    keepRightEdge(*m_scroll, *column, tokens.space4);

    addTiles();
    addCharts();
    addHeatmap();
    m_requestFeed = new RequestFeed(context);
    m_requestFeed->setRange(m_feed.range());
    connect(m_requestFeed, &RequestFeed::requestChosen, this, &OverviewPage::requestChosen);
    prepareAlone();
    prepareElsewhere();
    arrange(true);
    showSource();
    connect(&m_feed, &MetricFeed::sourceChanged, this, &OverviewPage::showSource);

    connect(&m_feed.range(), &TimeRange::changed, m_requestFeed, [this] { m_requestFeed->setRange(m_feed.range()); });
    m_timer.setInterval(std::chrono::seconds(1));
    connect(&m_timer, &QTimer::timeout, this, &OverviewPage::poll);
    m_timer.start();
}

void OverviewPage::addTiles()
{
    for (const auto& spec : overview::tiles()) {
        auto* tile = new StatTile(m_context.theme, spec.title, spec.unit);
        tile->setObjectName(QStringLiteral("tile.") + spec.id);
        connect(tile, &StatTile::clicked, this, [this, spec] { follow(spec); });
        m_tileRows->add(tile, !spec.ifMeasured);
        // Only what can be seen is asked for: for a tile that may be left out an empty point in their place asks.
        QWidget* asker = tile;
        if (spec.ifMeasured) {
            asker = new QWidget(m_tileRows);
            asker->setFixedSize(1, 1);
        }
        m_feed.subscribe(
            asker, questionsOf(spec), [this, tile, spec](const FeedAnswer& answer) { showTile(*tile, spec, answer); },
            MetricFeed::Wants::both);
        m_tiles.push_back(tile);
    }
}

void OverviewPage::addCharts()
{
    for (const auto& spec : overview::charts()) {
        auto* chart = new TimeSeriesChart(m_context.theme, m_group);
        chart->setObjectName(QStringLiteral("chart.") + spec.id);
        chart->setTitle(spec.title);
        chart->setSubtitle(spec.subtitle);
        chart->setUnit(spec.unit);
        chart->setPercentiles(spec.percentiles);
        chart->setYMinimumSpan(spec.yMinimumSpan);
        if (spec.unit == Unit::percent)
            chart->setYMaximum(100);
        chart->setMinimumHeight(chartHeight);
        connect(chart, &TimeSeriesChart::rangeSelected, this, [this](qint64 from, qint64 to) {
            m_feed.range().setFixed({from, to});
        });
        connect(chart, &TimeSeriesChart::rangeReset, this, [this] { m_feed.range().goLive(); });
        connect(chart, &TimeSeriesChart::momentWanted, this,
                [this, chart, spec](const ChartMoment& moment) { follow(*chart, spec, moment); });
        m_feed.subscribe(chart, questionsOf(spec), [this, place = m_charts.size(), spec](const FeedAnswer& answer) {
            showChart(place, spec, answer);
        });
        m_charts.push_back(chart);
        m_emptyTexts.emplace_back();
    }
}

void OverviewPage::addHeatmap()
{
    m_heatmap = new Heatmap(m_context.theme, m_group);
    m_heatmap->setObjectName(QStringLiteral("overview.heatmap"));
    m_heatmap->setTitle(tr("Latency distribution"));
    m_heatmap->setSubtitle(tr("requests by total time"));
    m_heatmap->setUnit(Unit::seconds);
    m_heatmap->setMinimumHeight(chartHeight);
    connect(m_heatmap, &Heatmap::cellWanted, this, qOverload<const HeatCell&>(&OverviewPage::follow));
    m_feed.subscribe(m_heatmap, {overview::latencyHeatmap()}, [this](const FeedAnswer& answer) {
        m_warnings->take(m_heatmap->objectName(), warningsOf(answer));
        m_heatmap->setTimeRange(answer.shown.from, answer.shown.to);
        if (const auto error = firstError(answer); !error.isEmpty())
            m_heatmap->setError(error);
        else {
            m_heatmap->setEmptyText(emptyText(m_heatmapEmptyText, answer));
            m_heatmap->setFrame(goodFrames(answer).front());
        }
    });
}

void OverviewPage::showTile(StatTile& tile, const PanelSpec& spec, const FeedAnswer& answer)
{
    m_warnings->take(tile.objectName(), warningsOf(answer));
    if (const auto error = firstError(answer); !error.isEmpty()) {
        tile.setError(error);
        tile.setNote(windowNote(spec.queries.front()));
        return;
    }
    const auto past = emptyText({}, answer);
    tile.setNote(noteOf(spec, answer));
    const auto frame = frameOf(spec, answer);
    const auto value = lastValue(*frameOf(spec, atEnd(answer)));
    const bool wasMeasured = answer.past && answer.past->known == Past::Known::seen;
    m_tileRows->setShown(&tile, !spec.ifMeasured || !frame->columns.empty() || wasMeasured);
    tile.setValue(value);
    tile.setToolTip(past.isEmpty() ? timeText(spec) : past); // after an error's
    tile.setHistory(history(*frame));
    const auto tone = toneOf(spec, value);
    tile.setTone(tone, limitOf(spec, tone));
}

void OverviewPage::showChart(std::size_t place, const PanelSpec& spec, const FeedAnswer& answer)
{
    auto& chart = *m_charts[place];
    m_warnings->take(chart.objectName(), warningsOf(answer));
    chart.setTimeRange(answer.range.from, answer.range.to);
    if (const auto error = firstError(answer); !error.isEmpty()) {
        chart.setError(error);
        return;
    }
    chart.setEmptyText(emptyText(m_emptyTexts[place], answer));
    chart.setFrame(frameOf(spec, answer));
}

void OverviewPage::follow(const TimeSeriesChart& chart, const PanelSpec& spec, const ChartMoment& moment)
{
    const auto behind = requestsBehind(spec.queries.front());
    if (!local() || !behind)
        return;
    const auto frame = chart.frame();
    const bool known = frame && moment.column && *moment.column < frame->columns.size();
    Q_EMIT requestsWanted(requestsAt(*behind, moment.fromMs, moment.toMs,
                                     known ? frame->columns[*moment.column].labels : query::Labels()));
}

void OverviewPage::follow(const PanelSpec& spec)
{
    if (!local())
        return;
    if (countsInFlight(spec))
        return Q_EMIT inFlightWanted();
    const auto behind = requestsBehind(spec.queries.front());
    const auto end = m_feed.range().end();
    if (behind)
        Q_EMIT requestsWanted(requestsAt(*behind, end, end, {}));
}

void OverviewPage::follow(const HeatCell& cell)
{
    const auto behind = requestsBehind(overview::latencyHeatmap());
    if (!local() || !behind)
        return;
    Q_EMIT requestsWanted(requestsIn(*behind, cell));
}

void OverviewPage::arrange(bool wide)
{
    const auto layout = wide ? Layout::wide : Layout::narrow;
    if (layout == m_layout)
        return;
    m_layout = layout;
    // Seven charts and the heatmap in rows of three, or of two; the last requests in the place that is left.
    for (int column = 0; column < gridColumns; ++column)
        m_chartGrid->setColumnStretch(column, 1);
    for (int row = 0; row < 5; ++row)
        m_chartGrid->setRowStretch(row, row < (wide ? 3 : 5) ? 1 : 0);
    const int perRow = wide ? 3 : 2;
    const int span = gridColumns / perRow;
    int place = 0;
    for (auto* chart : charts()) {
        if (chart != m_alone)
            m_chartGrid->addWidget(chart, place / perRow, place % perRow * span, 1, span);
        ++place;
    }
    m_chartGrid->addWidget(m_requestFeed, place / perRow, place % perRow * span, 1,
                           gridColumns - place % perRow * span);
}

void OverviewPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    arrange(event->size().width() >= wideFrom);
}

void OverviewPage::showSource()
{
    const auto& gateway = m_context.gateway;
    // The whole sentence once; repeated in every chart it would shout.
    auto noTraffic =
        gateway.running()
            ? tr("No requests yet: send one from the Playground, or point a client at %1").arg(gateway.apiUrl())
            : gateway.error;
    const auto specs = overview::charts();
    for (std::size_t i = 0; i < m_charts.size(); ++i) {
        const auto& spec = specs[i];
        m_charts[i]->setFrame(nullptr);
        m_emptyTexts[i] = !local()                   ? tr("No %1 in this time range").arg(metricOf(spec))
                          : spec.emptyText.isEmpty() ? noTraffic
                                                     : spec.emptyText;
        m_charts[i]->setEmptyText(m_emptyTexts[i]);
        m_charts[i]->setLoading();
        m_charts[i]->setClickHint(local() && requestsBehind(spec.queries.front()) ? requestsHint() : QString());
        noTraffic = tr("No requests yet");
    }
    const auto tiles = overview::tiles();
    for (std::size_t i = 0; i < m_tiles.size(); ++i) {
        m_tiles[i]->setClickHint(local() ? clickHint(tiles[i]) : QString());
        m_tiles[i]->setNote(windowNote(tiles[i].queries.front()));
        m_tiles[i]->setHistory({});
        m_tiles[i]->setTone(StatTile::Tone::normal);
        m_tiles[i]->setValue(std::nullopt);
        m_tileRows->setShown(m_tiles[i], !tiles[i].ifMeasured);
    }
    m_heatmap->setFrame(nullptr);
    m_heatmapEmptyText =
        local() ? noTraffic
                : tr("No %1 in this time range").arg(QStringLiteral("aigateway_total_latency_seconds_bucket"));
    m_heatmap->setEmptyText(m_heatmapEmptyText);
    m_heatmap->setClickHint(local() ? tr("Click: these requests") : QString());
    m_heatmap->setLoading();
    m_requestFeed->setLocal(local());
    m_warnings->clear();
    showPart();
    m_baseline->setVisible(local()); // of requests, which only this process has
    poll();
}

void OverviewPage::poll()
{
    if (local() && !m_feed.range().paused() && isVisible())
        m_requestFeed->poll();
}

} // namespace tokenscope::ui

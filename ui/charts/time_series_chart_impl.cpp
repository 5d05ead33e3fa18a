// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/time_series_chart_impl.h"

#include "charts/chart_values.h"
#include "charts/plot_item.h"
#include "charts/scene_builder.h"
#include "theme/theme.h"

#include <QDateTime>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <utility>

namespace tokenscope::ui {
namespace {

constexpr int frameIntervalMs = 16;
constexpr int silentMs = 15'000; ///< without new data the end of the axis is not now any more
constexpr int valuesIntervalMs = 100;

/// Rates and counts have no unit at their ticks, so it stands beside the title.
QString axisUnit(Unit unit)
{
    switch (unit) {
    case Unit::requestsPerSecond: return QStringLiteral("req/s");
    case Unit::tokensPerSecond: return QStringLiteral("tok/s");
    case Unit::tokens: return QStringLiteral("tok");
    case Unit::perSecond: return QStringLiteral("/s");
    case Unit::hertz: return QStringLiteral("Hz");
    case Unit::dollars: return QStringLiteral("$");
    default: return {};
    }
}

bool isMeasured(double value)
{
    return !std::isnan(value);
}

bool isDrawable(double value)
{
    return std::isfinite(value);
}

bool hasValues(const query::Frame& frame, bool (*accept)(double))
{
    return std::any_of(frame.columns.begin(), frame.columns.end(), [&](const query::Column& column) {
        const auto size = static_cast<std::ptrdiff_t>(std::min(column.values.size(), frame.times.size()));
        return std::any_of(column.values.begin(), column.values.begin() + size, accept);
    });
}

} // namespace

TimeSeriesChart::Impl::Impl(TimeSeriesChart& chart, const Theme& theme, ChartGroup* group)
    : m_chart(chart), m_theme(theme), m_group(group ? group : new ChartGroup(&chart)),
      m_legend(new ChartLegend(theme, &chart)), m_view(new PlotView(theme, &chart))
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(frameIntervalMs);
    m_legend->setDetails([this](std::size_t series) { return details(series); });
    m_nowTimer.setSingleShot(true);
    m_valuesTimer.setSingleShot(true);
    m_valuesTimer.setInterval(valuesIntervalMs);
    m_clickTimer.setSingleShot(true);
    connectParts();
}

void TimeSeriesChart::Impl::connectParts()
{
    auto* chart = &m_chart;
    QObject::connect(&m_timer, &QTimer::timeout, chart, [this] { apply(); });
    QObject::connect(&m_nowTimer, &QTimer::timeout, chart, [this] { schedule(Change::axis); });
    QObject::connect(&m_valuesTimer, &QTimer::timeout, chart, [this] { updateLegend(); });
    QObject::connect(&m_clickTimer, &QTimer::timeout, chart, [this] { std::exchange(m_clicked, nullptr)(); });
    QObject::connect(&m_theme, &Theme::changed, chart, [this] {
        // At once: not even for one frame is the plot of another theme than all around it.
        schedule();
        apply();
        m_chart.update();
    });
    QObject::connect(m_view, &PlotView::pixelRatioChanged, chart, [this] { schedule(Change::axis); });
    QObject::connect(m_group, &ChartGroup::timeChanged, chart, [this] { showCrosshair(); });
    QObject::connect(m_legend, &ChartLegend::isolateRequested, chart, [this](const QString& identity) {
        m_visibility.isolate(identity);
        schedule();
    });
    QObject::connect(m_legend, &ChartLegend::toggleRequested, chart,
                     [this](const QString& identity) { toggle(identity); });
    QObject::connect(m_view, &PlotView::hovered, chart, [this](const QPoint& at) { hover(at); });
    QObject::connect(m_view, &PlotView::left, chart, [this] { leave(); });
    QObject::connect(m_view, &PlotView::clicked, chart, [this](qint64 ms, const QPoint& at) { click(ms, at); });
    QObject::connect(m_view, &PlotView::rangeDragged, chart, [this](qint64 from, qint64 to) {
        zoomTo({from, to}, ChartGroup::Gesture::single);
    });
    QObject::connect(m_view, &PlotView::doubleClicked, chart, [this] { goBack(); });
    QObject::connect(m_view, &PlotView::zoomed, chart,
                     [this](double factor, qint64 ms) { zoom(factor, ms, ChartGroup::Gesture::continued); });
    QObject::connect(m_view, &PlotView::panned, chart, [this](qint64 by) { pan(by); });
    QObject::connect(m_view, &PlotView::panFinished, chart, [this] { finishPan(); });
}

void TimeSeriesChart::Impl::schedule(Change change)
{
    m_dirty = true;
    m_dataDirty |= change == Change::data;
    if (m_chart.isVisible() && !m_timer.isActive())
        m_timer.start();
}

void TimeSeriesChart::Impl::apply()
{
    if (!m_dirty || !m_chart.isVisible())
        return;
    m_dirty = false;
    ++m_layoutCount;
    const bool newData = std::exchange(m_dataDirty, false);
    if (newData)
        readData();

    SceneInput input;
    input.frame = m_plotted.get();
    input.pyramids = m_pyramids.get();
    input.before = newData ? nullptr : &m_view->item().plotScene();
    input.series = m_visible;
    input.fromMs = m_fromMs;
    input.toMs = m_toMs;
    input.nowMs = QDateTime::currentMSecsSinceEpoch();
    // Not at once: a source may have something new every few seconds only.
    if (std::abs(input.nowMs - m_toMs) <= nowLasts(m_fromMs, m_toMs))
        m_nowTimer.start(static_cast<int>(nowLasts(m_fromMs, m_toMs)) + silentMs);
    input.unit = m_unit;
    input.minimumSpan = m_minimumSpan;
    input.minimum = m_minimum;
    input.maximum = m_maximum;
    input.size = m_view->size();
    input.pixelRatio = m_view->devicePixelRatioF();
    input.labelFont = m_theme.tokens().small;
    PlotScene scene = buildScene(input);
    addMessages(scene, m_hasData);
    m_view->setPlotScene(std::move(scene));

    if (m_mouse)
        hover(*m_mouse);
    else if (m_cursor)
        showCursor();
    showCrosshair();
    if (newData || m_legend->table()) {
        readStatistics();
        updateLegend();
    }
}

bool TimeSeriesChart::Impl::roomForTable() const
{
    return m_chart.height() >= 420 && m_chart.width() >= 600;
}

void TimeSeriesChart::Impl::readStatistics()
{
    m_statistics.clear();
    if (!m_legend->table())
        return;
    for (const ChartSeries& series : m_series) {
        const auto values = statisticsOf(*m_drawn, series.column, span());
        m_statistics.push_back(
            {format(values.last), format(values.minimum), format(values.maximum), format(values.mean)});
    }
}

void TimeSeriesChart::Impl::readData()
{
    m_drawn = m_frame;
    m_hasData = m_drawn && hasValues(*m_drawn, isMeasured);
    m_hasPoints = m_hasData && hasValues(*m_drawn, isDrawable);
    const QString before = subtitle();
    m_series = m_drawn ? makeSeries(*m_drawn, m_theme, m_percentiles, m_colors) : std::vector<ChartSeries>();
    if (subtitle() != before)
        m_chart.update();
    m_readAt.reset();
    findVisible();
    m_plotted = m_drawn;
    if (m_stacked && m_drawn)
        stack();
    if (!m_plotted)
        m_pyramids.reset();
    else if (!m_pyramids || m_pyramids->frame() != m_plotted)
        m_pyramids = m_group ? m_group->pyramids(m_plotted) : std::make_shared<FramePyramids>(m_plotted);
    m_statistics.clear();
    m_legend->setVisible(m_legendShown && !m_series.empty());
    updateLegend();
    chooseLegendForm();
    place();
}

void TimeSeriesChart::Impl::findVisible()
{
    m_visible.clear();
    std::vector<std::size_t> places(m_series.size()); // of each series among the visible
    for (std::size_t i = 0; i < m_series.size(); ++i) {
        places[i] = m_visible.size();
        if (!m_visibility.isVisible(m_series[i].identity))
            continue;
        ChartSeries shown = m_series[i];
        // A band needs both its ends.
        const bool band = shown.bandFrom != i && m_visibility.isVisible(m_series[shown.bandFrom].identity);
        shown.bandFrom = band ? places[shown.bandFrom] : places[i];
        m_visible.push_back(std::move(shown));
    }
}

void TimeSeriesChart::Impl::stack()
{
    auto frame = std::make_shared<query::Frame>(*m_drawn);
    std::vector<double> ground(frame->times.size(), 0);
    for (std::size_t i = 0; i < m_visible.size(); ++i) {
        auto& series = m_visible[i];
        auto& values = frame->columns[series.column].values;
        for (std::size_t row = 0; row < std::min(values.size(), ground.size()); ++row) {
            if (std::isfinite(values[row]))
                values[row] = ground[row] += values[row];
        }
        series.layer = true;
    }
    m_plotted = std::move(frame);
}

std::optional<double> TimeSeriesChart::Impl::seenAt(const ChartSeries& series, std::size_t index) const
{
    const auto value = valueAt(*m_plotted, series.column, index);
    const bool flat =
        series.layer && series.column != m_visible.front().column && valueAt(*m_drawn, series.column, index) == 0.0;
    return value && std::isfinite(*value) && !flat ? value : std::nullopt;
}

void TimeSeriesChart::Impl::addMessages(PlotScene& scene, bool hasData) const
{
    if (hasData) {
        scene.stale = !m_error.isEmpty();
        scene.notice = m_error;
        scene.remark = m_hasPoints ? QString() : m_undrawnText;
        return;
    }
    scene.messageIsError = !m_error.isEmpty();
    scene.message = !m_error.isEmpty()      ? m_error
                    : m_loading             ? TimeSeriesChart::tr("Loading…")
                    : m_emptyText.isEmpty() ? TimeSeriesChart::tr("No data in this time range")
                                            : m_emptyText;
}

/// A table where there is room for one, unless it leaves out series that all have a place in rows of names and values.
void TimeSeriesChart::Impl::chooseLegendForm()
{
    const int width = innerWidth();
    m_legend->setTable(roomForTable());
    if (!m_legend->table() || m_legend->fits(width, legendRows(width)))
        return;
    m_legend->setTable(false);
    m_legend->setTable(!m_legend->fits(width, legendRows(width)));
}

/// The higher the chart, the more, but a third of it at most; one further row rather than a "+1" in its place.
int TimeSeriesChart::Impl::legendRows(int width) const
{
    const int height = m_chart.height();
    const int third = height / 3 / m_legend->rowHeight();
    if (m_legend->table())
        return third;
    const int rows = height < 220 ? 1 : std::max(height / 6 / m_legend->rowHeight(), 2);
    return height >= 180 && rows < third && !m_legend->fits(width, rows) && m_legend->fits(width, rows + 1) ? rows + 1
                                                                                                            : rows;
}

int TimeSeriesChart::Impl::innerWidth() const
{
    return m_chart.width() - 2 * m_theme.tokens().space3;
}

void TimeSeriesChart::Impl::place()
{
    const ThemeTokens& tokens = m_theme.tokens();
    const int left = tokens.space3;
    const int width = innerWidth();
    int top = tokens.space2 + QFontMetrics(tokens.body).height() + 2;
    if (!m_legend->isHidden()) {
        m_legend->setGeometry(left, top, width, m_legend->heightFor(width, legendRows(width)));
        top += m_legend->height();
    }
    top += tokens.space1;
    // The plot keeps a gap on its right for the last time label: it reaches into the margin.
    m_view->setGeometry(left, top, width + tokens.space1, std::max(1, m_chart.height() - top - tokens.space1));
}

QString TimeSeriesChart::Impl::subtitle() const
{
    QString text = m_subtitle.isEmpty() ? axisUnit(m_unit) : m_subtitle;
    if (m_stacked && m_series.size() > 1) {
        const QString stacked = TimeSeriesChart::tr("stacked");
        text += text.isEmpty() ? stacked : QString(QStringLiteral(" · ") + stacked);
    }
    return text;
}

void TimeSeriesChart::Impl::paintHeader(QPainter& painter) const
{
    const ThemeTokens& tokens = m_theme.tokens();
    QFont titleFont = tokens.body;
    titleFont.setWeight(QFont::DemiBold);
    const QFontMetrics titleMetrics(titleFont);
    const QFontMetrics subtitleMetrics(tokens.small);
    const int width = std::max(0, m_chart.width() - 2 * tokens.space3 - m_headerReserve);
    const int baseline = tokens.space2 + titleMetrics.ascent();

    const QString title = titleMetrics.elidedText(m_title, Qt::ElideRight, width);
    painter.setFont(titleFont);
    painter.setPen(tokens.text);
    painter.drawText(tokens.space3, baseline, title);
    const int used = titleMetrics.horizontalAdvance(title) + tokens.space2;
    painter.setFont(tokens.small);
    painter.setPen(tokens.secondary);
    painter.drawText(tokens.space3 + used, baseline,
                     subtitleMetrics.elidedText(subtitle(), Qt::ElideRight, std::max(0, width - used)));
}

int TimeSeriesChart::Impl::pointCount() const
{
    if (!m_frame)
        return 0;
    std::ptrdiff_t count = 0;
    for (const query::Column& column : m_frame->columns) {
        const std::size_t size = std::min(column.values.size(), m_frame->times.size());
        count += std::count_if(column.values.begin(), column.values.begin() + static_cast<std::ptrdiff_t>(size),
                               [](double value) { return std::isfinite(value); });
    }
    return static_cast<int>(count);
}

void TimeSeriesChart::Impl::updateLegend()
{
    const auto index = m_readAt;
    std::vector<LegendEntry> entries;
    // The whole of what may have been cut short over the plot.
    QString spoken;
    const QString instead = m_error.isEmpty() ? m_view->item().plotScene().message : QString();
    for (const QString& words : {m_error, m_hasData && !m_hasPoints ? m_undrawnText : instead})
        spoken += words.isEmpty() ? QString() : words + QStringLiteral("; ");
    for (const ChartSeries& series : m_series) {
        const auto value = index ? valueAt(*m_drawn, series.column, *index) : newestValue(*m_drawn, series.column);
        const FormattedValue text = formatValue(value, m_unit);
        // What stands beside the title is not said again for each series.
        const QString shown = axisUnit(m_unit).isEmpty() ? text.joined() : text.number;
        entries.push_back(
            {series.identity, series.name, shown, series.color, m_visibility.isVisible(series.identity),
             entries.size() < m_statistics.size() ? m_statistics[entries.size()] : std::array<QString, 4>()});
        spoken += series.name + QLatin1Char(' ') + text.joined() + QStringLiteral("; ");
    }
    m_legend->setEntries(std::move(entries));
    if (!index)
        m_chart.setAccessibleDescription(m_series.empty() ? m_view->item().plotScene().message : spoken);
}

void TimeSeriesChart::Impl::toggle(const QString& identity)
{
    QStringList all;
    for (const ChartSeries& series : m_series)
        all << series.identity;
    m_visibility.toggle(identity, all);
    schedule();
}

QString TimeSeriesChart::Impl::details(std::size_t at) const
{
    if (at >= m_series.size())
        return {};
    const auto values = statisticsOf(*m_drawn, m_series[at].column, span());
    return TimeSeriesChart::tr("%1\nlast %2   min %3   max %4   mean %5")
        .arg(m_series[at].name, format(values.last), format(values.minimum), format(values.maximum),
             format(values.mean));
}

} // namespace tokenscope::ui

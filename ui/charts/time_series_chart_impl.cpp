// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/time_series_chart_impl.h"

#include "charts/plot_item.h"
#include "charts/scene_builder.h"
#include "theme/theme.h"

#include <QDateTime>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace tokenscope::ui {
namespace {

constexpr int frameIntervalMs = 16;

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

std::optional<double> valueAt(const query::Column& column, std::size_t index)
{
    return index < column.values.size() ? std::optional(column.values[index]) : std::nullopt;
}

/// The last finite value, if it is among the last few: an older one is not how things are now.
std::optional<double> lastValue(const query::Column& column, std::size_t size)
{
    constexpr std::size_t recent = 3;
    const std::size_t count = std::min(size, column.values.size());
    for (std::size_t back = 1; back <= std::min(recent, count); ++back) {
        if (std::isfinite(column.values[count - back]))
            return column.values[count - back];
    }
    return std::nullopt;
}

} // namespace

TimeSeriesChart::Impl::Impl(TimeSeriesChart& chart, const Theme& theme, ChartGroup* group)
    : m_chart(chart), m_theme(theme), m_group(group ? group : new ChartGroup(&chart)),
      m_legend(new ChartLegend(theme, &chart)), m_view(new PlotView(theme, &chart))
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(frameIntervalMs);
    m_legend->setDetails([this](std::size_t series) { return details(series); });
    QObject::connect(&m_timer, &QTimer::timeout, &chart, [this] { apply(); });
    QObject::connect(&theme, &Theme::changed, &chart, [this] { schedule(); });
    QObject::connect(m_group, &ChartGroup::timeChanged, &chart, [this] { showCrosshair(); });
    QObject::connect(m_legend, &ChartLegend::isolateRequested, &chart, [this](const QString& identity) {
        m_visibility.isolate(identity);
        schedule();
    });
    QObject::connect(m_legend, &ChartLegend::toggleRequested, &chart,
                     [this](const QString& identity) { toggle(identity); });
    QObject::connect(m_view, &PlotView::hovered, &chart, [this](const QPoint& at) { hover(at); });
    QObject::connect(m_view, &PlotView::left, &chart, [this] { leave(); });
    QObject::connect(m_view, &PlotView::clicked, &chart, &TimeSeriesChart::timeClicked);
    QObject::connect(m_view, &PlotView::rangeDragged, &chart, &TimeSeriesChart::rangeSelected);
    QObject::connect(m_view, &PlotView::doubleClicked, &chart, &TimeSeriesChart::rangeReset);
}

void TimeSeriesChart::Impl::schedule()
{
    m_dirty = true;
    if (m_chart.isVisible() && !m_timer.isActive())
        m_timer.start();
}

void TimeSeriesChart::Impl::apply()
{
    if (!m_dirty || !m_chart.isVisible())
        return;
    m_dirty = false;
    ++m_layoutCount;
    m_drawn = m_frame;
    m_series = m_drawn ? makeSeries(*m_drawn, m_theme, m_percentiles) : std::vector<ChartSeries>();

    SceneInput input;
    addSeries(input);
    m_plotted = m_drawn;
    if (m_stacked && m_drawn)
        stack(input);
    m_legend->setVisible(m_legendShown && !m_series.empty());
    updateLegend(std::nullopt);
    place();
    input.fromMs = m_fromMs;
    input.toMs = m_toMs;
    input.nowMs = QDateTime::currentMSecsSinceEpoch();
    input.unit = m_unit;
    input.minimumSpan = m_minimumSpan;
    input.maximum = m_maximum;
    input.size = m_view->size();
    input.labelFont = m_theme.tokens().small;
    PlotScene scene = buildScene(input);
    addMessages(scene, pointCount() > 0);
    m_view->setPlotScene(std::move(scene));

    if (m_mouse)
        hover(*m_mouse);
    showCrosshair();
    m_chart.update();
}

void TimeSeriesChart::Impl::addSeries(SceneInput& input) const
{
    input.frame = m_drawn.get();
    std::vector<std::size_t> places(m_series.size()); // of each series among the visible
    for (std::size_t i = 0; i < m_series.size(); ++i) {
        places[i] = input.series.size();
        if (!m_visibility.isVisible(m_series[i].identity))
            continue;
        ChartSeries shown = m_series[i];
        // A band needs both its ends.
        const bool band = shown.bandFrom != i && m_visibility.isVisible(m_series[shown.bandFrom].identity);
        shown.bandFrom = band ? places[shown.bandFrom] : places[i];
        input.series.push_back(std::move(shown));
    }
}

void TimeSeriesChart::Impl::stack(SceneInput& input)
{
    auto frame = std::make_shared<query::Frame>(*m_drawn);
    std::vector<double> ground(frame->times.size(), 0);
    for (std::size_t i = 0; i < input.series.size(); ++i) {
        auto& series = input.series[i];
        auto& values = frame->columns[series.column].values;
        for (std::size_t row = 0; row < std::min(values.size(), ground.size()); ++row) {
            if (std::isfinite(values[row]))
                values[row] = ground[row] += values[row];
        }
        series.bandFrom = i > 0 ? i - 1 : i;
    }
    input.frame = frame.get();
    m_plotted = std::move(frame);
}

void TimeSeriesChart::Impl::addMessages(PlotScene& scene, bool hasData) const
{
    if (hasData) {
        scene.stale = !m_error.isEmpty();
        scene.notice = m_error;
        return;
    }
    scene.messageIsError = !m_error.isEmpty();
    scene.message = !m_error.isEmpty()      ? m_error
                    : m_loading             ? TimeSeriesChart::tr("Loading…")
                    : m_emptyText.isEmpty() ? TimeSeriesChart::tr("No data in this time range")
                                            : m_emptyText;
}

void TimeSeriesChart::Impl::place()
{
    const ThemeTokens& tokens = m_theme.tokens();
    const int left = tokens.space3;
    const int width = m_chart.width() - 2 * tokens.space3;
    int top = tokens.space2 + QFontMetrics(tokens.body).height() + 2;
    if (!m_legend->isHidden()) {
        m_legend->setGeometry(left, top, width, m_legend->heightFor(width, m_chart.height() < 220 ? 1 : 2));
        top += m_legend->height();
    }
    top += tokens.space1;
    // The plot keeps a gap on its right for the last time label: it reaches into the margin.
    m_view->setGeometry(left, top, width + tokens.space1, std::max(1, m_chart.height() - top - tokens.space1));
}

void TimeSeriesChart::Impl::paintHeader(QPainter& painter) const
{
    const ThemeTokens& tokens = m_theme.tokens();
    QFont titleFont = tokens.body;
    titleFont.setWeight(QFont::DemiBold);
    const QFontMetrics titleMetrics(titleFont);
    const QFontMetrics subtitleMetrics(tokens.small);
    const int width = m_chart.width() - 2 * tokens.space3;
    const int baseline = tokens.space2 + titleMetrics.ascent();

    const QString title = titleMetrics.elidedText(m_title, Qt::ElideRight, width);
    painter.setFont(titleFont);
    painter.setPen(tokens.text);
    painter.drawText(tokens.space3, baseline, title);
    const int used = titleMetrics.horizontalAdvance(title) + tokens.space2;
    painter.setFont(tokens.small);
    painter.setPen(tokens.secondary);
    painter.drawText(tokens.space3 + used, baseline,
                     subtitleMetrics.elidedText(m_subtitle.isEmpty() ? axisUnit(m_unit) : m_subtitle, Qt::ElideRight,
                                                std::max(0, width - used)));
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

std::optional<std::size_t> TimeSeriesChart::Impl::indexAt(std::int64_t ms) const
{
    if (!m_drawn || m_drawn->times.empty())
        return std::nullopt;
    const auto& times = m_drawn->times;
    auto at = std::lower_bound(times.begin(), times.end(), ms);
    if (at == times.end() || (at != times.begin() && ms - *(at - 1) < *at - ms))
        --at;
    return static_cast<std::size_t>(at - times.begin());
}

void TimeSeriesChart::Impl::hover(const QPoint& position)
{
    m_mouse = position;
    const std::int64_t ms = m_view->timeAt(position.x());
    const auto index = indexAt(ms);
    if (m_group)
        m_group->setTime(index ? m_drawn->times[*index] : ms);
    if (index && m_view->item().plotScene().message.isEmpty())
        showTooltip(*index);
    else if (m_tooltip)
        m_tooltip->hide();
}

void TimeSeriesChart::Impl::leave()
{
    if (!m_mouse)
        return;
    m_mouse.reset();
    if (m_tooltip)
        m_tooltip->hide();
    if (m_group)
        m_group->setTime(std::nullopt);
}

void TimeSeriesChart::Impl::showCrosshair()
{
    if (!m_chart.isVisible())
        return;
    const PlotScene& scene = m_view->item().plotScene();
    const auto time = m_group ? m_group->time() : std::nullopt;
    if (!time || *time < scene.fromMs || *time > scene.toMs || !scene.message.isEmpty()) {
        m_view->item().setCrosshair(std::nullopt, {});
        updateLegend(std::nullopt);
        return;
    }
    const auto index = indexAt(*time);
    std::vector<PlotItem::Marker> markers;
    // Only where a sample is near: another chart may have other times.
    if (index && std::abs(scene.x(m_drawn->times[*index]) - scene.x(*time)) <= 2) {
        for (const ChartSeries& series : m_series) {
            const auto value = valueAt(m_plotted->columns[series.column], *index);
            if (m_visibility.isVisible(series.identity) && value && std::isfinite(*value))
                markers.push_back({std::clamp(scene.y(*value), scene.plot.top(), scene.plot.bottom()), series.color});
        }
    }
    m_view->item().setCrosshair(scene.x(*time), std::move(markers));
    updateLegend(index);
}

void TimeSeriesChart::Impl::showTooltip(std::size_t index)
{
    struct Entry {
        double value;
        ChartTooltip::Row row;
    };
    std::vector<Entry> entries;
    for (const ChartSeries& series : m_series) {
        if (!m_visibility.isVisible(series.identity))
            continue;
        const double value = valueAt(column(series), index).value_or(std::nan(""));
        entries.push_back({value, {series.color, series.name, format(value)}});
    }
    std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
        return std::isnan(b.value) ? !std::isnan(a.value) : a.value > b.value;
    });
    std::vector<ChartTooltip::Row> rows;
    for (Entry& entry : entries)
        rows.push_back(std::move(entry.row));

    QWidget* window = m_chart.window();
    if (!m_tooltip || m_tooltip->parentWidget() != window) {
        delete m_tooltip;
        m_tooltip = new ChartTooltip(m_theme, window);
    }
    const std::int64_t time = m_drawn->times[index];
    const PlotScene& scene = m_view->item().plotScene();
    m_tooltip->setContents(formatTime(time, scene.toMs - scene.fromMs), std::move(rows));
    const QPoint point(static_cast<int>(scene.x(time)), m_mouse ? m_mouse->y() : 0);
    m_tooltip->showBeside(m_view->mapTo(window, point));
}

void TimeSeriesChart::Impl::updateLegend(std::optional<std::size_t> index)
{
    std::vector<LegendEntry> entries;
    // The whole of what may have been cut short over the plot.
    QString spoken = m_error.isEmpty() ? QString() : m_error + QStringLiteral("; ");
    for (const ChartSeries& series : m_series) {
        const auto value = index ? valueAt(column(series), *index) : lastValue(column(series), m_drawn->times.size());
        const FormattedValue text = formatValue(value, m_unit);
        // What stands beside the title is not said again for each series.
        const QString shown = axisUnit(m_unit).isEmpty() ? text.joined() : text.number;
        entries.push_back({series.identity, series.name, shown, series.color, m_visibility.isVisible(series.identity)});
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
    const query::Column& data = column(m_series[at]);
    double low = std::nan("");
    double high = std::nan("");
    double sum = 0;
    int count = 0;
    for (const double value : data.values) {
        if (!std::isfinite(value))
            continue;
        low = count == 0 ? value : std::min(low, value);
        high = count == 0 ? value : std::max(high, value);
        sum += value;
        ++count;
    }
    const std::optional<double> mean = count > 0 ? std::optional(sum / count) : std::nullopt;
    return TimeSeriesChart::tr("%1\nlast %2   min %3   max %4   mean %5")
        .arg(m_series[at].name, format(lastValue(data, m_drawn->times.size())), format(low), format(high),
             format(mean));
}

} // namespace tokenscope::ui

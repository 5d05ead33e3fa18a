// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/panel_view.h"

#include "bridge/frame_math.h"
#include "bridge/time_range.h"
#include "charts/bar_list.h"
#include "charts/heatmap.h"
#include "charts/time_series_chart.h"
#include "pages/common/icon.h"
#include "pages/common/past_words.h"
#include "pages/dashboards/panel_frame.h"
#include "pages/dashboards/panel_plan.h"
#include "theme/theme.h"
#include "widgets/stat_tile.h"
#include "widgets/value_table.h"

#include <QHelpEvent>
#include <QToolButton>
#include <QToolTip>

#include <algorithm>

namespace tokenscope::ui {

namespace {

using dashboards::PanelKind;

constexpr int buttonSize = 24;
constexpr int titleHeight = 32;

QString nameOf(const dashboards::Panel& panel)
{
    return QStringLiteral("panel.") + QString::fromStdString(panel.id);
}

} // namespace

PanelView::PanelView(const Theme& theme, MetricFeed& feed, ChartGroup& group, dashboards::Panel panel, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_feed(feed), m_panel(std::move(panel)), m_content(makeContent(group)),
      m_expand(makeButton(QStringLiteral("expand"))), m_info(makeButton(QStringLiteral("info"))),
      m_back(makeButton(QStringLiteral("back")))
{
    setObjectName(nameOf(m_panel));
    m_content->setParent(this);
    m_content->setObjectName(nameOf(m_panel) + QStringLiteral(".content"));
    setAccessibleDescription(QString::fromStdString(m_panel.description));
    for (auto* button : {m_expand, m_info, m_back})
        button->raise();
    m_info->hide();
    m_back->hide();
    m_info->setAccessibleName(tr("What the source says about %1").arg(QString::fromStdString(m_panel.title)));
    connect(m_expand, &QToolButton::clicked, this, &PanelView::aloneRequested);
    m_back->setAccessibleName(tr("Show the time when %1 was seen last").arg(QString::fromStdString(m_panel.title)));
    m_back->setToolTip(tr("Show the time when it was seen last"));
    connect(m_info, &QToolButton::clicked, this, &PanelView::detailRequested);
    connect(m_back, &QToolButton::clicked, this, [this] {
        if (m_past)
            m_feed.range().setFixed(spanAround(*m_past, m_feed.range(), wants() != MetricFeed::Wants::steps));
    });
    connect(&theme, &Theme::changed, this, &PanelView::dress);
    setAlone(false);
    reset();
}

QToolButton* PanelView::makeButton(const QString& name)
{
    auto* button = new QToolButton(this);
    button->setObjectName(nameOf(m_panel) + QLatin1Char('.') + name);
    button->setFocusPolicy(Qt::TabFocus);
    button->setFixedSize(buttonSize, buttonSize);
    button->setIconSize({14, 14});
    return button;
}

TimeSeriesChart* PanelView::makeChart(ChartGroup& group)
{
    const auto shown = shownUnit(m_panel.unit);
    auto* chart = new TimeSeriesChart(m_theme, &group);
    chart->setTitle(QString::fromStdString(m_panel.title));
    chart->setUnit(shown.unit);
    chart->setStacked(m_panel.stacked);
    chart->setLegendShown(m_panel.legend);
    if (m_panel.minimum)
        chart->setYMinimum(*m_panel.minimum * shown.factor);
    if (m_panel.maximum)
        chart->setYMaximum(*m_panel.maximum * shown.factor);
    connect(chart, &TimeSeriesChart::rangeSelected, this, [this](qint64 from, qint64 to) {
        m_feed.range().setFixed({from, to});
    });
    connect(chart, &TimeSeriesChart::rangeReset, this, [this] { m_feed.range().goLive(); });
    connect(chart, &TimeSeriesChart::momentWanted, this, &PanelView::follow);
    return chart;
}

Heatmap* PanelView::makeHeatmap(ChartGroup& group)
{
    auto* heatmap = new Heatmap(m_theme, &group);
    heatmap->setSubtitle(m_panel.unit == dashboards::Unit::seconds || m_panel.unit == dashboards::Unit::milliseconds
                             ? tr("how many took how long")
                             : tr("how many of each size"));
    connect(heatmap, &Heatmap::cellWanted, this, [this](const HeatCell& cell) {
        if (m_behind && m_feed.source().local())
            Q_EMIT requestsWanted(requestsIn(*m_behind, cell));
    });
    return heatmap;
}

QWidget* PanelView::makeContent(ChartGroup& group)
{
    const auto title = QString::fromStdString(m_panel.title);
    const auto unit = shownUnit(m_panel.unit).unit;
    switch (m_panel.kind) {
    case PanelKind::timeseries: return m_chart = makeChart(group);
    case PanelKind::stat:
        m_tile = new StatTile(m_theme, title, unit);
        connect(m_tile, &StatTile::clicked, this, &PanelView::followTile);
        return m_tile;
    case PanelKind::heatmap: m_titled = m_heatmap = makeHeatmap(group); break;
    case PanelKind::table: m_titled = new ValueTable(m_theme); break;
    case PanelKind::bar: m_titled = new BarList(m_theme); break;
    }
    m_titled->setTitle(title);
    m_titled->setUnit(unit);
    return m_titled;
}

void PanelView::receive(const FeedAnswer& answer)
{
    if (passOn(answer)) {
        Q_EMIT planWanted();
        return;
    }
    if (m_tile && answer.asked)
        noteWindow(*answer.asked);
    const auto frames = framesOf(answer);
    const bool any = std::any_of(frames.begin(), frames.end(), [](const auto& frame) { return frame != nullptr; });
    std::size_t series = 0;
    for (const auto& frame : answer.frames)
        series += frame && *frame ? (*frame)->columns.size() : 0;
    const auto error = firstError(answer);
    note(answer);
    showPast(answer.past);
    if (any)
        showFrame(combined(frames, m_names), series, answer);
    else if (m_chart)
        m_chart->setTimeRange(answer.range.from, answer.range.to);
    if (!error.isEmpty())
        showError(error);
    Q_EMIT answered();
}

std::vector<query::FramePtr> PanelView::framesOf(const FeedAnswer& answer) const
{
    auto frames = goodFrames(answer);
    for (auto& frame : frames) {
        if (frame)
            frame = reduced(frame, m_panel.kind);
    }
    return frames;
}

void PanelView::note(const FeedAnswer& answer)
{
    QStringList complaints, details;
    m_errors.assign(answer.frames.size(), std::nullopt);
    for (const auto* parts : {&answer.frames, &answer.end}) {
        for (std::size_t i = 0; i < parts->size(); ++i) {
            const auto& part = (*parts)[i];
            if (!part) {
                const auto& error = part.error();
                complaints << QString::fromStdString(error.message);
                details << QString::fromStdString(error.detail);
                if (!m_errors[i])
                    m_errors[i] = error;
            } else if (*part) {
                for (const auto& warning : (*part)->warnings)
                    complaints << QString::fromStdString(warning);
            }
        }
    }
    complaints.removeDuplicates();
    details.removeDuplicates();
    details.removeAll(QString());
    m_complaint = complaints.join(QLatin1Char('\n'));
    m_detail = details.join(QLatin1Char('\n'));
    showInfo(!m_complaint.isEmpty());
    m_info->setToolTip(m_complaint);
}

void PanelView::forgetErrors()
{
    m_complaint.clear();
    m_detail.clear();
    m_errors.clear();
    showInfo(false);
}

void PanelView::complain(const QString& trouble)
{
    m_complaint = trouble;
    showInfo(true);
    m_info->setToolTip(trouble);
    showError(trouble);
}

void PanelView::setAlone(bool alone)
{
    m_alone = alone;
    // Ignored: what a panel says does not make it wider than its neighbours.
    setSizePolicy(QSizePolicy::Ignored, alone ? QSizePolicy::Expanding : QSizePolicy::Fixed);
    const auto title = QString::fromStdString(m_panel.title);
    m_expand->setAccessibleName(alone ? tr("Back to the dashboard") : tr("Show %1 alone").arg(title));
    m_expand->setToolTip(alone ? tr("Back to the dashboard (Esc)") : tr("Show alone (F)"));
    // A number is not easier to read on a whole page.
    m_expand->setVisible(!m_tile);
    place();
    dress();
}

void PanelView::setExtent(std::size_t width, std::size_t height)
{
    m_panel.width = width;
    m_panel.height = height;
    updateGeometry();
}

void PanelView::setLineHeight(int height)
{
    if (height == m_lineHeight)
        return;
    m_lineHeight = height;
    updateGeometry();
}

QSize PanelView::sizeHint() const
{
    if (m_tile)
        return m_content->sizeHint();
    const int lines = std::clamp(static_cast<int>(m_panel.height), 1, 8);
    return {m_content->sizeHint().width(), lines * m_lineHeight + (lines - 1) * m_theme.tokens().space3};
}

bool PanelView::event(QEvent* event)
{
    // The description is of the title: over the plot the crosshair speaks.
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        QStringList sentences{QString::fromStdString(m_panel.description), m_tile ? m_emptyText : QString(), m_tried,
                              m_regardless.isEmpty() ? QString()
                                                     : tr("It goes not by what is chosen of %1.").arg(m_regardless),
                              m_tile ? m_pastText : QString()};
        sentences.removeAll(QString());
        if ((m_tile || !m_tried.isEmpty() || help->pos().y() < titleHeight) && !sentences.isEmpty()) {
            QToolTip::showText(help->globalPos(), sentences.join(QLatin1Char('\n')), this);
            return true;
        }
    }
    return QWidget::event(event);
}

void PanelView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    place();
}

void PanelView::mouseDoubleClickEvent(QMouseEvent*)
{
    if (!m_tile)
        Q_EMIT aloneRequested();
}

void PanelView::followTile()
{
    const auto end = m_feed.range().end();
    if (m_behind && m_feed.source().local())
        Q_EMIT requestsWanted(requestsAt(*m_behind, end, end, {}));
}

void PanelView::follow(const ChartMoment& moment)
{
    if (!m_behind || !m_feed.source().local())
        return;
    const auto frame = m_chart->frame();
    const bool known = frame && moment.column && *moment.column < frame->columns.size();
    Q_EMIT requestsWanted(requestsAt(*m_behind, moment.fromMs, moment.toMs,
                                     known ? frame->columns[*moment.column].labels : query::Labels()));
}

void PanelView::showInfo(bool shown)
{
    m_info->setVisible(shown);
    place();
}

void PanelView::place()
{
    m_content->setGeometry(rect());
    const int margin = m_theme.tokens().space1;
    int right = width() - margin;
    for (auto* button : {m_expand, m_info, m_back}) {
        if (button->isHidden())
            continue;
        right -= buttonSize;
        button->move(right, margin);
    }
    // The title ends before the buttons.
    const int reserve = std::max(0, width() - margin - right);
    if (m_chart)
        m_chart->setHeaderReserve(reserve);
    if (m_titled)
        m_titled->setHeaderReserve(reserve);
    if (m_tile)
        m_tile->setLabelReserve(reserve);
}

void PanelView::dress()
{
    const auto& tokens = m_theme.tokens();
    m_expand->setIcon(tintedIcon(m_alone ? QStringLiteral("collapse") : QStringLiteral("expand"), tokens.secondary));
    m_info->setIcon(tintedIcon(QStringLiteral("warning"), tokens.warn));
    m_back->setIcon(tintedIcon(QStringLiteral("history"), tokens.secondary));
    const auto ground =
        QStringLiteral("QToolButton { padding: 0; min-height: 0; background: %1; border: 1px solid %1; }"
                       "QToolButton:hover { background: %2; }"
                       "QToolButton:focus { padding: 0; min-height: 0; border: 1px solid %3; }")
            .arg(tokens.surface.name(), tokens.hairline.name(), tokens.accent.name());
    for (auto* button : {m_expand, m_info, m_back})
        button->setStyleSheet(ground);
}

} // namespace tokenscope::ui

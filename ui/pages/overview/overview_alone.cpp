// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A chart of the overview on all of the page, as a panel of a dashboard can be, and what the page offers in the command palette.
#include "bridge/metric_feed.h"
#include "charts/heatmap.h"
#include "charts/time_series_chart.h"
#include "pages/overview/baseline_panel.h"
#include "pages/overview/overview_page.h"
#include "pages/overview/warning_bar.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollArea>
#include <QScrollBar>
#include <QShortcut>
#include <QVBoxLayout>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr int titleHeight = 32; ///< px: a double click there enlarges

} // namespace

std::vector<PageCommand> OverviewPage::commands()
{
    std::vector<PageCommand> all;
    if (measuresOther())
        return all;
    if (m_alone)
        all.push_back(
            {QStringLiteral("alone"), tr("Show all charts of the overview"), tr("Esc"), [this] { setAlone(nullptr); }});
    else
        all.push_back(
            {QStringLiteral("alone"), tr("Show a chart of the overview alone"), tr("F"), [this] { showAlone(); }});
    if (!local())
        return all;
    all.push_back({QStringLiteral("pin"), tr("Pin this time as the baseline"), {}, [this] { m_baseline->pin(); }});
    if (m_baseline->pinned())
        all.push_back({QStringLiteral("unpin"), tr("Unpin the baseline"), {}, [this] { m_baseline->unpin(); }});
    return all;
}

void OverviewPage::prepareAlone()
{
    for (auto* chart : charts())
        chart->installEventFilter(this);
    auto* alone = new QShortcut(Qt::Key_F, this);
    alone->setContext(Qt::WidgetWithChildrenShortcut);
    connect(alone, &QShortcut::activated, this, &OverviewPage::showAlone);
}

std::vector<QWidget*> OverviewPage::charts() const
{
    std::vector<QWidget*> all(m_charts.begin(), m_charts.end());
    all.push_back(m_heatmap);
    return all;
}

void OverviewPage::setAlone(QWidget* chart)
{
    if (chart == m_alone)
        return;
    const int scrolled = m_scroll->verticalScrollBar()->value();
    auto* const focused = m_alone ? m_alone : chart;
    m_alone = chart;
    m_layout = Layout::none;
    arrange(width() >= wideFrom);
    auto* const stage = static_cast<QVBoxLayout*>(m_stage->layout());
    auto* const whole = static_cast<QVBoxLayout*>(m_scroll->widget()->layout());
    (chart ? stage : whole)->insertWidget(0, m_warnings);
    if (chart) {
        stage->addWidget(chart, 1);
        chart->show();
    }
    showPart();
    m_scroll->verticalScrollBar()->setValue(scrolled);
    // To be moved takes the focus away.
    focused->setFocus();
}

void OverviewPage::showAlone()
{
    if (measuresOther())
        return;
    const auto all = charts();
    auto found = std::ranges::find_if(all, &QWidget::underMouse);
    if (found == all.end())
        found = std::ranges::find_if(all, [](const QWidget* chart) { return chart->hasFocus(); });
    setAlone(found == all.end() ? all.front() : *found);
}

bool OverviewPage::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::MouseButtonDblClick
        && static_cast<QMouseEvent*>(event)->position().y() < titleHeight) {
        auto* chart = static_cast<QWidget*>(watched);
        setAlone(m_alone == chart ? nullptr : chart);
        return true;
    }
    return Page::eventFilter(watched, event);
}

void OverviewPage::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && m_alone)
        setAlone(nullptr);
    else
        Page::keyPressEvent(event);
}

} // namespace tokenscope::ui

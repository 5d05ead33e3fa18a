// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/dashboard_view.h"

#include "bridge/console_context.h"
#include "bridge/metric_catalogue.h"
#include "bridge/metric_feed.h"
#include "charts/time_series_chart.h"
#include "pages/common/outcome_box.h"
#include "pages/dashboards/panel_layout.h"
#include "pages/dashboards/panel_plan.h"
#include "pages/dashboards/panel_view.h"
#include "pages/dashboards/variable_bar.h"
#include "theme/theme.h"
#include "widgets/elided_label.h"

#include <QDialog>
#include <QEvent>
#include <QGridLayout>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace tokenscope::ui {

DashboardView::DashboardView(const ConsoleContext& context, MetricFeed& feed, const MetricCatalogue& catalogue,
                             dashboards::Dashboard dashboard, QWidget* parent)
    : QWidget(parent), m_context(context), m_feed(feed), m_catalogue(catalogue), m_dashboard(std::move(dashboard)),
      m_group(new ChartGroup(this)),
      m_variables(new VariableBar(m_dashboard, context.sources, catalogue, context.settings)),
      m_stack(new QStackedWidget), m_scroll(new QScrollArea), m_stage(new QWidget)
{
    const auto& tokens = context.theme.tokens();
    setObjectName(QStringLiteral("dashboard.view"));
    m_scroll->setObjectName(QStringLiteral("dashboard.scroll"));
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->viewport()->installEventFilter(this);
    (new QVBoxLayout(m_stage))->setContentsMargins(0, 0, 0, 0);
    m_stack->addWidget(m_scroll);
    m_stack->addWidget(m_stage);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(tokens.space3);
    column->addWidget(m_variables);
    column->addWidget(m_stack, 1);
    addRows();
    arrange();

    connect(m_variables, &VariableBar::changed, this, &DashboardView::plan);
    connect(&feed, &MetricFeed::sourceChanged, this, &DashboardView::resetSource);
    connect(&catalogue, &MetricCatalogue::changed, this, [this] {
        if (m_catalogue.settled())
            m_variables->refresh();
        plan();
    });
    if (catalogue.settled())
        m_variables->refresh();
    plan();
}

DashboardView::~DashboardView() = default;

void DashboardView::addRows()
{
    const auto& tokens = m_context.theme.tokens();
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, tokens.space2, tokens.space4);
    column->setSpacing(tokens.space2);
    for (const auto& row : m_dashboard.rows) {
        if (!row.title.empty()) {
            auto* title = new ElidedLabel(QString::fromStdString(row.title));
            title->setProperty("role", QStringLiteral("secondary"));
            column->addWidget(title);
        }
        Section section{.panels = row.panels, .views = {}, .grid = new QGridLayout};
        section.grid->setSpacing(tokens.space3);
        for (int i = 0; i < gridColumns; ++i)
            section.grid->setColumnStretch(i, 1);
        for (const auto& panel : row.panels) {
            auto* view = new PanelView(m_context.theme, m_feed, *m_group, panel);
            connect(view, &PanelView::aloneRequested, this,
                    [this, view] { setAlone(m_alone == view ? nullptr : view); });
            connect(view, &PanelView::detailRequested, this, [this, view] { showDetail(*view); });
            connect(view, &PanelView::requestsWanted, this, &DashboardView::requestsWanted);
            section.views.push_back(view);
            m_panels.push_back(view);
        }
        column->addLayout(section.grid);
        column->addSpacing(tokens.space1);
        m_sections.push_back(std::move(section));
    }
    column->addStretch(1);
    m_scroll->setWidget(content);
}

void DashboardView::arrange()
{
    const int width = m_scroll->viewport()->width();
    if (width == m_arrangedFor)
        return;
    m_arrangedFor = width;
    for (auto& section : m_sections) {
        const auto places = placePanels(section.panels, width);
        for (std::size_t i = 0; i < places.size(); ++i) {
            const auto& place = places[i];
            // A tile keeps its height, whatever stands beside it.
            const auto tile = section.panels[i].kind == dashboards::PanelKind::stat;
            if (section.views[i] != m_alone)
                section.grid->addWidget(section.views[i], place.line, place.column, place.height, place.span,
                                        tile ? Qt::AlignTop : Qt::Alignment());
        }
    }
}

bool DashboardView::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize)
        arrange();
    return QWidget::eventFilter(watched, event);
}

void DashboardView::plan()
{
    const auto choices = m_variables->choices();
    const PlanContext context{.settled = m_catalogue.settled(),
                              .known = m_catalogue.known(),
                              .names = m_catalogue.names(),
                              .promql = m_feed.source().source->capabilities().promql,
                              .choices = choices,
                              .trouble = m_catalogue.error()};
    for (auto* panel : m_panels)
        panel->setPlan(planOf(panel->panel(), context));
}

void DashboardView::resetSource()
{
    for (auto* panel : m_panels)
        panel->reset();
}

void DashboardView::setAlone(PanelView* panel)
{
    if (panel == m_alone)
        return;
    const int scrolled = m_scroll->verticalScrollBar()->value();
    if (auto* before = std::exchange(m_alone, nullptr)) {
        before->setAlone(false);
        m_arrangedFor = -1;
        arrange();
    }
    m_alone = panel;
    if (panel) {
        m_stage->layout()->addWidget(panel);
        panel->setAlone(true);
        panel->show();
    }
    m_stack->setCurrentIndex(panel ? 1 : 0);
    m_scroll->verticalScrollBar()->setValue(scrolled);
}

void DashboardView::showAlone()
{
    const auto found = [this](auto fits) {
        const auto at = std::find_if(m_panels.begin(), m_panels.end(), fits);
        return at == m_panels.end() ? nullptr : *at;
    };
    const auto chart = [](const PanelView* panel) { return panel->panel().kind != dashboards::PanelKind::stat; };
    auto* panel = found([&](const PanelView* view) { return chart(view) && view->underMouse(); });
    if (!panel)
        panel = found([&](const PanelView* view) {
            return chart(view) && view->focusWidget() && view->isAncestorOf(window()->focusWidget());
        });
    if (!panel)
        panel = found(chart);
    setAlone(panel);
}

bool DashboardView::showAll()
{
    const bool was = m_alone != nullptr;
    setAlone(nullptr);
    return was;
}

void DashboardView::showDetail(const PanelView& panel)
{
    const auto& tokens = m_context.theme.tokens();
    auto* dialog = new QDialog(window());
    dialog->setObjectName(QStringLiteral("panel.detail"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(QString::fromStdString(panel.panel().title));
    auto* box = new OutcomeBox(m_context.theme, QStringLiteral("panel.detail.box"));
    auto* column = new QVBoxLayout(dialog);
    column->setContentsMargins(tokens.space4, tokens.space4, tokens.space4, tokens.space4);
    column->addWidget(box);
    box->show(OutcomeBox::Outcome::bad, panel.complaint(), panel.detail());
    dialog->resize(560, dialog->sizeHint().height());
    dialog->open();
}

} // namespace tokenscope::ui

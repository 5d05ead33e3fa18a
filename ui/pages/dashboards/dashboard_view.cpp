// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/dashboard_view.h"

#include "bridge/console_context.h"
#include "bridge/metric_catalogue.h"
#include "bridge/metric_feed.h"
#include "bridge/time_range.h"
#include "charts/time_series_chart.h"
#include "dashboards/dashboard_json.h"
#include "dashboards/edits.h"
#include "pages/common/outcome_box.h"
#include "pages/common/right_edge.h"
#include "pages/dashboards/absent_line.h"
#include "pages/dashboards/edit_layer.h"
#include "pages/dashboards/panel_layout.h"
#include "pages/dashboards/panel_plan.h"
#include "pages/dashboards/panel_view.h"
#include "pages/dashboards/row_header.h"
#include "pages/dashboards/variable_bar.h"
#include "theme/theme.h"
#include "widgets/elided_label.h"

#include <QDialog>
#include <QGridLayout>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace tokenscope::ui {

DashboardView::DashboardView(const ConsoleContext& context, MetricFeed& feed, const MetricCatalogue& catalogue,
                             dashboards::Dashboard dashboard, QWidget* parent)
    : QWidget(parent), m_context(context), m_feed(feed), m_catalogue(catalogue), m_dashboard(std::move(dashboard)),
      m_group(new ChartGroup(this)), m_column(new QVBoxLayout(this)), m_stack(new QStackedWidget),
      m_scroll(new QScrollArea), m_stage(new QWidget), m_lineHeight(PanelView::lineHeight)
{
    const auto& tokens = context.theme.tokens();
    setObjectName(QStringLiteral("dashboard.view"));
    m_scroll->setObjectName(QStringLiteral("dashboard.scroll"));
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->viewport()->installEventFilter(this);
    (new QVBoxLayout(m_stage))->setContentsMargins(0, 0, tokens.space3, 0);
    m_stack->addWidget(m_scroll);
    m_stack->addWidget(m_stage);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(tokens.space3);
    m_column->addWidget(m_stack, 1);
    makeVariables();
    addRows({});

    connect(&feed, &MetricFeed::sourceChanged, this, &DashboardView::resetSource);
    connect(&catalogue, &MetricCatalogue::changed, this, [this] {
        refreshVariables();
        plan();
    });
    connect(&feed.range(), &TimeRange::changed, this, [this] {
        refreshVariables();
        startOver();
    });
    connect(&feed, &MetricFeed::scrapesFound, this, &DashboardView::startOver);
    refreshVariables();
    plan();
}

DashboardView::~DashboardView() = default;

dashboards::Choices DashboardView::choices() const
{
    return m_variables->choices();
}

void DashboardView::refreshVariables()
{
    if (m_catalogue.settled())
        m_variables->refresh(m_feed.range().steps());
}

void DashboardView::makeVariables()
{
    delete m_variables;
    m_variables = new VariableBar(m_dashboard, m_context.sources, m_catalogue, m_context.settings);
    m_column->insertWidget(0, m_variables);
    connect(m_variables, &VariableBar::changed, this, &DashboardView::plan);
}

void DashboardView::setDashboard(dashboards::Dashboard dashboard)
{
    const bool sameVariables =
        std::ranges::equal(dashboard.variables, m_dashboard.variables, [](const auto& a, const auto& b) {
            return a.name == b.name && a.title == b.title && a.label == b.label && a.metrics == b.metrics
                   && a.multi == b.multi && a.first == b.first;
        });
    m_dashboard = std::move(dashboard);
    if (!sameVariables) {
        makeVariables();
        refreshVariables();
    }
    rebuild();
}

void DashboardView::rebuild()
{
    showAll();
    const auto focused = m_editing ? m_editing->focused() : QString();
    const auto row = m_editing ? m_editing->focusedRow(m_dashboard) : std::nullopt;
    const auto at =
        std::ranges::find(m_panels, focused.toStdString(), [](const auto* view) { return view->panel().id; });
    const auto index = static_cast<std::size_t>(at - m_panels.begin());
    delete std::exchange(m_editing, nullptr);
    const int scrolled = m_scroll->verticalScrollBar()->value();
    auto* old = m_scroll->takeWidget();
    m_sections.clear();
    m_absent.clear();
    const auto before = std::exchange(m_panels, {});
    addRows(before);
    m_scroll->widget()->show();
    old->hide();
    old->deleteLater(); // one of its buttons may have asked for all this
    m_scroll->widget()->layout()->activate();
    m_scroll->verticalScrollBar()->setValue(scrolled);
    if (m_editable)
        makeEditable();
    plan();
    // Where it is gone, the one that has its place is next.
    if (!focused.isEmpty() && !m_panels.empty() && !dashboards::find_panel(m_dashboard, focused.toStdString()))
        focusPanel(QString::fromStdString(m_panels[std::min(index, m_panels.size() - 1)]->panel().id));
    else
        focusPanel(focused);
    if (m_editing && row)
        m_editing->focusRow(*row);
}

void DashboardView::setEditing(bool editing)
{
    if (editing == m_editable)
        return;
    m_editable = editing;
    rebuild();
}

void DashboardView::makeEditable()
{
    std::vector<EditLayer::Row> rows;
    for (const auto& section : m_sections)
        rows.push_back({section.header, section.views});
    m_editing = new EditLayer(m_context.theme, *m_scroll, m_dashboard, std::move(rows), this);
    connect(m_editing, &EditLayer::edited, this, &DashboardView::edited);
    connect(m_editing, &EditLayer::panelEditRequested, this, &DashboardView::panelEditRequested);
    connect(m_editing, &EditLayer::panelWanted, this, &DashboardView::panelWanted);
}

void DashboardView::focusPanel(const QString& id)
{
    if (m_editing && !id.isEmpty())
        m_editing->focus(id);
}

void DashboardView::addRows(const std::vector<PanelView*>& before)
{
    const auto& tokens = m_context.theme.tokens();
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, tokens.space3, tokens.space4);
    column->setSpacing(tokens.space2);
    for (std::size_t row = 0; row < m_dashboard.rows.size(); ++row)
        m_sections.push_back(addRow(*column, row, before));
    m_absentLine = new AbsentLine;
    connect(m_absentLine, &AbsentLine::toggled, this, [this] {
        setAbsentShown(!m_absentShown);
        Q_EMIT absentToggled(m_absentShown);
    });
    content->installEventFilter(this);
    m_scroll->setWidget(content);
    keepRightEdge(*m_scroll, *column, tokens.space3);
    arrange();
    column->addWidget(m_absentLine); // after the panels for the Tab key, too
    column->addStretch(1);
}

DashboardView::Section DashboardView::addRow(QVBoxLayout& column, std::size_t row,
                                             const std::vector<PanelView*>& before)
{
    const auto& tokens = m_context.theme.tokens();
    const auto& content = m_dashboard.rows[row];
    const auto title = QString::fromStdString(content.title);
    Section section{.panels = content.panels, .views = {}, .grid = new QGridLayout};
    if (m_editable) {
        section.header = new RowHeader(m_context.theme, row, title, content.panels.empty());
        column.addWidget(section.header);
    } else if (!title.isEmpty()) {
        section.title = new ElidedLabel(title);
        section.title->setProperty("role", QStringLiteral("secondary"));
        column.addWidget(section.title);
    }
    section.grid->setSpacing(tokens.space3);
    for (int i = 0; i < gridColumns; ++i)
        section.grid->setColumnStretch(i, 1);
    for (const auto& panel : content.panels) {
        section.views.push_back(viewOf(panel, before));
        m_panels.push_back(section.views.back());
    }
    column.addLayout(section.grid);
    section.end = new QSpacerItem(0, tokens.space1, QSizePolicy::Minimum, QSizePolicy::Fixed);
    column.addItem(section.end);
    return section;
}

PanelView* DashboardView::viewOf(const dashboards::Panel& panel, const std::vector<PanelView*>& before)
{
    const auto same = [&panel](const PanelView* view) {
        auto other = view->panel();
        other.width = panel.width;
        other.height = panel.height;
        return dashboards::to_json(other) == dashboards::to_json(panel);
    };
    if (const auto found = std::ranges::find_if(before, same); found != before.end()) {
        (*found)->setExtent(panel.width, panel.height);
        return *found;
    }
    auto* view = new PanelView(m_context.theme, m_feed, *m_group, panel);
    view->setLineHeight(m_lineHeight);
    connect(view, &PanelView::aloneRequested, this, [this, view] { setAlone(m_alone == view ? nullptr : view); });
    connect(view, &PanelView::detailRequested, this, [this, view] { showDetail(*view); });
    connect(view, &PanelView::planWanted, this, &DashboardView::plan);
    connect(view, &PanelView::requestsWanted, this, &DashboardView::requestsWanted);
    return view;
}

void DashboardView::plan()
{
    const auto choices = m_variables->choices();
    const PlanContext context{.settled = m_catalogue.settled(),
                              .known = m_catalogue.known(),
                              .names = m_catalogue.names(),
                              .promql = m_feed.source().source->capabilities().promql,
                              .choices = choices,
                              .trouble = m_catalogue.error(),
                              .variables = m_dashboard.variables};
    for (auto* panel : m_panels)
        panel->setPlan(planOf(panel->panel(), context, panel->passed()));
    leaveOut();
}

void DashboardView::startOver()
{
    for (auto* panel : m_panels)
        panel->startOver();
    plan();
}

void DashboardView::resetSource()
{
    m_variables->reset();
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
    const auto chart = [this](const PanelView* panel) {
        return panel->panel().kind != dashboards::PanelKind::stat && !leftOut(*panel);
    };
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

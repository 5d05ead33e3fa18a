// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How the window's pages are made, and how one leads to another.
#include "pages/common/page.h"
#include "pages/dashboards/dashboards_page.h"
#include "pages/explore/explore_page.h"
#include "pages/overview/overview_page.h"
#include "pages/playground/playground_page.h"
#include "pages/requests/lanes_panel.h"
#include "pages/requests/request_inspector.h"
#include "pages/requests/requests_page.h"
#include "pages/settings/draft_store.h"
#include "pages/settings/settings_page.h"
#include "pages/targets/targets_page.h"
#include "shell/main_window.h"
#include "shell/nav_rail.h"

#include <algorithm>

namespace tokenscope::ui {

namespace {

void markSettings(NavRail& rail, bool unsaved)
{
    rail.setMark(QStringLiteral("settings"), unsaved ? MainWindow::tr("unsaved changes") : QString());
}

} // namespace

void MainWindow::addPages()
{
    const auto add = [this](const char* name, const QString& title, Page* (MainWindow::*make)()) {
        const QString id = QLatin1StringView(name);
        m_rail->add(id, title, id); // the icons are named as the pages are
        m_stack->add({id, title}, [this, make] { return (this->*make)(); });
    };
    add("overview", tr("Overview"), &MainWindow::makeOverview);
    add("playground", tr("Playground"), &MainWindow::makePlayground);
    add("requests", tr("Requests"), &MainWindow::makeRequests);
    add("dashboards", tr("Dashboards"), &MainWindow::makeDashboards);
    add("explore", tr("Explore"), &MainWindow::makeExplore);
    add("targets", tr("Targets"), &MainWindow::makeTargets);
    add("settings", tr("Settings"), &MainWindow::makeSettings);
    markSettings(*m_rail, m_context.configuration && DraftStore(m_context.settings).any()); // of an earlier run
}

template <typename P>
P& MainWindow::turnTo(const char* id)
{
    showPage(QLatin1StringView(id));
    return static_cast<P&>(*m_stack->currentPage());
}

Page* MainWindow::makeOverview()
{
    auto* page = new OverviewPage(m_context, m_feed, m_catalogue);
    connect(page, &OverviewPage::requestsWanted, this, &MainWindow::showRequests);
    connect(page, &OverviewPage::inFlightWanted, this, [this] { turnTo<RequestsPage>("requests").showLanes(); });
    connect(page, &OverviewPage::requestChosen, this,
            [this](const QString& id) { turnTo<RequestsPage>("requests").choose(id); });
    connect(page, &OverviewPage::dashboardWanted, this, &MainWindow::showDashboard);
    connect(page, &OverviewPage::exploreWanted, this, [this] { turnTo<ExplorePage>("explore"); });
    return page;
}

Page* MainWindow::makePlayground()
{
    return new PlaygroundPage(m_context, m_models);
}

Page* MainWindow::makeRequests()
{
    auto* lanes = new LanesPanel(m_context);
    auto* page = new RequestsPage(m_context, lanes, new RequestInspector(m_context));
    connect(lanes, &LanesPanel::requestChosen, page, &RequestsPage::choose);
    connect(page, &RequestsPage::openPlaygroundRequested, this, [this] { turnTo<PlaygroundPage>("playground"); });
    connect(page, &RequestsPage::replayRequested, this,
            [this](const ReplayWanted& replay) { turnTo<PlaygroundPage>("playground").replay(replay); });
    return page;
}

Page* MainWindow::makeDashboards()
{
    auto* page = new DashboardsPage(m_context, m_feed, m_catalogue);
    connect(page, &DashboardsPage::requestsWanted, this, &MainWindow::showRequests);
    return page;
}

Page* MainWindow::makeExplore()
{
    return new ExplorePage(m_context, m_feed, m_catalogue);
}

Page* MainWindow::makeTargets()
{
    auto* page = new TargetsPage(m_context, m_feed, m_catalogue);
    connect(page, &TargetsPage::exploreRequested, this,
            [this](const QString& expression) { turnTo<ExplorePage>("explore").showExpression(expression); });
    return page;
}

Page* MainWindow::makeSettings()
{
    auto* page = new SettingsPage(m_context);
    page->setUsage(m_context.usage);
    connect(page, &SettingsPage::unsavedChanged, m_rail, [this](bool unsaved) { markSettings(*m_rail, unsaved); });
    return page;
}

void MainWindow::showRequests(const RequestsWanted& wanted)
{
    // A percentile looks back further than a short chart reaches; nobody asked for what cannot be seen in it.
    auto bounded = wanted;
    if (bounded.fromMs && bounded.toMs)
        bounded.fromMs = std::min(std::max(*bounded.fromMs, m_range.steps().from), *bounded.toMs);
    turnTo<RequestsPage>("requests").show(bounded);
}

void MainWindow::showDashboard(const QString& id)
{
    turnTo<DashboardsPage>("dashboards").choose(id);
}

void MainWindow::showMyRules()
{
    turnTo<TargetsPage>("targets").showMyRules();
}

} // namespace tokenscope::ui

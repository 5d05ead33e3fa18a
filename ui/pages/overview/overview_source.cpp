// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the overview makes of the source: a source that measures nothing of a gateway has its numbers elsewhere.
#include "bridge/console_context.h"
#include "bridge/metric_catalogue.h"
#include "bridge/metric_feed.h"
#include "bridge/time_range.h"
#include "dashboards/library.h"
#include "dashboards/resolve.h"
#include "pages/common/past_words.h"
#include "pages/overview/elsewhere_note.h"
#include "pages/overview/overview_page.h"
#include "pages/overview/overview_queries.h"
#include "pages/overview/warning_bar.h"

#include <QScrollArea>
#include <QStackedWidget>

#include <algorithm>

namespace tokenscope::ui {

namespace {

/// Whether there is anything that the page asks for.
bool measured(const MetricCatalogue::Names& names)
{
    std::vector<query::Query> asked{overview::latencyHeatmap()};
    for (const auto& specs : {overview::tiles(), overview::charts()}) {
        for (const auto& spec : specs)
            asked.insert(asked.end(), spec.queries.begin(), spec.queries.end());
    }
    return std::ranges::any_of(asked, [&names](const query::Query& query) {
        const auto metrics = dashboards::metrics_of(query);
        return std::ranges::any_of(metrics, [&names](const auto& name) { return names.contains(name); });
    });
}

/// The dashboards made for such a source.
std::vector<ElsewhereNote::Offer> offersFor(const dashboards::Library& library, const MetricCatalogue::Names& names)
{
    std::vector<ElsewhereNote::Offer> offers;
    for (const auto& dashboard : library.all()) {
        if (!dashboard.needs.empty() && dashboards::fits(dashboard, names))
            offers.push_back({QString::fromStdString(dashboard.id), QString::fromStdString(dashboard.title)});
    }
    return offers;
}

} // namespace

void OverviewPage::prepareElsewhere()
{
    m_elsewhere = new ElsewhereNote(m_context.theme);
    m_stack->addWidget(m_elsewhere);
    connect(m_elsewhere, &ElsewhereNote::dashboardWanted, this, &OverviewPage::dashboardWanted);
    connect(m_elsewhere, &ElsewhereNote::exploreWanted, this, &OverviewPage::exploreWanted);
    connect(&m_catalogue, &MetricCatalogue::changed, this, &OverviewPage::showPart);
}

bool OverviewPage::local() const
{
    return m_feed.source().local();
}

/// A source that names no metric at all has just begun: it may yet have those that the page asks for.
bool OverviewPage::measuresOther() const
{
    const auto& names = m_catalogue.names();
    return !local() && m_catalogue.known() && !names.empty() && !measured(names);
}

void OverviewPage::showPart()
{
    QWidget* part = m_alone ? m_stage : m_scroll;
    if (measuresOther()) {
        part = m_elsewhere;
        m_elsewhere->tell(QString::fromStdString(m_feed.source().source->name()),
                          offersFor(m_context.library, m_catalogue.names()));
        m_warnings->clear(); // of what is not shown
    }
    m_stack->setCurrentWidget(part);
}

/// Of this process only that there was something: the page has better words for a gateway without traffic.
QString OverviewPage::emptyText(const QString& usual, const FeedAnswer& answer) const
{
    const auto& past = answer.past;
    const bool says = past && (!local() || past->known == Past::Known::seen);
    return says ? pastWords(past, m_feed.range().now()) : usual;
}

} // namespace tokenscope::ui

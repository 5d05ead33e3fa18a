// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/panel_view.h"

#include "charts/heatmap.h"
#include "charts/time_series_chart.h"
#include "pages/common/window_words.h"
#include "pages/dashboards/panel_plan.h"
#include "sources/presence.h"
#include "widgets/stat_tile.h"

#include <algorithm>

/// What a panel asks.
namespace tokenscope::ui {

using dashboards::PanelKind;

void PanelView::setPlan(const PanelPlan& plan)
{
    if (plan.key == m_key)
        return;
    m_key = plan.key;
    m_names = plan.names;
    m_queries = plan.queries;
    m_more = plan.more;
    m_emptyText = plan.emptyText;
    m_tried = plan.tried;
    m_regardless = plan.regardless;
    if (m_tile) {
        const auto* asked = plan.questions.empty() ? nullptr : std::get_if<query::Query>(&plan.questions.front());
        noteWindow(asked ? *asked : query::Query());
    }
    forgetErrors();
    showPast(std::nullopt);
    m_behind.reset();
    const auto* query = plan.questions.empty() ? nullptr : std::get_if<query::Query>(&plan.questions.front());
    if (query && m_feed.source().local() && (m_chart || m_heatmap || m_tile))
        m_behind = requestsBehind(*query);
    if (m_chart) {
        m_chart->setClickHint(m_behind ? tr("Click: the requests of this time") : QString());
        m_chart->setPercentiles(plan.percentiles);
    }
    if (m_heatmap)
        m_heatmap->setClickHint(m_behind ? tr("Click: these requests") : QString());
    if (m_tile)
        m_tile->setClickHint(m_behind ? tr("Click: the requests of this time") : QString());
    if (plan.questions.empty()) {
        m_feed.unsubscribe(this);
        if (m_key.empty())
            showLoading();
        else
            showEmpty(m_emptyText);
        if (!plan.trouble.isEmpty())
            complain(plan.trouble);
        return;
    }
    showLoading();
    m_feed.subscribe(
        this, plan.questions, [this](const FeedAnswer& answer) { receive(answer); }, wants());
}

void PanelView::noteWindow(const query::Query& asked)
{
    const auto window = windowText(asked);
    // There is room for one of them, and it matters more of what a number is than of how long.
    m_tile->setNote(!m_regardless.isEmpty() ? regardlessText()
                    : window.isEmpty()      ? QString()
                                            : tr("over %1").arg(window));
}

QString PanelView::regardlessText() const
{
    return m_regardless.isEmpty() ? QString() : tr("not by %1").arg(m_regardless);
}

MetricFeed::Wants PanelView::wants() const
{
    switch (m_panel.kind) {
    case PanelKind::stat: return MetricFeed::Wants::both;
    case PanelKind::table:
    case PanelKind::bar: return MetricFeed::Wants::end;
    case PanelKind::timeseries:
    case PanelKind::heatmap: break;
    }
    return MetricFeed::Wants::steps;
}

void PanelView::startOver()
{
    m_passed.clear();
    m_searched.clear();
}

void PanelView::reset()
{
    startOver();
    m_key.clear();
    m_names.clear();
    m_tried.clear();
    forgetErrors();
    m_behind.reset();
    showPast(std::nullopt);
    m_feed.unsubscribe(this);
    if (m_chart) {
        m_chart->setFrame(nullptr);
        m_chart->setClickHint({});
    }
    if (m_heatmap)
        m_heatmap->setClickHint({});
    if (m_tile)
        m_tile->setClickHint({});
    if (m_titled)
        m_titled->setFrame(nullptr);
    if (m_tile) {
        m_tile->setHistory({});
        m_tile->setTone(StatTile::Tone::normal);
        m_tile->setValue(std::nullopt);
    }
    showLoading();
}

/// Metrics are renamed over the years: a source that has both names has each for another time.
bool PanelView::passOn(const FeedAnswer& answer)
{
    m_passed.resize(m_panel.queries.size());
    m_searched.resize(m_panel.queries.size());
    bool other = false;
    for (std::size_t i = 0; i < std::min(answer.frames.size(), m_queries.size()); ++i) {
        const auto& frame = answer.frames[i];
        const auto query = m_queries[i];
        if (!frame || !*frame || !sources::is_empty(**frame) || m_searched[query]
            || (!m_more[i] && m_passed[query] == 0))
            continue;
        m_searched[query] = !m_more[i];
        m_passed[query] = m_more[i] ? m_passed[query] + 1 : 0;
        other = true;
    }
    return other;
}

} // namespace tokenscope::ui

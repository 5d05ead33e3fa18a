// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/panel_view.h"

#include "bridge/frame_math.h"
#include "charts/heatmap.h"
#include "charts/time_series_chart.h"
#include "pages/common/past_words.h"
#include "pages/dashboards/panel_frame.h"
#include "pages/dashboards/panel_plan.h"
#include "widgets/stat_tile.h"

#include <QToolButton>

/// What a panel shows, whatever its kind.
namespace tokenscope::ui {

void PanelView::showLoading()
{
    if (m_chart)
        m_chart->setLoading();
    if (m_titled)
        m_titled->setLoading();
    if (m_tile && !m_tile->value())
        m_tile->setText(tr("Loading…"));
}

void PanelView::showEmpty(const QString& text)
{
    if (m_chart) {
        m_chart->setEmptyText(text);
        m_chart->setFrame(nullptr);
    }
    if (m_titled) {
        m_titled->setEmptyText(text);
        m_titled->setFrame(nullptr);
    }
    if (m_tile) {
        m_tile->setHistory({});
        m_tile->setText(text.isEmpty() ? tr("no data") : tr("not measured")); // the tool tip has the sentence
    }
}

void PanelView::showFrame(const query::FramePtr& frame, std::size_t series, const FeedAnswer& answer)
{
    if (m_tile) {
        showStat(frame, answer);
        return;
    }
    auto shown = scaled(frame, shownUnit(m_panel.unit).factor);
    if (m_titled) {
        m_titled->setEmptyText(m_pastText);
        if (auto* heatmap = qobject_cast<Heatmap*>(m_titled)) {
            heatmap->setTimeRange(answer.shown.from, answer.shown.to);
            shown = frame; // its values are counts; the unit is that of the buckets' bounds
        }
        if (!m_heatmap)
            m_titled->setSubtitle(regardlessText());
        m_titled->setFrame(shown);
        return;
    }
    const auto count = shown->columns.size();
    QStringList beside{count < series ? tr("%1 of %2 series").arg(count).arg(series) : QString(), regardlessText()};
    beside.removeAll(QString());
    m_chart->setSubtitle(beside.join(QStringLiteral(" · ")));
    m_chart->setTimeRange(answer.range.from, answer.range.to);
    m_chart->setEmptyText(m_pastText);
    m_chart->setFrame(shown);
}

void PanelView::showStat(const query::FramePtr& frame, const FeedAnswer& answer)
{
    const auto factor = shownUnit(m_panel.unit).factor;
    const auto value = lastValue(*combined(framesOf(atEnd(answer)), m_names));
    if (!value) {
        m_tile->setTone(StatTile::Tone::normal);
        m_tile->setText(tr("no data"));
    } else {
        const auto limit = limitOf(m_panel.thresholds, *value);
        m_tile->setTone(toneOf(m_panel.thresholds, *value), limit ? std::optional(*limit * factor) : std::nullopt);
        m_tile->setValue(*value * factor);
    }
    m_tile->setHistory(history(*frame));
}

void PanelView::showError(const QString& message)
{
    if (m_chart)
        m_chart->setError(message);
    if (m_titled)
        m_titled->setError(message);
    if (m_tile)
        m_tile->setError(message);
}

void PanelView::showPast(const std::optional<Past>& past)
{
    m_past = past && past->known == Past::Known::seen ? past : std::nullopt;
    m_pastText = pastWords(past, m_feed.range().now());
    m_back->setVisible(m_past.has_value());
    place();
}

} // namespace tokenscope::ui

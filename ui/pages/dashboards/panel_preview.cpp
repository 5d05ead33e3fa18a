// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/panel_dialog.h"

#include "bridge/console_context.h"
#include "bridge/metric_catalogue.h"
#include "bridge/metric_feed.h"
#include "dashboards/dashboard_json.h"
#include "pages/dashboards/panel_plan.h"
#include "pages/dashboards/panel_view.h"
#include "pages/dashboards/target_editor.h"

#include <QLabel>
#include <QVBoxLayout>

#include <nlohmann/json.hpp>

#include <algorithm>

/// The panel dialog's preview, and what the source says of each query.
namespace tokenscope::ui {

void PanelDialog::showPreview(const dashboards::Panel& panel)
{
    auto shown = panel;
    shown.id = "preview";
    shown.height = 1;
    if (!m_preview || dashboards::to_json(m_preview->panel()) != dashboards::to_json(shown)) {
        delete m_preview;
        m_preview = new PanelView(m_context.theme, m_feed, *m_group, shown);
        m_preview->setAccessibleName(tr("Preview"));
        m_preview->findChild<QWidget*>(QStringLiteral("panel.preview.expand"))->hide();
        connect(m_preview, &PanelView::answered, this, &PanelDialog::showAnswer);
        connect(m_preview, &PanelView::planWanted, this, &PanelDialog::plan);
        m_noPreview->hide();
        m_stage->insertWidget(0, m_preview);
    }
    plan();
}

void PanelDialog::plan()
{
    const PlanContext context{.settled = m_catalogue.settled(),
                              .known = m_catalogue.known(),
                              .names = m_catalogue.names(),
                              .promql = m_feed.source().source->capabilities().promql,
                              .choices = m_choices,
                              .trouble = m_catalogue.error()};
    const auto plan = planOf(m_preview->panel(), context, m_preview->passed());
    m_asked = plan.queries;
    m_preview->setPlan(plan);
    for (std::size_t i = 0; i < m_targets.size(); ++i) {
        const bool asked = std::ranges::find(m_asked, i) != m_asked.end();
        m_targets[i]->setNote(asked || !m_catalogue.settled() ? QString()
                              : !plan.tried.isEmpty()         ? plan.tried
                              : plan.emptyText.isEmpty()      ? tr("This source has none of its metrics.")
                                                              : plan.emptyText);
    }
    showAnswer();
}

void PanelDialog::showAnswer()
{
    if (!m_valid)
        return;
    const auto& errors = m_preview->errors();
    for (auto* target : m_targets)
        target->setProblem(std::nullopt, false);
    for (std::size_t i = 0; i < errors.size() && i < m_asked.size(); ++i) {
        if (errors[i] && m_asked[i] < m_targets.size())
            m_targets[m_asked[i]]->setProblem(errors[i], false);
    }
}

} // namespace tokenscope::ui

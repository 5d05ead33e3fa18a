// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/requests/summary_section.h"

#include "models/request_facts.h"
#include "pages/requests/fact_grid.h"
#include "theme/theme.h"

#include <QLabel>
#include <QScrollBar>
#include <QVBoxLayout>

namespace tokenscope::ui {

SummarySection::SummarySection(const Theme& theme, QWidget* parent) : QScrollArea(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("inspector.summary"));
    setAccessibleName(tr("Summary"));
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    const auto& tokens = theme.tokens();
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(tokens.space4, tokens.space3, tokens.space3, tokens.space4);
    column->setSpacing(tokens.space1);
    constexpr std::size_t groups = 4; // of factsOf()
    for (std::size_t i = 0; i < groups; ++i) {
        auto* title = new QLabel;
        title->setProperty("role", QStringLiteral("title"));
        auto* group = new FactGrid(theme, QStringLiteral("inspector.facts%1").arg(i));
        connect(group, &FactGrid::filterRequested, this, &SummarySection::filterRequested);
        if (i > 0)
            column->addSpacing(tokens.space3);
        column->addWidget(title);
        column->addWidget(group);
        m_titles.push_back(title);
        m_groups.push_back(group);
    }
    column->addStretch(1);
    setWidget(content);
    // The panel's own ground shows.
    content->setAutoFillBackground(false);
    viewport()->setAutoFillBackground(false);
    connect(&theme, &Theme::changed, this, &SummarySection::dress);
    dress();
}

void SummarySection::setRecord(const telemetry::RequestRecord& record)
{
    auto groups = factsOf(record);
    for (std::size_t i = 0; i < m_groups.size(); ++i) {
        m_titles[i]->setText(groups.at(i).title);
        m_groups[i]->setFacts(std::move(groups[i].facts));
    }
    verticalScrollBar()->setValue(0);
}

void SummarySection::dress()
{
    for (auto* title : m_titles)
        title->setFont(m_theme.tokens().body);
}

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/requests/timings_section.h"

#include "models/request_timings.h"
#include "pages/requests/fact_grid.h"
#include "theme/theme.h"
#include "widgets/phase_bar.h"

#include <QLabel>
#include <QScrollBar>
#include <QVBoxLayout>

namespace tokenscope::ui {

namespace {

using Kind = RequestPhase::Kind;

/// In ThemeTokens::series: waiting and streaming, which last, are told apart at a glance.
std::size_t colorOf(Kind kind)
{
    switch (kind) {
    case Kind::reading: return 5;
    case Kind::preparing: return 8;
    case Kind::queue: return 4;
    case Kind::connect: return 6;
    case Kind::sending: return 7;
    case Kind::waiting: return 3;
    case Kind::receiving: return 0;
    case Kind::streaming: return 0;
    case Kind::tail: return 9;
    }
    return 9;
}

std::vector<Fact> rowsOf(std::vector<Timing> timings)
{
    std::vector<Fact> rows;
    rows.reserve(timings.size());
    for (auto& timing : timings)
        rows.push_back({.label = timing.name, .value = timing.value, .explanation = timing.definition});
    return rows;
}

} // namespace

TimingsSection::TimingsSection(const Theme& theme, QWidget* parent)
    : QScrollArea(parent), m_theme(theme), m_phases(new PhaseBar(theme)), m_timingsTitle(new QLabel(tr("Latencies"))),
      m_timings(new FactGrid(theme, QStringLiteral("inspector.timings"))),
      m_stagesTitle(new QLabel(tr("Stages in the engine"))),
      m_stages(new FactGrid(theme, QStringLiteral("inspector.stages")))
{
    setObjectName(QStringLiteral("inspector.timingsSection"));
    setAccessibleName(tr("Timings"));
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_timings->setShortValues();
    m_stages->setShortValues();
    m_phases->setObjectName(QStringLiteral("inspector.phases"));
    m_phases->setAccessibleName(tr("Where the time went"));
    const auto& tokens = theme.tokens();
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(tokens.space4, tokens.space4, tokens.space3, tokens.space4);
    column->setSpacing(tokens.space1);
    column->addWidget(m_phases);
    column->addSpacing(tokens.space3);
    column->addWidget(m_timingsTitle);
    column->addWidget(m_timings);
    column->addSpacing(tokens.space3);
    column->addWidget(m_stagesTitle);
    column->addWidget(m_stages);
    column->addStretch(1);
    setWidget(content);
    // The panel's own ground shows.
    content->setAutoFillBackground(false);
    viewport()->setAutoFillBackground(false);
    connect(&theme, &Theme::changed, this, &TimingsSection::dress);
    dress();
}

void TimingsSection::setRecord(const telemetry::RequestRecord& record)
{
    std::vector<PhaseBar::Segment> segments;
    for (const auto& phase : phasesOf(record))
        segments.push_back(
            {phaseName(phase.kind), phaseExplanation(phase.kind), phase.to - phase.from, colorOf(phase.kind)});
    m_phases->setSegments(std::move(segments));
    m_timings->setFacts(rowsOf(timingsOf(record)));
    auto stages = rowsOf(stagesOf(record));
    m_stagesTitle->setVisible(!stages.empty());
    m_stages->setVisible(!stages.empty());
    m_stages->setFacts(std::move(stages));
    verticalScrollBar()->setValue(0);
}

void TimingsSection::dress()
{
    for (auto* title : {m_timingsTitle, m_stagesTitle}) {
        title->setProperty("role", QStringLiteral("title"));
        title->setFont(m_theme.tokens().body);
    }
}

} // namespace tokenscope::ui

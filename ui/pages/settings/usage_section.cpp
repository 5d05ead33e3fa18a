// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/usage_section.h"

#include "pages/settings/fact_list.h"
#include "theme/theme.h"

#include <QLabel>
#include <QVBoxLayout>

namespace tokenscope::ui {

namespace {

constexpr std::chrono::seconds pace{2};

} // namespace

UsageSection::UsageSection(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_note(new QLabel), m_facts(new FactList(theme))
{
    const auto& tokens = theme.tokens();
    m_note->setObjectName(QStringLiteral("settings.usage.note"));
    m_note->setProperty("role", QStringLiteral("secondary"));
    m_note->setWordWrap(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(tokens.space3, tokens.space3, 0, tokens.space3);
    column->addWidget(m_note);
    column->addWidget(m_facts);
    connect(&m_timer, &QTimer::timeout, this, &UsageSection::refresh);
    connect(&theme, &Theme::changed, this, &UsageSection::dress);
    m_timer.start(pace);
    setUsage({});
    dress();
}

void UsageSection::setUsage(Usage usage)
{
    m_usage = std::move(usage);
    m_note->setText(m_usage ? tr("What this process holds at the moment.")
                            : tr("This process does not say what it uses."));
    refresh();
}

void UsageSection::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    refresh();
}

void UsageSection::refresh()
{
    if (m_usage && isVisible())
        m_facts->setFacts(m_usage());
}

void UsageSection::dress()
{
    m_note->setFont(m_theme.tokens().small);
}

} // namespace tokenscope::ui

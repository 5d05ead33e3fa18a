// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/usage_section.h"

#include "theme/theme.h"

#include <QFormLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr std::chrono::seconds pace{2};
constexpr int labelWidth = 176;

} // namespace

UsageSection::UsageSection(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_note(new QLabel), m_form(new QFormLayout)
{
    const auto& tokens = theme.tokens();
    m_note->setObjectName(QStringLiteral("settings.usage.note"));
    m_note->setProperty("role", QStringLiteral("secondary"));
    m_note->setWordWrap(true);
    m_form->setHorizontalSpacing(tokens.space3);
    m_form->setVerticalSpacing(tokens.space2);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(tokens.space3, tokens.space3, 0, tokens.space3);
    column->addWidget(m_note);
    column->addLayout(m_form);
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
    if (!m_usage || !isVisible())
        return;
    const auto facts = m_usage();
    const bool same = std::equal(facts.begin(), facts.end(), m_values.begin(), m_values.end(),
                                 [](const auto& fact, const auto& shown) { return fact.first == shown.first; });
    if (!same) {
        while (m_form->rowCount() > 0)
            m_form->removeRow(0);
        m_values.clear();
        for (const auto& [name, value] : facts) {
            auto* label = new QLabel(name);
            label->setFixedWidth(labelWidth);
            auto* text = new QLabel;
            text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
            text->setAccessibleName(name);
            text->setTextFormat(Qt::PlainText);
            text->setWordWrap(true);
            m_form->addRow(label, text);
            m_values.emplace_back(name, text);
        }
    }
    for (std::size_t i = 0; i < facts.size(); ++i)
        m_values[i].second->setText(facts[i].second);
}

void UsageSection::dress()
{
    m_note->setFont(m_theme.tokens().small);
}

} // namespace tokenscope::ui

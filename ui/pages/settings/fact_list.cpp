// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/fact_list.h"

#include "theme/theme.h"

#include <QFontMetrics>
#include <QFormLayout>
#include <QLabel>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr int nameWidth = 176;

} // namespace

FactList::FactList(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme), m_form(new QFormLayout(this))
{
    const auto& tokens = theme.tokens();
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->setHorizontalSpacing(tokens.space3);
    m_form->setVerticalSpacing(tokens.space2);
}

void FactList::setFacts(const Facts& facts)
{
    const bool same = std::equal(facts.begin(), facts.end(), m_values.begin(), m_values.end(),
                                 [](const auto& fact, const auto& shown) { return fact.first == shown.first; });
    if (!same) {
        while (m_form->rowCount() > 0)
            m_form->removeRow(0);
        m_values.clear();
        for (const auto& fact : facts)
            addRow(fact.first);
    }
    for (std::size_t i = 0; i < facts.size(); ++i)
        m_values[i].second->setText(facts[i].second);
}

void FactList::addRow(const QString& name)
{
    const auto& tokens = m_theme.tokens();
    auto* label = new QLabel(name);
    label->setProperty("role", QStringLiteral("secondary"));
    label->setFont(tokens.small);
    label->setFixedWidth(nameWidth);
    label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    // Its letters stand on the first line of the value, whose letters are larger.
    label->setContentsMargins(0, QFontMetrics(tokens.body).ascent() - QFontMetrics(tokens.small).ascent(), 0, 0);
    auto* text = new QLabel;
    text->setFont(tokens.body);
    text->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    text->setAccessibleDescription(name); // its name is what it says
    text->setTextFormat(Qt::PlainText);
    text->setWordWrap(true);
    m_form->addRow(label, text);
    m_values.emplace_back(name, text);
}

} // namespace tokenscope::ui

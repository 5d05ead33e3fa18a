// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/fact_list.h"

#include "theme/theme.h"

#include <QFormLayout>
#include <QLabel>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr int nameWidth = 176;

} // namespace

FactList::FactList(const Theme& theme, QWidget* parent) : QWidget(parent), m_form(new QFormLayout(this))
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
        for (const auto& [name, value] : facts) {
            auto* label = new QLabel(name);
            label->setFixedWidth(nameWidth);
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

} // namespace tokenscope::ui

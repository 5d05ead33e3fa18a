// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/setting_group_view.h"

#include "theme/theme.h"

#include <QLabel>
#include <QVBoxLayout>

namespace tokenscope::ui {

SettingGroupView::SettingGroupView(const SettingServices& services, const SettingGroup& group, QWidget* parent)
    : QWidget(parent), m_theme(services.theme), m_title(new QLabel(group.title)), m_doc(new QLabel(group.doc))
{
    const auto& tokens = m_theme.tokens();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, tokens.space2, 0, tokens.space3);
    column->setSpacing(0);
    m_title->setProperty("role", QStringLiteral("heading"));
    m_title->setContentsMargins(tokens.space3, 0, 0, 0);
    m_doc->setProperty("role", QStringLiteral("secondary"));
    m_doc->setContentsMargins(tokens.space3, 2, 0, tokens.space1);
    m_doc->setWordWrap(true);
    column->addWidget(m_title);
    column->addWidget(m_doc);
    m_title->setVisible(!group.title.isEmpty());
    m_doc->setVisible(!group.doc.isEmpty());
    for (const auto& setting : group.settings) {
        m_rows.push_back(new KeyRow(services, setting, group.title));
        column->addWidget(m_rows.back());
    }
    connect(&m_theme, &Theme::changed, this, &SettingGroupView::dress);
    dress();
}

int SettingGroupView::filter(const std::function<bool(const KeyRow&)>& shown)
{
    int left = 0;
    for (auto* row : m_rows) {
        const bool stays = shown(*row);
        row->setVisible(stays);
        left += stays ? 1 : 0;
    }
    setVisible(left > 0);
    return left;
}

void SettingGroupView::dress()
{
    m_title->setFont(m_theme.tokens().heading);
    m_doc->setFont(m_theme.tokens().small);
}

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/change_bar.h"

#include "theme/panel.h"
#include "theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace tokenscope::ui {

ChangeBar::ChangeBar(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_text(new QLabel), m_problem(new QPushButton),
      m_changes(new QPushButton(tr("Show changes"))), m_discard(new QPushButton(tr("Discard"))),
      m_save(new QPushButton(tr("Save")))
{
    const auto& tokens = theme.tokens();
    setObjectName(QStringLiteral("settings.changes"));
    m_text->setObjectName(QStringLiteral("settings.changes.text"));
    m_problem->setObjectName(QStringLiteral("settings.changes.problem"));
    m_changes->setObjectName(QStringLiteral("settings.changes.show"));
    m_discard->setObjectName(QStringLiteral("settings.changes.discard"));
    m_save->setObjectName(QStringLiteral("settings.changes.save"));
    m_changes->setAccessibleName(tr("Show the changes"));
    m_discard->setAccessibleName(tr("Discard the changes"));
    m_save->setAccessibleName(tr("Save the changes"));
    m_save->setProperty("primary", true);
    m_save->setToolTip(tr("Ctrl+S"));
    m_problem->setProperty("flat", true);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(tokens.space4, tokens.space2, tokens.space3, tokens.space2);
    row->setSpacing(tokens.space2);
    row->addWidget(m_text);
    row->addWidget(m_problem);
    row->addStretch(1);
    for (auto* button : {m_changes, m_discard, m_save}) {
        button->setAutoDefault(false);
        row->addWidget(button);
    }
    connect(m_problem, &QPushButton::clicked, this, &ChangeBar::problemRequested);
    connect(m_changes, &QPushButton::clicked, this, &ChangeBar::changesRequested);
    connect(m_discard, &QPushButton::clicked, this, &ChangeBar::discardRequested);
    connect(m_save, &QPushButton::clicked, this, &ChangeBar::saveRequested);
    connect(&theme, &Theme::changed, this, &ChangeBar::dress);
    dress();
    hide();
}

void ChangeBar::show(const State& state)
{
    m_text->setText(state.saving         ? tr("Saving…")
                    : state.changes == 1 ? tr("1 unsaved change")
                                         : tr("%1 unsaved changes").arg(state.changes));
    const bool bad = state.problems > 0 || !state.readable;
    m_problem->setText(state.readable ? state.problems == 1 ? tr("1 problem") : tr("%1 problems").arg(state.problems)
                                      : tr("not YAML"));
    m_problem->setAccessibleName(tr("Go to the first problem"));
    m_problem->setVisible(bad);
    m_changes->setEnabled(state.readable);
    m_discard->setEnabled(!state.saving);
    const bool blocked = state.blocked || !state.readable;
    m_save->setEnabled(!blocked && !state.saving);
    m_save->setAccessibleDescription(blocked ? tr("Mend what is wrong first.") : QString());
    setVisible(state.changes > 0);
}

bool ChangeBar::canSave() const
{
    return isVisible() && m_save->isEnabled();
}

void ChangeBar::paintEvent(QPaintEvent*)
{
    paintPanel(*this, m_theme.tokens());
}

void ChangeBar::dress()
{
    const auto& tokens = m_theme.tokens();
    m_text->setFont(tokens.body);
    m_problem->setStyleSheet(QStringLiteral("color: %1").arg(tokens.bad.name()));
    update();
}

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/appearance_section.h"

#include "pages/settings/choice_box.h"
#include "theme/theme_choice.h"

#include <QGridLayout>
#include <QLabel>

namespace tokenscope::ui {

namespace {

constexpr int labelWidth = 176;
constexpr int boxWidth = 200;

/// In the order of the box's entries.
constexpr ThemeMode modes[] = {ThemeMode::system, ThemeMode::light, ThemeMode::dark};

} // namespace

AppearanceSection::AppearanceSection(Theme& theme, QSettings& settings, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_settings(settings), m_mode(new ChoiceBox),
      m_note(new QLabel(tr("Applies at once, to this window only; it is no part of config.yaml.")))
{
    const auto& tokens = theme.tokens();
    auto* label = new QLabel(tr("Theme"));
    label->setFixedWidth(labelWidth);
    label->setBuddy(m_mode);
    m_mode->setObjectName(QStringLiteral("settings.theme"));
    m_mode->setAccessibleName(tr("Theme"));
    m_mode->addItems({tr("As the system"), tr("Light"), tr("Dark")});
    m_mode->setFixedWidth(boxWidth);
    m_note->setProperty("role", QStringLiteral("secondary"));
    m_note->setWordWrap(true);
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(tokens.space3, tokens.space3, 0, tokens.space3);
    grid->setHorizontalSpacing(tokens.space3);
    grid->setVerticalSpacing(2);
    grid->addWidget(label, 0, 0);
    grid->addWidget(m_mode, 0, 1, Qt::AlignLeft);
    grid->addWidget(m_note, 1, 1);
    grid->setColumnStretch(1, 1);
    connect(m_mode, &QComboBox::activated, this, [this](int index) { chooseMode(m_theme, m_settings, modes[index]); });
    connect(&theme, &Theme::changed, this, &AppearanceSection::dress);
    dress();
}

void AppearanceSection::dress()
{
    m_note->setFont(m_theme.tokens().small);
    for (int i = 0; i < m_mode->count(); ++i) {
        if (modes[i] == m_theme.mode())
            m_mode->setCurrentIndex(i);
    }
}

} // namespace tokenscope::ui

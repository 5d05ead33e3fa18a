// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/requests/empty_note.h"

#include "theme/theme.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr int widestMessage = 460;

} // namespace

EmptyNote::EmptyNote(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_message(new QLabel), m_remedy(new QPushButton)
{
    m_message->setObjectName(QStringLiteral("requests.empty"));
    m_message->setProperty("role", QStringLiteral("secondary"));
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setWordWrap(true);
    m_message->setTextFormat(Qt::PlainText);
    m_message->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_message->setFixedWidth(widestMessage);
    m_remedy->setObjectName(QStringLiteral("requests.remedy"));
    auto* column = new QVBoxLayout(this);
    column->setSpacing(theme.tokens().space3);
    column->addStretch(1);
    column->addWidget(m_message, 0, Qt::AlignHCenter);
    column->addWidget(m_remedy, 0, Qt::AlignHCenter);
    column->addStretch(1);
    connect(m_remedy, &QPushButton::clicked, this, &EmptyNote::remedyWanted);
    connect(&theme, &Theme::changed, this, &EmptyNote::dress);
    dress();
}

void EmptyNote::tell(const QString& message, const QString& remedy)
{
    m_message->setText(message);
    fit();
    m_remedy->setText(remedy);
    m_remedy->setVisible(!remedy.isEmpty());
}

/// A layout asks a label in its middle for its height without telling the width.
void EmptyNote::fit()
{
    m_message->setMinimumHeight(std::max(0, m_message->heightForWidth(widestMessage))); // -1 without a text
}

QWidget* EmptyNote::control() const
{
    return m_remedy->isHidden() ? nullptr : m_remedy;
}

void EmptyNote::dress()
{
    m_message->setFont(m_theme.tokens().body);
    fit();
}

} // namespace tokenscope::ui

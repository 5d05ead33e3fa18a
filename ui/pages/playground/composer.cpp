// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/playground/composer.h"

#include "pages/common/icon.h"
#include "pages/playground/prompt_edit.h"
#include "theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace tokenscope::ui {

Composer::Composer(const Theme& theme, QWidget* parent)
    : QFrame(parent), m_theme(theme), m_prompt(new PromptEdit(2, 10)), m_send(new QPushButton), m_hint(new QLabel)
{
    setObjectName(QStringLiteral("playground.composer"));
    m_prompt->setObjectName(QStringLiteral("playground.prompt"));
    m_prompt->setAccessibleName(tr("Prompt"));
    m_prompt->setPlaceholderText(tr("Write a prompt"));
    m_prompt->setFrameShape(QFrame::NoFrame);
    m_send->setObjectName(QStringLiteral("playground.send"));
    m_send->setProperty("primary", true);
    m_hint->setObjectName(QStringLiteral("playground.sendHint"));
    m_hint->setTextFormat(Qt::PlainText);
    m_hint->setIndent(theme.tokens().space1); // in line with the text above
    m_hint->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);

    const auto& tokens = theme.tokens();
    auto* row = new QHBoxLayout;
    row->setSpacing(tokens.space3);
    row->addWidget(m_hint, 1);
    row->addWidget(m_send);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(tokens.space3, tokens.space2, tokens.space2, tokens.space2);
    column->setSpacing(tokens.space1);
    column->addWidget(m_prompt);
    column->addLayout(row);

    connect(m_prompt, &QPlainTextEdit::textChanged, this, [this] {
        refresh();
        Q_EMIT edited();
    });
    connect(m_prompt, &PromptEdit::submitted, this, [this] {
        if (!m_busy && m_send->isEnabled())
            Q_EMIT sendRequested();
    });
    connect(m_send, &QPushButton::clicked, this, [this] {
        if (m_busy)
            Q_EMIT stopRequested();
        else
            Q_EMIT sendRequested();
    });
    connect(&theme, &Theme::changed, this, &Composer::dress);
    setFocusProxy(m_prompt);
    dress();
    refresh();
}

QString Composer::text() const
{
    return m_prompt->toPlainText();
}

void Composer::setText(const QString& text)
{
    m_prompt->setPlainText(text);
}

void Composer::setBusy(bool busy)
{
    m_busy = busy;
    refresh();
}

void Composer::setObstacle(const QString& obstacle)
{
    m_obstacle = obstacle;
    refresh();
}

void Composer::focus()
{
    m_prompt->setFocus();
}

void Composer::refresh()
{
    const auto& tokens = m_theme.tokens();
    m_send->setText(m_busy ? tr("Stop") : tr("Send"));
    m_send->setAccessibleName(m_send->text());
    m_send->setToolTip(m_busy ? tr("Stop the reply (Esc)") : tr("Send (Ctrl+Enter)"));
    m_send->setEnabled(m_busy || (m_obstacle.isEmpty() && !text().trimmed().isEmpty()));
    m_send->setIcon(tintedIcon(m_busy ? QStringLiteral("stop") : QStringLiteral("send"),
                               m_send->isEnabled() ? tokens.onAccent : tokens.secondary));
    m_hint->setText(!m_obstacle.isEmpty() ? m_obstacle : m_busy ? tr("Esc stops the reply") : tr("Ctrl+Enter sends"));
    m_hint->setToolTip(m_obstacle);
}

void Composer::dress()
{
    const auto& tokens = m_theme.tokens();
    m_prompt->setFont(tokens.body);
    m_hint->setFont(tokens.small);
    m_send->setFont(tokens.body);
    m_send->setIconSize({16, 16});
    m_send->setFixedHeight(tokens.controlHeight);
    setStyleSheet(
        QStringLiteral(
            "tokenscope--ui--Composer { background: %1; border: 1px solid %2; border-radius: %3px; }"
            "QPlainTextEdit { background: transparent; border: none; padding: 0; }"
            "QLabel { color: %5; background: transparent; }"
            "QPushButton { background: %6; color: %7; border: 1px solid %6; border-radius: %3px; padding: 0 12px; }"
            "QPushButton:disabled { background: transparent; color: %8; border-color: %2; }"
            "QPushButton:focus { border-color: %4; }")
            .arg(tokens.raised.name(), tokens.hairline.name())
            .arg(tokens.radius)
            .arg(tokens.text.name(), tokens.secondary.name(), tokens.accent.name(), tokens.onAccent.name(),
                 tokens.disabled.name()));
    refresh();
}

} // namespace tokenscope::ui

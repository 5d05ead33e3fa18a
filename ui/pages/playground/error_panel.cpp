// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/playground/error_panel.h"

#include "theme/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace tokenscope::ui {

ErrorPanel::ErrorPanel(const Theme& theme, QWidget* parent)
    : QFrame(parent), m_theme(theme), m_message(new QLabel), m_detail(new QLabel),
      m_disclosure(new QPushButton(tr("Details"))), m_copy(new QPushButton(tr("Copy"))),
      m_retry(new QPushButton(tr("Try again")))
{
    const auto& tokens = theme.tokens();
    setObjectName(QStringLiteral("playground.error"));
    m_message->setObjectName(QStringLiteral("playground.error.message"));
    m_detail->setObjectName(QStringLiteral("playground.error.detail"));
    m_disclosure->setObjectName(QStringLiteral("playground.error.details"));
    m_copy->setObjectName(QStringLiteral("playground.error.copy"));
    m_retry->setObjectName(QStringLiteral("playground.error.retry"));
    for (auto* label : {m_message, m_detail}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    }
    m_detail->hide();
    m_disclosure->setCheckable(true);
    connect(m_disclosure, &QPushButton::toggled, m_detail, &QLabel::setVisible);
    m_copy->setToolTip(tr("Copy the message and its details"));
    connect(m_copy, &QPushButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(m_message->text() + QLatin1Char('\n') + m_detail->text());
    });
    connect(m_retry, &QPushButton::clicked, this, &ErrorPanel::retryRequested);

    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(tokens.space2);
    buttons->addWidget(m_retry);
    buttons->addWidget(m_disclosure);
    buttons->addWidget(m_copy);
    buttons->addStretch();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(tokens.space3, tokens.space2, tokens.space3, tokens.space3);
    column->setSpacing(tokens.space2);
    column->addWidget(m_message);
    column->addWidget(m_detail);
    column->addLayout(buttons);
    connect(&theme, &Theme::changed, this, &ErrorPanel::dress);
    dress();
}

void ErrorPanel::setError(const QString& message, const QString& detail)
{
    m_message->setText(message);
    m_detail->setText(detail);
    m_disclosure->setVisible(!detail.isEmpty());
    setVisible(true);
}

void ErrorPanel::setRetryPossible(bool possible)
{
    m_retry->setVisible(possible);
}

void ErrorPanel::dress()
{
    const auto& tokens = m_theme.tokens();
    m_message->setFont(tokens.body);
    m_detail->setFont(tokens.mono);
    setStyleSheet(
        QStringLiteral(
            "tokenscope--ui--ErrorPanel { border: 1px solid %1; border-left: 3px solid %2; border-radius: %3px; }"
            "QLabel { background: transparent; }")
            .arg(tokens.hairline.name(), tokens.bad.name())
            .arg(tokens.radius));
}

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/common/outcome_box.h"

#include "theme/theme.h"
#include "widgets/breaking_label.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace tokenscope::ui {

namespace {

constexpr int detailHeight = 88;

} // namespace

OutcomeBox::OutcomeBox(const Theme& theme, const QString& name, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_message(new BreakingLabel), m_disclosure(new QPushButton(tr("Details"))),
      m_copy(new QPushButton(tr("Copy"))), m_detail(new QPlainTextEdit)
{
    const auto& tokens = theme.tokens();
    setObjectName(name);
    setAttribute(Qt::WA_StyledBackground);
    m_message->setObjectName(name + QStringLiteral(".message"));
    m_disclosure->setObjectName(name + QStringLiteral(".details"));
    m_copy->setObjectName(name + QStringLiteral(".copy"));
    m_detail->setObjectName(name + QStringLiteral(".detail"));
    m_message->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_detail->setReadOnly(true);
    m_detail->setAccessibleName(tr("Details"));
    m_detail->setFixedHeight(detailHeight);
    m_detail->setTabChangesFocus(true);
    m_disclosure->setCheckable(true);
    m_copy->setToolTip(tr("Copy the message and its details"));
    for (auto* button : {m_disclosure, m_copy}) {
        button->setProperty("flat", true);
        button->setAutoDefault(false);
    }
    connect(m_disclosure, &QPushButton::toggled, m_detail, &QWidget::setVisible);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        const auto detail = m_detail->toPlainText();
        QGuiApplication::clipboard()->setText(detail.isEmpty() ? message() : message() + QLatin1Char('\n') + detail);
    });
    auto* row = new QHBoxLayout;
    row->setSpacing(tokens.space1);
    row->addWidget(m_message, 1);
    row->addWidget(m_disclosure, 0, Qt::AlignTop);
    row->addWidget(m_copy, 0, Qt::AlignTop);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(tokens.space3, tokens.space1, 0, tokens.space1);
    column->setSpacing(tokens.space2);
    column->addLayout(row);
    column->addWidget(m_detail);
    connect(&theme, &Theme::changed, this, &OutcomeBox::dress);
    clear();
}

void OutcomeBox::show(Outcome outcome, const QString& message, const QString& detail)
{
    m_outcome = outcome;
    m_message->setWords(message);
    m_detail->setPlainText(detail);
    m_disclosure->setVisible(!detail.isEmpty());
    m_detail->setVisible(!detail.isEmpty() && m_disclosure->isChecked());
    m_copy->setVisible(outcome == Outcome::bad);
    setAccessibleName(message);
    dress();
    QWidget::show();
}

void OutcomeBox::clear()
{
    m_message->setWords({});
    m_detail->clear();
    hide();
}

QString OutcomeBox::message() const
{
    return m_message->words();
}

void OutcomeBox::dress()
{
    const auto& tokens = m_theme.tokens();
    m_message->setFont(tokens.body);
    m_message->setMinimumHeight(tokens.controlHeight);
    m_detail->setFont(tokens.mono);
    const auto color = m_outcome == Outcome::good ? tokens.good : tokens.bad;
    setStyleSheet(
        QStringLiteral("tokenscope--ui--OutcomeBox { border: none; border-left: 3px solid %1; }").arg(color.name()));
}

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/playground/turn_widget.h"

#include "pages/common/icon.h"
#include "pages/playground/error_panel.h"
#include "pages/playground/markdown_view.h"
#include "pages/playground/reply_stats.h"
#include "theme/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace tokenscope::ui {

namespace {

constexpr int reasoningEveryMs = 200; ///< a label lays out all of its words each time

} // namespace

TurnWidget::TurnWidget(const Theme& theme, ChatRequest request, bool simulated, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_request(std::move(request)), m_you(new QLabel(tr("You"))),
      m_prompt(new QLabel), m_model(new QLabel), m_thinking(new QPushButton(tr("Reasoning"))), m_reasoning(new QLabel),
      m_waiting(new QLabel(tr("Waiting for the first token …"))), m_reply(new MarkdownView(theme)),
      m_error(new ErrorPanel(theme)), m_stats(new ReplyStats(theme)), m_actions(makeActions())
{
    m_prompt->setText(prompt());
    m_model->setText(simulated ? tr("%1 (simulated)").arg(m_request.model) : m_request.model);
    for (auto* label : {m_prompt, m_reasoning, m_model}) {
        label->setTextFormat(Qt::PlainText);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    m_prompt->setWordWrap(true);
    m_reasoning->setWordWrap(true);
    m_reply->setAccessibleName(tr("Reply"));
    m_thinking->setCheckable(true);
    m_thinking->setToolTip(tr("Show what the model thought before it answered"));
    connect(m_thinking, &QPushButton::toggled, this, &TurnWidget::showReasoning);
    m_reasoningTimer.setSingleShot(true);
    m_reasoningTimer.setInterval(reasoningEveryMs);
    connect(&m_reasoningTimer, &QTimer::timeout, this, &TurnWidget::showReasoning);
    connect(m_error, &ErrorPanel::retryRequested, this, &TurnWidget::retryRequested);
    for (auto* widget : std::initializer_list<QWidget*>{m_thinking, m_reasoning, m_reply, m_error, m_stats, m_actions})
        widget->hide();

    const auto& tokens = theme.tokens();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, tokens.space3, 0, tokens.space3);
    column->setSpacing(tokens.space1);
    column->addWidget(m_you);
    column->addWidget(m_prompt);
    column->addSpacing(tokens.space4);
    column->addWidget(m_model);
    column->addWidget(m_thinking, 0, Qt::AlignLeft);
    column->addWidget(m_reasoning);
    column->addWidget(m_waiting);
    column->addWidget(m_reply);
    column->addWidget(m_error);
    column->addWidget(m_stats);
    column->addWidget(m_actions);
    connect(&theme, &Theme::changed, this, &TurnWidget::dress);
    dress();
}

QWidget* TurnWidget::makeActions()
{
    auto* actions = new QWidget;
    auto* row = new QHBoxLayout(actions);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(m_theme.tokens().space1);
    m_copy = new QPushButton(tr("Copy reply"));
    m_copy->setToolTip(tr("Copy the reply as Markdown"));
    m_curl = new QPushButton(tr("Copy as curl"));
    m_curl->setToolTip(tr("Copy this request as a command for a terminal"));
    for (auto* button : {m_copy, m_curl}) {
        button->setFlat(true);
        row->addWidget(button);
    }
    row->addStretch();
    connect(m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(reply()); });
    connect(m_curl, &QPushButton::clicked, this, &TurnWidget::curlRequested);
    return actions;
}

QString TurnWidget::reply() const
{
    return m_reply->source();
}

void TurnWidget::setNewest(bool newest)
{
    const auto named = [newest](QWidget* widget, const QString& name) {
        widget->setObjectName(newest ? name : QString());
    };
    named(m_reply, QStringLiteral("playground.reply"));
    named(m_copy, QStringLiteral("playground.copyReply"));
    named(m_curl, QStringLiteral("playground.copyCurl"));
    named(m_reasoning, QStringLiteral("playground.reasoning"));
    m_stats->setNamed(newest);
    m_error->setRetryPossible(newest);
}

void TurnWidget::appendContent(const QString& delta)
{
    m_waiting->hide();
    m_reply->show();
    m_reply->appendText(delta);
}

void TurnWidget::appendReasoning(const QString& delta)
{
    m_waiting->hide();
    m_thinking->show();
    m_reasoningText += delta;
    if (m_thinking->isChecked() && !m_reasoningTimer.isActive())
        m_reasoningTimer.start();
}

void TurnWidget::showReasoning()
{
    const bool shown = m_thinking->isChecked();
    m_reasoning->setText(shown ? m_reasoningText : QString());
    m_reasoning->setVisible(shown);
}

void TurnWidget::finish(const ChatStats& stats)
{
    m_reply->flush();
    if (reply().isEmpty())
        m_waiting->setText(stats.finishReason == QLatin1StringView("stopped") ? tr("Stopped before the first word.")
                                                                              : tr("The model answered with nothing."));
    m_waiting->setVisible(reply().isEmpty());
    m_stats->setStats(stats, m_request.model);
    m_actions->show();
    m_copy->setEnabled(!reply().isEmpty());
}

void TurnWidget::fail(const QString& message, const QString& detail)
{
    m_reply->flush();
    m_waiting->hide();
    m_error->setError(message, detail);
    m_actions->setVisible(!reply().isEmpty());
}

void TurnWidget::showRecorded(const QString& reply)
{
    appendContent(reply);
    m_reply->flush();
    m_actions->show();
}

void TurnWidget::dress()
{
    const auto& tokens = m_theme.tokens();
    auto strong = tokens.small;
    strong.setWeight(QFont::DemiBold);
    for (auto* label : {m_you, m_model})
        label->setFont(strong);
    for (auto* label : {m_prompt, m_waiting})
        label->setFont(tokens.body);
    m_reasoning->setFont(tokens.small);
    for (auto* button : {m_copy, m_curl, m_thinking}) {
        button->setStyleSheet(
            QStringLiteral("QPushButton { padding: 0 12px 0 0; color: %1; background: transparent; border: none; }"
                           "QPushButton:hover, QPushButton:focus { color: %2; }")
                .arg(tokens.secondary.name(), tokens.text.name()));
        button->setFont(tokens.small);
        button->setIconSize({16, 16});
    }
    m_copy->setIcon(tintedIcon(QStringLiteral("copy"), tokens.secondary));
    m_curl->setIcon(tintedIcon(QStringLiteral("terminal"), tokens.secondary));
    const auto tint = [](QWidget* widget, const QColor& color) {
        widget->setStyleSheet(QStringLiteral("color: %1; background: transparent;").arg(color.name()));
    };
    tint(m_you, tokens.secondary);
    tint(m_model, tokens.accent);
    tint(m_reasoning, tokens.secondary);
    tint(m_waiting, tokens.secondary);
}

} // namespace tokenscope::ui

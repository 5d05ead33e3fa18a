// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/chat_types.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QPushButton;

namespace tokenscope::ui {

class ErrorPanel;
class MarkdownView;
class ReplyStats;
class Theme;

/// One exchange: what the user asked and what the model answered, with its numbers or its error.
class TurnWidget : public QWidget {
    Q_OBJECT

public:
    TurnWidget(const Theme& theme, ChatRequest request, bool simulated, QWidget* parent = nullptr);

    void appendContent(const QString& delta);
    void appendReasoning(const QString& delta);
    void finish(const ChatStats& stats);
    void fail(const QString& message, const QString& detail);
    /// For an exchange of the past, of which there is no more than its words.
    void showRecorded(const QString& reply);

    const ChatRequest& request() const { return m_request; }
    QString prompt() const { return m_request.messages.back().text; }
    QString reply() const;
    /// Only the newest exchange's parts carry the object names "playground.reply" and "playground.stats.*".
    void setNewest(bool newest);

Q_SIGNALS:
    void retryRequested();
    void curlRequested();

private:
    void dress();
    QWidget* makeActions();
    void showReasoning();

    const Theme& m_theme;
    const ChatRequest m_request;
    QLabel* m_you;
    QLabel* m_prompt;
    QLabel* m_model;
    QPushButton* m_thinking;
    QLabel* m_reasoning; ///< empty while it is not shown
    QString m_reasoningText;
    QTimer m_reasoningTimer;
    QLabel* m_waiting;
    MarkdownView* m_reply;
    ErrorPanel* m_error;
    ReplyStats* m_stats;
    QPushButton* m_copy = nullptr;
    QPushButton* m_curl = nullptr;
    QWidget* m_actions;
};

} // namespace tokenscope::ui

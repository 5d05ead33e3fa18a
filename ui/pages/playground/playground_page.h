// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/chat_client.h"
#include "bridge/wanted.h"
#include "pages/common/page.h"

#include <QTimer>

namespace tokenscope::ui {

struct ConsoleContext;
struct ReplayRequest;
class Composer;
class ConversationView;
class ModelList;
class NoticeBar;
class ParameterPanel;
class TurnWidget;

/// A conversation with any model of the gateway, measured. What is typed survives a crash: drafts are saved as they grow.
class PlaygroundPage : public Page {
    Q_OBJECT

public:
    PlaygroundPage(const ConsoleContext& context, ModelList& models, QWidget* parent = nullptr);
    ~PlaygroundPage() override;

    /// Puts a captured request into the place of what is here: its earlier exchanges, its prompt and its settings. Asks first
    /// where something would be lost; says what it could not take over.
    void replay(const ReplayWanted& wanted);

    std::vector<PageCommand> commands() override;
    void prepareForScreenshot() override;
    bool readyForScreenshot() const override;

private:
    void connectClient();
    bool canSend() const;
    void send();
    void retry();
    void submit(const ChatRequest& request);
    void connectTurn(TurnWidget* turn);
    void newChat();
    void tellSetAside(const QString& notice); ///< with the way back
    void clearPrompt();
    bool hasDraft() const;
    void takeOver(const ReplayRequest& request);
    void showModels();
    void showState();
    ChatRequest requestFor(const QString& prompt) const;
    void loadDraft();
    void saveDraft();

    const ConsoleContext& m_context;
    ModelList& m_models;
    ChatClient m_client;
    NoticeBar* m_notice;
    ConversationView* m_conversation;
    Composer* m_composer;
    ParameterPanel* m_parameters;
    QTimer m_draftTimer;
    bool m_screenshotWanted = false;
};

} // namespace tokenscope::ui

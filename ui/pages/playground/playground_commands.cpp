// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What PlaygroundPage offers in the command palette.
#include "bridge/console_context.h"
#include "pages/playground/composer.h"
#include "pages/playground/conversation_view.h"
#include "pages/playground/parameter_panel.h"
#include "pages/playground/playground_page.h"
#include "pages/playground/turn_widget.h"

#include <QClipboard>
#include <QGuiApplication>

namespace tokenscope::ui {

std::vector<PageCommand> PlaygroundPage::commands()
{
    std::vector<PageCommand> all;
    const auto add = [&all](const QString& id, const QString& title, const QString& keys, std::function<void()> run) {
        all.push_back({id, title, keys, std::move(run)});
    };
    const auto& turns = m_conversation->turns();
    const bool prompt = !m_composer->text().trimmed().isEmpty();
    add(QStringLiteral("write"), prompt ? tr("Go on with the prompt") : tr("Write a prompt"), {},
        [this] { m_composer->focus(); });
    if (canSend() && m_context.gateway.running())
        add(QStringLiteral("send"), tr("Send the prompt"), tr("Ctrl+Enter"), [this] { send(); });
    if (m_client.busy())
        add(QStringLiteral("stop"), tr("Stop the reply"), tr("Esc"), [this] { m_client.stop(); });
    else if (!turns.empty() && !m_parameters->model().isEmpty())
        add(QStringLiteral("retry"), tr("Ask the last prompt again"), {}, [this] { retry(); });
    if (prompt)
        add(QStringLiteral("clear"), tr("Clear the prompt"), {}, [this] { clearPrompt(); });
    if (!turns.empty()) {
        add(QStringLiteral("new"), tr("New chat"), tr("Ctrl+N"), [this] { newChat(); });
        add(QStringLiteral("curl"), tr("Copy the last prompt as curl"), {},
            [turn = turns.back()] { Q_EMIT turn->curlRequested(); });
        if (const auto reply = turns.back()->reply(); !reply.isEmpty())
            add(QStringLiteral("copy"), tr("Copy the last reply"), {},
                [reply] { QGuiApplication::clipboard()->setText(reply); });
    }
    add(QStringLiteral("system"),
        m_parameters->systemPrompt().trimmed().isEmpty() ? tr("Write a system prompt") : tr("Change the system prompt"),
        {}, [this] { m_parameters->focusSystemPrompt(); });
    if (m_parameters->models().size() > 1)
        add(QStringLiteral("model"), tr("Choose the model of the Playground"), {},
            [this] { m_parameters->focusModel(); });
    for (const auto& model : m_parameters->models()) {
        if (model.id != m_parameters->model())
            add(QStringLiteral("model.") + model.id, tr("Talk to %1").arg(model.id), {}, [this, id = model.id] {
                m_parameters->setModel(id);
                m_composer->focus();
            });
    }
    return all;
}

} // namespace tokenscope::ui

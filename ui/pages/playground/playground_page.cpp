// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/playground/playground_page.h"

#include "bridge/console_context.h"
#include "bridge/model_list.h"
#include "pages/common/notice_bar.h"
#include "pages/playground/composer.h"
#include "pages/playground/conversation_view.h"
#include "pages/playground/parameter_panel.h"
#include "pages/playground/replay_request.h"
#include "pages/playground/turn_widget.h"
#include "theme/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QSettings>
#include <QShortcut>
#include <QVBoxLayout>

#include <chrono>

namespace tokenscope::ui {

namespace {

constexpr int parametersWidth = 264;

} // namespace

PlaygroundPage::PlaygroundPage(const ConsoleContext& context, ModelList& models, QWidget* parent)
    : Page(parent), m_context(context), m_models(models),
      m_client(context.gateway.apiUrl(), context.gateway.authorization),
      m_notice(new NoticeBar(context.theme, QStringLiteral("playground.notice"))),
      m_conversation(new ConversationView(context.theme)), m_composer(new Composer(context.theme)),
      m_parameters(new ParameterPanel(context.theme))
{
    setObjectName(QStringLiteral("page.playground"));
    const auto& tokens = context.theme.tokens();
    m_parameters->setFixedWidth(parametersWidth);
    auto* left = new QVBoxLayout;
    left->setContentsMargins(0, 0, 0, tokens.space4);
    left->setSpacing(tokens.space2);
    auto* top = new QHBoxLayout;
    top->setContentsMargins(tokens.space4, tokens.space2, tokens.space4, 0);
    top->addWidget(m_notice);
    left->addLayout(top);
    left->addWidget(m_conversation, 1);
    auto* bottom = new QHBoxLayout;
    bottom->setContentsMargins(tokens.space4, 0, tokens.space4, 0);
    m_composer->setMaximumWidth(ConversationView::readableWidth);
    bottom->addStretch(1);
    bottom->addWidget(m_composer, 1000);
    bottom->addStretch(1);
    left->addLayout(bottom);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addLayout(left, 1);
    row->addWidget(m_parameters);

    auto* escape = new QShortcut(QKeySequence(Qt::Key_Escape), this);
    escape->setContext(Qt::WidgetWithChildrenShortcut);
    connect(escape, &QShortcut::activated, &m_client, &ChatClient::stop);
    connect(m_composer, &Composer::sendRequested, this, &PlaygroundPage::send);
    connect(m_composer, &Composer::stopRequested, &m_client, &ChatClient::stop);
    connect(m_parameters, &ParameterPanel::newChatRequested, this, &PlaygroundPage::newChat);
    connect(&m_models, &ModelList::changed, this, &PlaygroundPage::showModels);
    connectClient();

    loadDraft();
    m_draftTimer.setSingleShot(true);
    m_draftTimer.setInterval(std::chrono::milliseconds(500));
    connect(&m_draftTimer, &QTimer::timeout, this, &PlaygroundPage::saveDraft);
    connect(m_composer, &Composer::edited, this, [this] { m_draftTimer.start(); });
    connect(m_parameters, &ParameterPanel::edited, this, [this] {
        showState();
        m_draftTimer.start();
    });
    showModels();
    setEntry(m_composer);
}

PlaygroundPage::~PlaygroundPage()
{
    m_client.disconnect(this);
    if (m_draftTimer.isActive())
        saveDraft();
}

void PlaygroundPage::connectClient()
{
    connect(&m_client, &ChatClient::contentReceived, this,
            [this](const QString& delta) { m_conversation->turns().back()->appendContent(delta); });
    connect(&m_client, &ChatClient::reasoningReceived, this,
            [this](const QString& delta) { m_conversation->turns().back()->appendReasoning(delta); });
    connect(&m_client, &ChatClient::finished, this, [this](const ChatStats& stats) {
        m_conversation->turns().back()->finish(stats);
        showState();
    });
    connect(&m_client, &ChatClient::failed, this, [this](const QString& message, const QString& detail) {
        m_conversation->turns().back()->fail(message, detail);
        showState();
    });
}

ChatRequest PlaygroundPage::requestFor(const QString& prompt) const
{
    ChatRequest request{.model = m_parameters->model(),
                        .messages = {},
                        .temperature = m_parameters->temperature(),
                        .maxTokens = m_parameters->maxTokens()};
    if (const auto system = m_parameters->systemPrompt().trimmed(); !system.isEmpty())
        request.messages.push_back({QStringLiteral("system"), system});
    // An exchange without an answer says nothing to the model.
    for (const auto* turn : m_conversation->turns()) {
        if (turn->reply().isEmpty())
            continue;
        request.messages.push_back({QStringLiteral("user"), turn->prompt()});
        request.messages.push_back({QStringLiteral("assistant"), turn->reply()});
    }
    request.messages.push_back({QStringLiteral("user"), prompt});
    return request;
}

bool PlaygroundPage::canSend() const
{
    return !m_client.busy() && !m_composer->text().trimmed().isEmpty() && !m_parameters->model().isEmpty()
           && m_parameters->problem().isEmpty();
}

void PlaygroundPage::send()
{
    if (!canSend())
        return;
    if (m_conversation->dropAside()) // it would come back in the place of this
        m_notice->letGo();
    const auto prompt = m_composer->text().trimmed();
    m_composer->setText({});
    submit(requestFor(prompt));
}

void PlaygroundPage::retry()
{
    if (m_client.busy() || m_conversation->turns().empty() || m_parameters->model().isEmpty())
        return;
    const auto* last = m_conversation->turns().back();
    const auto prompt = last->prompt();
    if (last->reply().isEmpty()) {
        m_conversation->removeNewest();
    } else {
        m_conversation->setAside(m_conversation->turns().size() - 1);
        tellSetAside(tr("The last prompt is asked again."));
    }
    submit(requestFor(prompt));
}

void PlaygroundPage::submit(const ChatRequest& request)
{
    auto* turn = new TurnWidget(m_context.theme, request, m_parameters->modelSimulated());
    connectTurn(turn);
    m_conversation->add(turn);
    m_client.send(request);
    showState();
}

void PlaygroundPage::connectTurn(TurnWidget* turn)
{
    connect(turn, &TurnWidget::retryRequested, this, &PlaygroundPage::retry);
    connect(turn, &TurnWidget::curlRequested, this, [this, turn] {
        QGuiApplication::clipboard()->setText(curlCommand(m_context.gateway.apiUrl(), turn->request()));
    });
}

void PlaygroundPage::newChat()
{
    m_client.stop();
    if (!m_conversation->turns().empty()) {
        m_conversation->setAside(0);
        tellSetAside(tr("A new chat is begun."));
    }
    m_composer->focus();
    showState();
}

void PlaygroundPage::tellSetAside(const QString& notice)
{
    m_notice->tell(notice, {{tr("Undo"), [this] {
                                 m_client.stop();
                                 m_conversation->bringBack();
                                 m_composer->focus();
                                 showState();
                             }}});
}

void PlaygroundPage::clearPrompt()
{
    const auto before = m_composer->text();
    m_composer->setText({});
    m_composer->focus();
    m_notice->tell(tr("The prompt is cleared."), {{tr("Undo"), [this, before] {
                                                       m_composer->setText(before);
                                                       m_composer->focus();
                                                   }}});
}

bool PlaygroundPage::hasDraft() const
{
    return !m_composer->text().trimmed().isEmpty() || !m_parameters->systemPrompt().trimmed().isEmpty()
           || !m_parameters->temperatureText().trimmed().isEmpty() || !m_parameters->maxTokensText().trimmed().isEmpty()
           || !m_conversation->turns().empty();
}

void PlaygroundPage::replay(const ReplayWanted& wanted)
{
    const auto request = readReplay(wanted);
    if (!request.problem.isEmpty())
        m_notice->tellFailure(request.problem);
    else if (!hasDraft())
        takeOver(request);
    else
        m_notice->ask(
            tr("Replace what is in the Playground (prompt, settings and conversation) with the captured request?"),
            {{tr("Replace"), [this, request] { takeOver(request); }}, {tr("Keep mine"), nullptr}});
}

void PlaygroundPage::takeOver(const ReplayRequest& request)
{
    m_client.stop();
    m_conversation->clear();
    m_parameters->setSystemPrompt(request.system);
    m_parameters->setTexts(request.temperature, request.maxTokens);
    m_parameters->setModel(request.model);
    for (const auto& past : request.turns) {
        auto asked = requestFor(past.prompt);
        asked.model = request.model;
        auto* turn = new TurnWidget(m_context.theme, std::move(asked), false);
        connectTurn(turn);
        turn->showRecorded(past.reply);
        m_conversation->add(turn);
    }
    m_composer->setText(request.prompt);
    auto notes = request.notes;
    if (m_models.everAnswered() && m_parameters->model() != request.model)
        notes.prepend(tr("The gateway does not offer “%1” now.").arg(request.model));
    if (notes.empty())
        m_notice->hide();
    else
        m_notice->tell(notes.join(QLatin1Char(' ')));
    m_draftTimer.start();
    showState();
    m_composer->focus();
}

void PlaygroundPage::showModels()
{
    QString note;
    if (!m_context.gateway.running())
        note = m_context.gateway.error;
    else if (!m_models.error().isEmpty())
        note = m_models.error();
    else if (m_models.everAnswered() && m_models.models().empty())
        note = tr("The gateway offers no models yet. Start Ollama or add a provider to the configuration; the list "
                  "renews itself.");
    else if (!m_models.everAnswered())
        note = tr("Asking the gateway for its models …");
    m_parameters->setModels(m_models.models(), note);
    showState();
    if (m_screenshotWanted)
        prepareForScreenshot();
}

void PlaygroundPage::showState()
{
    const auto model = m_parameters->model();
    QString obstacle = m_parameters->problem();
    if (!m_context.gateway.running())
        obstacle = tr("The gateway is not running");
    else if (model.isEmpty())
        obstacle = tr("No model to ask yet");
    m_composer->setObstacle(obstacle);
    m_composer->setBusy(m_client.busy());
    m_conversation->setHint(model.isEmpty()
                                ? tr("As soon as the gateway offers a model, you can talk to it here.")
                                : tr("Write a prompt below to ask %1. Every reply is measured: time to first token, "
                                     "speed, tokens and the gaps between them.")
                                      .arg(model));
}

void PlaygroundPage::loadDraft()
{
    auto& settings = m_context.settings;
    m_composer->setText(settings.value(QStringLiteral("playground/draft")).toString());
    m_parameters->setSystemPrompt(settings.value(QStringLiteral("playground/system")).toString());
    m_parameters->setModel(settings.value(QStringLiteral("playground/model")).toString());
    m_parameters->setTexts(settings.value(QStringLiteral("playground/temperature")).toString(),
                           settings.value(QStringLiteral("playground/maxTokens")).toString());
}

void PlaygroundPage::saveDraft()
{
    auto& settings = m_context.settings;
    settings.setValue(QStringLiteral("playground/draft"), m_composer->text());
    settings.setValue(QStringLiteral("playground/system"), m_parameters->systemPrompt());
    if (!m_parameters->model().isEmpty())
        settings.setValue(QStringLiteral("playground/model"), m_parameters->model());
    settings.setValue(QStringLiteral("playground/temperature"), m_parameters->temperatureText());
    settings.setValue(QStringLiteral("playground/maxTokens"), m_parameters->maxTokensText());
}

void PlaygroundPage::prepareForScreenshot()
{
    if (!m_conversation->turns().empty() || !m_context.gateway.running())
        return;
    m_screenshotWanted = m_parameters->model().isEmpty();
    if (m_screenshotWanted)
        return;
    submit(requestFor(tr("Explain in a few sentences what time to first token is and why it matters.")));
}

bool PlaygroundPage::readyForScreenshot() const
{
    return !m_screenshotWanted && !m_client.busy();
}

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/chat_client.h"

#include "bridge/chat_stream.h"

#include <QNetworkProxy>
#include <QNetworkReply>
#include <QNetworkRequest>

#include <nlohmann/json.hpp>

#include <utility>

namespace tokenscope::ui {

namespace {

constexpr qsizetype mostOtherBytes = 64 * 1024; ///< of an error's body

double seconds(const QElapsedTimer& clock)
{
    return static_cast<double>(clock.nsecsElapsed()) * 1e-9;
}

/// The sentence inside {"error": {"message": "..."}} or {"error": "..."}.
QString errorMessage(const QByteArray& body)
{
    const auto json = nlohmann::json::parse(body.begin(), body.end(), nullptr, false);
    if (!json.is_object() || !json.contains("error"))
        return {};
    const auto& error = json["error"];
    if (error.is_string())
        return QString::fromStdString(error.get<std::string>());
    if (error.is_object() && error.contains("message") && error["message"].is_string())
        return QString::fromStdString(error["message"].get<std::string>());
    return {};
}

} // namespace

ChatClient::ChatClient(QString apiUrl, Authorization authorization, QObject* parent)
    : QObject(parent), m_apiUrl(std::move(apiUrl)), m_authorization(std::move(authorization))
{
    // The gateway is on this machine: a proxy for the outside world has no business here.
    m_network.setProxy(QNetworkProxy::NoProxy);
}

ChatClient::~ChatClient()
{
    release();
}

void ChatClient::send(const ChatRequest& request)
{
    if (m_reply)
        return;
    QNetworkRequest http(QUrl(m_apiUrl + QStringLiteral("/chat/completions")));
    http.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
    http.setRawHeader("Accept", "text/event-stream");
    authorize(http, m_authorization);
    // A model may think for minutes before its first word; the user has Stop.
    http.setTransferTimeout(0);
    http.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    m_stream = std::make_unique<ChatStream>();
    m_otherBody.clear();
    const auto body = chatBody(request);
    m_clock.start();
    m_reply = m_network.post(http, body);
    connect(m_reply, &QNetworkReply::readyRead, this, [this] { read(false); });
    connect(m_reply, &QNetworkReply::finished, this, &ChatClient::end);
    Q_EMIT started();
}

void ChatClient::stop()
{
    if (!m_reply)
        return;
    auto stats = m_stream->stats(seconds(m_clock));
    stats.finishReason = QStringLiteral("stopped");
    release();
    Q_EMIT finished(stats);
}

bool ChatClient::isStream() const
{
    const auto status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    const auto type = m_reply->header(QNetworkRequest::ContentTypeHeader).toString();
    return status == 200 && type.startsWith(QLatin1StringView("text/event-stream"), Qt::CaseInsensitive);
}

void ChatClient::read(bool last)
{
    const auto at = seconds(m_clock);
    const auto bytes = m_reply->readAll();
    if (!isStream()) {
        if (m_otherBody.size() < mostOtherBytes)
            m_otherBody += bytes.left(mostOtherBytes - m_otherBody.size());
        return;
    }
    m_stream->append(std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())), at);
    if (last)
        m_stream->end(at);
    const auto reasoning = m_stream->takeReasoning();
    const auto content = m_stream->takeContent();
    const auto done = m_stream->done();
    const auto error = m_stream->error();
    // A receiver may call stop() and even send(), so the reply is asked for again after each signal.
    auto* const reply = m_reply;
    if (!reasoning.isEmpty())
        Q_EMIT reasoningReceived(reasoning);
    if (m_reply == reply && !content.isEmpty())
        Q_EMIT contentReceived(content);
    if (m_reply != reply)
        return;
    if (error)
        endWithFailure(tr("The model's reply broke off with an error. Send it again, or try another model."), *error);
    else if (done)
        endWithStats();
}

void ChatClient::end()
{
    auto* const reply = m_reply;
    read(true);
    if (m_reply != reply)
        return;
    const auto status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status == 0) {
        endWithFailure(tr("The gateway at %1 does not answer. Check that it is running and try again.").arg(m_apiUrl),
                       m_reply->errorString());
    } else if (status != 200) {
        endWithFailure(httpFailure(status, m_otherBody),
                       QStringLiteral("HTTP %1\n%2").arg(status).arg(QString::fromUtf8(m_otherBody)));
    } else if (!isStream()) {
        const auto type = m_reply->header(QNetworkRequest::ContentTypeHeader).toString();
        endWithFailure(
            tr("The gateway answered without a stream of events. Is %1 really a Tokenscope gateway?").arg(m_apiUrl),
            QStringLiteral("Content-Type: %1\n%2").arg(type, QString::fromUtf8(m_otherBody)));
    } else {
        const auto why = m_reply->error() == QNetworkReply::NoError ? tr("The stream ended without its end marker.")
                                                                    : m_reply->errorString();
        endWithFailure(m_stream->anyText()
                           ? tr("The connection was lost before the reply was complete. What had arrived is kept; send "
                                "it again for the rest.")
                           : tr("The connection was lost before the model said anything. Send it again."),
                       why);
    }
}

QString ChatClient::httpFailure(int status, const QByteArray& body) const
{
    const auto said = errorMessage(body);
    if (!said.isEmpty())
        return said;
    switch (status) {
    case 401:
    case 403: return tr("The gateway refused the request for want of a valid key.");
    case 404: return tr("The gateway does not know this model or address. Choose another model.");
    case 429:
    case 503: return tr("The gateway is busy. Wait a moment and send it again.");
    default: return tr("The gateway answered with HTTP %1. Send it again, or try another model.").arg(status);
    }
}

void ChatClient::endWithStats()
{
    const auto stats = m_stream->stats(seconds(m_clock));
    release();
    Q_EMIT finished(stats);
}

void ChatClient::endWithFailure(const QString& message, const QString& detail)
{
    release();
    Q_EMIT failed(message, detail);
}

void ChatClient::release()
{
    auto* const reply = std::exchange(m_reply, nullptr);
    if (!reply)
        return;
    reply->disconnect(this);
    reply->abort();
    reply->deleteLater();
}

} // namespace tokenscope::ui

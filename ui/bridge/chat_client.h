// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/authorization.h"
#include "bridge/chat_types.h"

#include <QElapsedTimer>
#include <QNetworkAccessManager>
#include <QObject>

#include <memory>

class QNetworkReply;

namespace tokenscope::ui {

class ChatStream;

/// Sends one chat request at a time to the gateway, over HTTP as any client would, and reads the streamed reply. Every
/// send() ends in exactly one finished() or failed().
class ChatClient : public QObject {
    Q_OBJECT

public:
    /// `apiUrl` ends in "/v1".
    explicit ChatClient(QString apiUrl, Authorization authorization = {}, QObject* parent = nullptr);
    ~ChatClient() override;

    /// Ignored while a reply is on its way.
    void send(const ChatRequest& request);
    /// Ends the reply where it is: finished() with the reason "stopped". The gateway sees the connection close.
    void stop();
    bool busy() const { return m_reply != nullptr; }

Q_SIGNALS:
    void started();
    void contentReceived(const QString& delta);
    void reasoningReceived(const QString& delta);
    void finished(const tokenscope::ui::ChatStats& stats);
    /// `message` is a sentence for a person, `detail` what the other side or the system said.
    void failed(const QString& message, const QString& detail);

private:
    void read(bool last);
    void end();
    void endWithStats();
    void endWithFailure(const QString& message, const QString& detail);
    void release();
    bool isStream() const;
    QString httpFailure(int status, const QByteArray& body) const;

    QString m_apiUrl;
    Authorization m_authorization;
    QNetworkAccessManager m_network;
    QNetworkReply* m_reply = nullptr;
    std::unique_ptr<ChatStream> m_stream;
    QElapsedTimer m_clock;
    QByteArray m_otherBody; ///< of a reply that is no stream
};

} // namespace tokenscope::ui

// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "remote/access.h"
#include "remote/body_pipe.h"
#include "remote/head_watch.h"
#include "remote/http_request.h"
#include "remote/reply_body.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QObject>
#include <QSslError>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace tokenscope::remote {

/// One question to a server and its answer, redirects and the fallback from POST to GET included. Lives on the source
/// thread; one of `on_body` and `on_failed` is called once, then nothing more except `on_ended`.
class Exchange : public QObject {
public:
    struct Events {
        /// A good answer: its body arrives in the pipe.
        std::function<void(const HttpHead&, std::shared_ptr<BodyPipe>)> on_body;
        std::function<void(Error)> on_failed;
        std::function<void()> on_ended; ///< after on_body: the network has nothing more to do
        std::function<void()> on_post_refused;
        std::function<void()> on_room; ///< of the pipe, on the reader's thread
        /// Whether the URL may be asked for: a proxy may be missing.
        std::function<std::optional<Error>(const QUrl&)> check;
        /// Whether it is the server that does not answer, rather than this one question that takes too long.
        std::function<bool()> silent;
        /// What is wrong with the certificate of an origin, by the last handshake with it: for those whom Qt does not tell.
        std::function<QList<QSslError>&(const std::string& origin)> tls_errors;
    };

    Exchange(QNetworkAccessManager& network, const Access& access, const sources::Connection& connection,
             HttpRequest request, const HttpLimits& limits, Events events);
    ~Exchange() override;

    /// `left` of the connection's time-out: a part of it may have been spent waiting for a turn.
    void start(std::chrono::milliseconds left);
    /// The pipe has room again.
    void pump();
    /// Ends it without a word, except to the reader of the body.
    void abort();
    /// The connection's time-out is over.
    void time_out();
    /// The server has answered, whatever it said.
    bool heard() const { return m_head.status != 0; }
    /// The server has taken the question, which says nothing of an answer.
    bool sent() const { return m_sent; }

private:
    enum class State { head, first_bytes, body, refusal, web_page, over };

    QUrl first_url() const;
    void send(const QUrl& url);
    void drop_reply();
    void progress();
    bool read_head();
    bool follow(const QByteArray& location);
    void begin_body();
    void look_at_first_bytes();
    void pass_body();
    void collect();
    void conclude_collected();
    void finished();
    void fail(Error error);
    Error reply_error() const;
    Error unpacking_error(std::string_view detail) const;
    void watch_idle(bool on);
    void note_sent()
    {
        m_connecting.stop();
        m_sent = true;
    }
    std::string path() const;

    QNetworkAccessManager& m_network;
    const Access m_access;
    const sources::AuthKind m_auth;
    HttpRequest m_request;
    const HttpLimits m_limits;
    const std::chrono::milliseconds m_timeout;
    bool m_late = false; ///< most of that time was over before it was sent
    Events m_events;
    QNetworkReply* m_reply = nullptr;
    QUrl m_url;
    State m_state = State::head;
    HttpHead m_head;
    ReplyBody m_body;
    QByteArray m_ahead; ///< of the body, looked at and not handed on yet
    std::shared_ptr<BodyPipe> m_pipe;
    QByteArray m_collected;
    QTimer m_total, m_connecting, m_idle;
    HeadWatch m_head_watch;
    std::optional<HeadWatch::Body> m_body_under_way;
    std::size_t m_received = 0;
    int m_redirects = 0;
    bool m_sent = false;
    bool m_finished = false;
    bool m_untrusted = false; ///< the server, by what Qt told of its certificate
};

/// "https://host:port", the port only where it is not the scheme's own.
std::string origin_text(const QUrl& url);

} // namespace tokenscope::remote
